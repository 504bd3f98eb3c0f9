"""What part of the plane is shown, and when that changes."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from gui.canvas.range_keeper import RangeKeeper
from gui.canvas.view_range import (
    Area,
    Bounds,
    ViewRange,
    bounds_of,
    extremes,
    fitted,
    needs_fit,
)

AREA = Area(50, 20, 450, 220)  # 400 × 200, its middle at (250, 120)
UNIT = Bounds(-1, 1, -1, 1)


def test_bounds_are_those_of_the_finite_points() -> None:
    points = np.array([[1, 5], [-2, 7], [np.nan, np.nan], [0, 6]], np.float32)
    assert bounds_of(points) == Bounds(-2, 1, 5, 7)
    assert bounds_of(points[2:3]) is None
    assert bounds_of(points[:0]) is None


def test_a_fit_fills_the_area_at_one_scale() -> None:
    # 4 wide and 1 high in 400 × 200 pixels: min(400 / 4, 200 / 1) = 100 pixels a unit.
    assert fitted(Bounds(0, 4, 2, 3), AREA) == ViewRange(2, 2.5, 100)


def test_points_that_are_all_alike_still_have_a_view() -> None:
    assert fitted(Bounds(0, 0, 0, 0), AREA) == ViewRange(0, 0, 200)
    assert fitted(Bounds(-1e-6, 1e-6, 0, 0), AREA).scale == pytest.approx(2e8)  # small, not alike
    far = fitted(Bounds(1000, 1000, 0, 0), AREA)
    assert (far.x, far.y) == (1000, 0)


def test_to_screen_puts_y_upwards() -> None:
    shown = ViewRange(2, 2.5, 100)
    points = np.array([[2, 2.5], [3, 3], [np.nan, 0]], np.float32)
    screen = shown.to_screen(points, AREA)
    assert screen[:2].tolist() == [[250, 120], [350, 70]]
    assert np.isnan(screen[2, 0])


@given(st.floats(0.01, 100), st.floats(0, 500), st.floats(0, 300))
def test_zooming_keeps_what_is_under_the_cursor(factor: float, x: float, y: float) -> None:
    shown = ViewRange(2, 2.5, 100)
    zoomed = shown.zoomed(factor, x, y, AREA)
    assert zoomed.scale == pytest.approx(100 * factor)
    assert zoomed.to_plane(x, y, AREA) == pytest.approx(shown.to_plane(x, y, AREA), abs=1e-6)


def test_panning_drags_the_plane_along() -> None:
    # 100 pixels a unit: dragged by 50 to the right and 100 down.
    assert ViewRange(0, 0, 100).panned(50, 100) == ViewRange(-0.5, 1, 100)


def test_halfway_is_the_geometric_mean_of_the_scales() -> None:
    halfway = ViewRange(0, 0, 1).towards(ViewRange(2, 4, 100), 0.5)
    assert (halfway.x, halfway.y, halfway.scale) == (1, 2, pytest.approx(10))


def test_a_fit_is_needed_when_points_leave_or_the_cloud_is_small() -> None:
    shown = fitted(UNIT, AREA)  # 100 pixels a unit
    assert not needs_fit(shown, UNIT, AREA)
    assert not needs_fit(shown, Bounds(-0.5, 0.5, -0.5, 0.5), AREA)  # half is not yet small
    assert needs_fit(shown, Bounds(-0.3, 0.3, -0.3, 0.3), AREA)  # 0.3 < 0.4
    assert needs_fit(shown, Bounds(-1, 1, -1, 1.1), AREA)


def test_the_first_cloud_is_shown_whole_at_once(qtbot: QtBot) -> None:
    keeper = RangeKeeper()
    keeper.follow(None, AREA)
    keeper.follow(UNIT, AREA)
    assert keeper.range == fitted(UNIT, AREA)


def test_a_growing_cloud_is_followed_with_room_to_grow(qtbot: QtBot) -> None:
    keeper = RangeKeeper()
    keeper.follow(UNIT, AREA)
    larger = Bounds(-2, 2, -2, 2)
    keeper.follow(larger, AREA)
    assert keeper.range == fitted(UNIT, AREA)  # it moves gently, not at once
    qtbot.waitUntil(lambda: not keeper.moving)
    assert not needs_fit(keeper.range, Bounds(-2.1, 2.1, -2.1, 2.1), AREA)


def test_a_persons_range_stays_until_the_next_fit(qtbot: QtBot) -> None:
    keeper = RangeKeeper()
    keeper.follow(UNIT, AREA)
    mine = ViewRange(5, 5, 7)
    keeper.take(mine)
    keeper.follow(Bounds(-9, 9, -9, 9), AREA)
    keeper.resized(UNIT, Area(0, 0, 10, 10))
    assert keeper.range == mine
    assert not keeper.moving
    keeper.fit(UNIT, AREA)
    qtbot.waitUntil(lambda: not keeper.moving)
    assert keeper.range == fitted(UNIT, AREA)
    assert not keeper.taken


def test_another_table_is_shown_whole_whatever_was_shown(qtbot: QtBot) -> None:
    keeper = RangeKeeper()
    keeper.take(ViewRange(5, 5, 7))
    keeper.restart()
    keeper.follow(UNIT, AREA)
    assert keeper.range == fitted(UNIT, AREA)


def test_another_size_is_filled_also_between_two_tables(qtbot: QtBot) -> None:
    keeper = RangeKeeper()
    keeper.follow(UNIT, AREA)
    keeper.restart()  # news of another run comes after its first points as well as before
    small = Area(0, 0, 10, 10)
    keeper.resized(UNIT, small)
    assert keeper.range == fitted(UNIT, small)
    keeper.follow(Bounds(-9, 9, -9, 9), small)
    assert keeper.range == fitted(Bounds(-9, 9, -9, 9), small)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("count", [1, 7, 1024, 3000])
@pytest.mark.parametrize("columns", [2, 3])
def test_extremes_of_few_and_many(count: int, columns: int, order: Literal["C", "F"]) -> None:
    points = np.random.default_rng(count).standard_normal((count, columns)).astype(np.float32)
    points = np.asarray(points, order=order)
    expected = [points.min(axis=0).tolist(), points.max(axis=0).tolist()]
    assert extremes(points).tolist() == expected
    points[count // 2, 1] = np.nan
    found = extremes(points)
    assert np.isnan(found[:, 1]).all()
    assert found[:, 0].tolist() == [expected[0][0], expected[1][0]]
