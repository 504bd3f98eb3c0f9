"""Axes that were on screen once are shown again, and held or followed from there."""

import numpy as np
import pytest

from core.axes import ShownAxes
from core.isolation import IsolatingProjection
from core.projection import LiveProjection, Projected
from tests.core.moving_tables import FRAME, ellipsoid, move


def kept(shown: Projected) -> ShownAxes:
    numbers = tuple(axis.number for axis in shown.axes) if shown.exact else ()
    return ShownAxes(shown.basis, shown.centre, shown.since, numbers)


def mirrored(axes: ShownAxes) -> ShownAxes:
    """The same plane, seen from behind."""
    return ShownAxes(axes.basis * [-1, 1], axes.centre, axes.since)


@pytest.mark.parametrize("kind", [LiveProjection, IsolatingProjection])
def test_the_same_plane_is_not_found_anew_with_other_signs(kind):
    rows = ellipsoid(4, 3, 2, 1)
    live = kind()
    axes = mirrored(kept(live.reset(rows, 5)))
    live.show_axes(axes)
    shown = live.advance(rows, FRAME)
    np.testing.assert_allclose(shown.basis, axes.basis, atol=1e-12)
    assert (shown.turning, shown.exact) == (1, True)
    assert live.advance(rows, FRAME) is None
    # And it follows from there: no axis flips back.
    after = live.update(rows, *move(rows, [1], rows[[1]] + 0.01), 6, FRAME)
    assert (np.diag(after.basis.T @ axes.basis) > 0.99).all()


def test_held_axes_are_held_where_they_were():
    rows = ellipsoid(1, 2, 3, 4)
    early = LiveProjection().reset(ellipsoid(4, 3, 2, 1), 2)
    live = LiveProjection()
    live.reset(rows, 9)
    live.set_policy("held")
    live.show_axes(kept(early))
    shown = live.advance(rows, FRAME)
    np.testing.assert_array_equal(shown.basis, early.basis)
    assert (shown.since, shown.policy) == (2, "held")
    assert (shown.exact, [axis.number for axis in shown.axes]) == (True, [1, 2])  # of that step
    # Along x and y, in which the table has 1 and 4 of 1 + 4 + 9 + 16.
    assert [axis.explained for axis in shown.axes] == pytest.approx([1 / 30, 4 / 30])


def test_followed_axes_of_another_plane_turn_to_their_own():
    rows = ellipsoid(1, 2, 3, 4)
    live = LiveProjection()
    own = live.reset(rows, 9)
    live.show_axes(kept(LiveProjection().reset(ellipsoid(4, 3, 2, 1), 2)))
    assert live.advance(rows, FRAME).turning == 0
    frames = iter(lambda: live.advance(rows, FRAME), None)
    *_, shown = frames
    assert shown.turning == 1
    assert np.linalg.svd(shown.basis.T @ own.basis)[1] == pytest.approx([1, 1])


def test_of_a_part_that_is_shown_alone():
    rows = np.random.default_rng(0).normal(size=(12, 5))
    ids = np.arange(0, 12, 2)
    before = IsolatingProjection()
    before.reset(rows, 0)
    before.show_only(ids)
    axes = mirrored(kept(before.advance(rows, FRAME)))
    live = IsolatingProjection()
    live.reset(rows, 0)
    live.show_only(ids)
    live.show_axes(axes)
    shown = live.advance(rows, FRAME)
    np.testing.assert_allclose(shown.basis, axes.basis, atol=1e-12)
    assert shown.only.tolist() == ids.tolist()


@pytest.mark.parametrize("alone", [False, True])
def test_axes_that_were_still_to_be_shown_go_with_their_table(alone):
    rows = np.random.default_rng(0).normal(size=(12, 4))
    ids = np.arange(6)
    live, plain = IsolatingProjection(), IsolatingProjection()
    live.reset(ellipsoid(4, 3, 2, 1), 3)
    if alone:
        live.show_only(ids)
    live.show_axes(ShownAxes(np.eye(4)[:, 2:], np.ones(4), 3))
    shown, wanted = live.reset(rows, 0), plain.reset(rows, 0)
    if alone:
        live.show_only(ids)
        plain.show_only(ids)
        shown, wanted = live.advance(rows, FRAME), plain.advance(rows, FRAME)
    np.testing.assert_array_equal(shown.basis, wanted.basis)
    np.testing.assert_array_equal(shown.centre, wanted.centre)


def test_axes_of_another_table_are_left_out():
    rows = ellipsoid(4, 3, 2, 1)
    for axes in (
        ShownAxes(np.eye(5)[:, :2], np.zeros(5), 0),
        ShownAxes(np.eye(4)[:, :3], np.zeros(4), 0),
    ):
        live = LiveProjection()
        own = live.reset(rows, 0)
        live.show_axes(axes)
        np.testing.assert_allclose(live.advance(rows, FRAME).basis, own.basis, atol=1e-12)
    plain = LiveProjection()
    plain.reset(rows[:, :2], 0)
    plain.show_axes(ShownAxes(np.eye(2)[::-1], np.ones(2), 3))
    assert plain.advance(rows[:, :2], FRAME).policy == "plain"
