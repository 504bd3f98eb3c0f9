"""Some rows shown alone: the PCA of just these, exact and live, and the way back to all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.axes import Direction, Directions
from core.isolation import IsolatingProjection
from core.projection import LiveProjection, Wanted
from tests.core.moving_tables import FRAME, NOBODY, move, table

ONLY = np.array([3, 10, 11, 40, 59])


def isolated(rows, ids=ONLY):
    live = IsolatingProjection()
    live.reset(rows, 0)
    live.show_only(ids)
    return live, live.advance(rows, FRAME)


def assert_alone(shown, rows, ids):
    """It is what a projection of these rows alone is, up to the axes' signs."""
    alone = LiveProjection(shown.points.shape[1]).reset(rows[ids], 0)
    signs = np.sign((alone.basis * shown.basis).sum(axis=0))
    np.testing.assert_allclose(shown.points[ids] * signs, alone.points, atol=1e-5)
    others = np.setdiff1d(np.arange(len(rows)), ids)
    assert np.isnan(shown.points[others]).all()
    assert shown.only.tolist() == list(ids)
    explained = [axis.explained for axis in alone.axes]
    assert [axis.explained for axis in shown.axes] == pytest.approx(explained, nan_ok=True)


def test_two_rows_by_hand():
    # 6 apart along the second column: one axis has all the variance, and 3 on each side.
    rows = np.zeros((5, 3), np.float32)
    rows[[1, 4], 1] = 2, 8
    _, shown = isolated(rows, np.array([4, 1]))
    assert np.abs(shown.points[[1, 4], 0]).tolist() == [3, 3]
    assert shown.points[[1, 4], 1].tolist() == [0, 0]
    assert np.isnan(shown.points[[0, 2, 3]]).all()
    assert [axis.explained for axis in shown.axes] == [1, 0]
    assert shown.centre.tolist() == [0, 5, 0]


def test_before_anything_is_asked_all_are_shown():
    live, rows = IsolatingProjection(), table()
    shown = live.reset(rows, 0)
    assert shown.only is None
    live.show_only(None)
    assert live.advance(rows, FRAME) is None
    assert not live.unfinished


@given(st.integers(0, 2**32 - 1), st.integers(2, 3), st.booleans())
@settings(deadline=None, max_examples=30)
def test_it_stays_the_pca_of_just_these(seed, dimensions, dense):
    generator = np.random.default_rng(seed)
    rows = table(seed=seed)
    live = IsolatingProjection()
    live.set_dimensions(dimensions)
    live.reset(rows, 0)
    live.show_only(ONLY)
    for step in range(1, 8):
        if dense:
            old = rows.copy()
            rows += generator.normal(0, 1e-3, rows.shape).astype(np.float32)
            shown = live.update_all(rows, Wanted(60, np.arange(4), old[:4]), step, FRAME)
        else:
            ids = generator.choice(60, 25, replace=False)
            change = rows[ids] + generator.normal(0, 1e-3, (25, 8)).astype(np.float32)
            shown = live.update(rows, *move(rows, ids, change), step, FRAME)
    while live.unfinished:
        shown = live.advance(rows, 1.0) or shown
    # Following turns the axes within their plane, so that distances are what can be compared.
    expected = LiveProjection(dimensions).reset(rows[ONLY], 0).points
    np.testing.assert_allclose(distances(shown.points[ONLY]), distances(expected), atol=1e-4)
    assert shown.step == 7


def distances(points):
    return np.linalg.norm(points[:, None] - points[None], axis=2)


def test_arrows_begin_where_their_rows_were():
    rows = table()
    live, _ = isolated(rows)
    ids, old = move(rows, [11, 12, 40], rows[[11, 12, 40]] + 0.1)
    shown = live.update(rows, ids, old, 1, FRAME)
    np.testing.assert_allclose(shown.moved_from, shown.project(old), atol=1e-6)
    assert np.isnan(shown.points[12]).all()  # so that its arrow ends nowhere
    live.show_only(None)
    turned = live.advance(rows, FRAME)
    np.testing.assert_allclose(turned.moved_from, turned.project(old), atol=1e-6)


