"""Tables that move faster than they can be read: bounded work, no false claim, exact at rest."""

import numpy as np
import pytest

from core.leading import exactly
from core.projection import LiveProjection, Wanted
from core.upkeep import AT_ONCE, LiveComponents
from tests.core.moving_tables import FRAME, NOBODY

ROWS, D = 4000, 300  # ROWS · D² is above AT_ONCE


def large(seed=0):
    spread = 0.98 ** np.arange(D)
    return (np.random.default_rng(seed).normal(size=(ROWS, D)) * spread).astype(np.float32)


def exact_axes(rows):
    deviations = rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)
    return exactly(deviations.T @ deviations)


def settle(live, rows):
    shown = None
    for _ in range(200):
        if not live.unfinished:
            return shown
        shown = live.advance(rows, FRAME) or shown
    raise AssertionError("it never comes to an end")


def test_a_small_table_whose_every_row_moves_is_exact_in_every_frame():
    rows = large()[:50]
    assert rows.size * D < AT_ONCE
    live = LiveProjection()
    live.reset(rows, 0)
    for step in range(1, 4):
        old = rows.copy()
        rows += np.float32(0.1) * old
        shown = live.update_all(rows, Wanted(50, np.arange(50), old), step, FRAME)
        assert (shown.measured, shown.since) == (step, step)
        np.testing.assert_array_equal(shown.moved_from, shown.project(old))
        total = shown.spectrum[:2].sum()
        assert sum(axis.explained for axis in shown.axes) == pytest.approx(total)


def test_a_large_table_is_read_bit_by_bit_and_says_so_until_it_rests():
    assert ROWS * D * D > AT_ONCE
    rows, live = large(), LiveProjection()
    live.reset(rows, 0)
    rows = large(1)
    places = np.array([7, 3999])
    old = rows[places] - 1
    shown = live.update_all(rows, Wanted(ROWS, places, old), 5, 0.0)
    assert (shown.step, shown.measured, shown.since) == (5, 0, 0)
    # The points are those of step 5, on axes of step 0.
    np.testing.assert_array_equal(shown.points, shown.project(rows))
    np.testing.assert_array_equal(shown.moved_from[places], shown.project(old))
    assert np.isnan(np.delete(shown.moved_from, places, axis=0)).all()
    assert live.unfinished
    shown = settle(live, rows)
    assert (shown.measured, shown.since) == (5, 5)
    exact = exact_axes(rows)
    np.testing.assert_allclose(
        shown.spectrum[0], exact.values[0] / (ROWS * rows.var(0).sum()), rtol=1e-4
    )
    while shown.turning < 1:
        shown = live.advance(rows, 1.0)
    overlap = np.linalg.svd(exact.axes[:, :2].T @ shown.basis)[1]
    np.testing.assert_allclose(overlap, 1, atol=1e-9)


def test_while_every_row_goes_on_moving_readings_still_come_to_an_end():
    rows, components = large(), LiveComponents(large(), 0)
    readings = []
    for step in range(1, 5000):
        rows[0] += np.float32(1e-4)
        components.update_all(rows, step)
        components.pass_time(rows, step, 0.005)  # a piece takes some milliseconds
        assert not components.current
        readings.append(components.step)
        if len(set(readings)) > 3:
            break
    assert len(set(readings)) > 3
    assert readings == sorted(readings)


def test_few_changes_while_a_reading_is_under_way_leave_it_exact():
    rows, components = large(), LiveComponents(large(), 0)
    rows = large(2)
    components.update_all(rows, 1)
    generator = np.random.default_rng(3)
    step = 1
    while not components.current:
        step += 1
        ids = generator.choice(ROWS, 20, replace=False)
        old = rows[ids].copy()
        rows[ids] += generator.normal(size=old.shape).astype(np.float32)
        components.update(rows, ids, old, step, held=False)
        components.work(rows, step, 0.0)
    assert step > 3
    exact = exact_axes(rows)
    np.testing.assert_allclose(components.leading.values, exact.values, rtol=1e-9)


def test_held_axes_let_costly_work_wait_until_it_rests():
    rows, live = large(), LiveProjection(policy="held")
    live.reset(rows, 0)
    ids = np.arange(500)
    old = rows[ids].copy()
    rows[ids] *= 3
    shown = live.update(rows, ids, old, 9, 0.0)
    assert (shown.step, shown.measured) == (9, 0)
    np.testing.assert_array_equal(shown.points[ids], shown.project(rows[ids]))
    shown = settle(live, rows)
    assert (shown.measured, shown.since) == (9, 0)
    np.testing.assert_allclose(
        [axis.explained for axis in shown.axes],
        ((rows - rows.mean(0)) @ shown.basis).var(0) / rows.var(0).sum(),
        rtol=1e-4,
    )


def test_above_512_columns_the_axes_settle_while_nothing_else_waits():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(900, 600)).astype(np.float32)
    live = LiveProjection()
    shown = live.reset(rows, 0)
    assert not shown.settled
    shown = settle(live, rows)
    assert shown.settled
    overlap = np.linalg.svd(exact_axes(rows).axes[:, :2].T @ shown.basis)[1]
    np.testing.assert_allclose(overlap, 1, atol=1e-6)


def test_a_table_that_grows_during_a_reading_is_read_anew():
    rows, live = large(), LiveProjection()
    live.reset(rows, 0)
    rows = large(1)
    live.update_all(rows, Wanted(ROWS, NOBODY, rows[:0]), 1, 0.0)
    grown = np.vstack([rows, np.full((1, D), 2, np.float32)])
    new = np.full((1, D), np.nan, np.float32)
    shown = live.update(grown, np.array([ROWS]), new, 2, 0.0)
    assert len(shown.points) == ROWS + 1
    shown = settle(live, grown)
    np.testing.assert_allclose(
        shown.spectrum[0] * ((grown - grown.mean(0)) ** 2).sum(),
        exact_axes(grown).values[0],
        rtol=1e-4,
    )


def test_rows_of_another_shape_are_not_advanced_over():
    rows, live = large(), LiveProjection()
    live.reset(rows, 0)
    live.update_all(rows, Wanted(ROWS, NOBODY, rows[:0]), 1, 0.0)
    assert live.advance(rows[:-1], FRAME) is None
    assert live.advance(rows[:, :-1], FRAME) is None
    assert live.unfinished