def test_held_axes_hold_the_part_and_then_all_again():
    rows = table()
    live = IsolatingProjection()
    before = live.reset(rows, 0)
    live.set_policy("held")
    live.show_only(ONLY)
    first = live.advance(rows, FRAME)
    assert_alone(first, rows, ONLY)
    assert (first.policy, first.since) == ("held", 0)
    moved = live.update(rows, *move(rows, ONLY[:2], rows[ONLY[:2]] + 0.5), 1, FRAME)
    np.testing.assert_array_equal(moved.basis, first.basis)
    live.show_only(None)
    again = live.advance(rows, FRAME)
    np.testing.assert_array_equal(again.basis, before.basis)  # as it was held before
    np.testing.assert_allclose(again.points, again.project(rows), atol=1e-6)
    assert again.only is None


def test_axes_by_meaning_may_be_of_rows_that_are_not_shown():
    rows = table()
    live, _ = isolated(rows)
    live.set_choice(Directions((Direction((0,), (1,)),)))
    shown = live.advance(rows, FRAME)
    way = (rows[1] - rows[0]).astype(np.float64)
    np.testing.assert_allclose(shown.basis[:, 0], way / np.linalg.norm(way), atol=1e-6)
    rows[1] = -rows[1]
    shown = live.update(rows, np.array([1], np.int32), -rows[[1]], 1, FRAME)
    way = (rows[1] - rows[0]).astype(np.float64)
    np.testing.assert_allclose(shown.basis[:, 0], way / np.linalg.norm(way), atol=1e-6)


def test_rows_with_nan_are_left_out_and_only_those():
    rows = table()
    rows[10] = np.nan
    rows[12] = np.inf
    _, shown = isolated(rows)
    assert shown.left_out.tolist() == [10]
    assert shown.only.tolist() == ONLY.tolist()


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("ids", [[7], [7, 8], [7, 8, 9]])
def test_rows_that_are_few_or_equal_have_points(ids, dimensions):
    rows = table()
    rows[ids] = rows[7]
    live = IsolatingProjection()
    live.set_dimensions(dimensions)
    live.reset(rows, 0)
    live.show_only(np.array(ids))
    shown = live.advance(rows, FRAME)
    assert shown.points[ids].tolist() == [[0] * dimensions] * len(ids)
    assert np.isnan([axis.explained for axis in shown.axes]).all()
    shown = live.update(rows, *move(rows, ids[:1], rows[ids[:1]]), 1, FRAME)
    assert np.isfinite(shown.points[ids]).all()


def test_nothing_but_nan_has_no_points():
    rows = table()
    rows[[1, 2]] = np.nan
    _, shown = isolated(rows, np.array([1, 2]))
    assert np.isnan(shown.points).all()
    assert shown.left_out.tolist() == [1, 2]


def test_rows_may_come_and_go_meanwhile():
    rows = table()
    live, _ = isolated(rows)
    longer = np.vstack([rows, rows[:3] + 1])
    added = np.arange(60, 63, dtype=np.int32)
    nobody = np.full((3, 8), np.nan, np.float32)
    assert_alone(live.update(longer, added, nobody, 0, FRAME), longer, ONLY)
    shorter = rows[:50]
    assert_alone(live.update(shorter, NOBODY, rows[:0], 0, FRAME), shorter, ONLY[:4])
    assert_alone(live.update(longer, added, nobody, 0, FRAME), longer, ONLY)
    assert live.advance(rows, FRAME) is None  # that table is no more
    live.show_only(None)
    assert np.isfinite(live.advance(longer, FRAME).points).all()


def test_ids_that_are_not_there_show_all():
    rows = table()
    live, shown = isolated(rows, np.array([60, 61]))
    assert shown.only is None
    assert np.isfinite(shown.points).all()
    longer = np.vstack([rows, rows[:1]])
    added, old = np.array([60], np.int32), np.full((1, 8), np.nan, np.float32)
    assert live.update(longer, added, old, 0, FRAME).only is None


def test_another_table_shows_all():
    rows = table()
    live, _ = isolated(rows)
    assert live.reset(rows[:, :4], 0).only is None
    assert live.update(rows[:, :4], NOBODY, rows[:0, :4], 1, FRAME).only is None
