"""Which points lie in a drawn region, held to a plain look at each point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.region import Lasso, Rectangle

# A coarse grid, so that points often lie on corners and edges, and fractions that float32 rounds.
number = st.integers(-4, 4).map(float) | st.floats(-5, 5, width=32) | st.just(0.1)
corner = st.tuples(number, number)
clouds = st.lists(st.tuples(number | st.just(float("nan")), number), max_size=40)


def screen_of(points) -> np.ndarray:
    return np.array(points, np.float32).reshape(-1, 2)


def plainly_in_rectangle(x, y, start, end) -> bool:
    across = min(start[0], end[0]) <= x <= max(start[0], end[0])
    return across and min(start[1], end[1]) <= y <= max(start[1], end[1])


def plainly_in_lasso(x, y, corners) -> bool:
    left = [each[0] for each in corners]
    if not min(left) <= x <= max(left):
        return False
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if min(y0, y1) <= y < max(y0, y1) and x0 + (y - y0) * ((x1 - x0) / (y1 - y0)) <= x:
            odd = not odd
    return odd


@given(clouds, corner, corner)
def test_rectangle_as_point_by_point(points, start, end) -> None:
    screen = screen_of(points)
    expected = [
        id_ for id_, (x, y) in enumerate(screen.tolist()) if plainly_in_rectangle(x, y, start, end)
    ]
    assert Rectangle(start, end).inside(screen).tolist() == expected


@given(clouds, st.lists(corner, max_size=9).map(tuple))
def test_lasso_as_point_by_point(points, corners) -> None:
    screen = screen_of(points)
    expected = [
        id_
        for id_, (x, y) in enumerate(screen.tolist())
        if len(corners) > 2 and plainly_in_lasso(x, y, corners)
    ]
    assert Lasso(corners).inside(screen).tolist() == expected


def test_sides_belong_to_a_rectangle() -> None:
    screen = screen_of([(0, 0), (2, 3), (2.5, 1), (1, 1), (float("nan"), 1)])
    assert Rectangle((2, 3), (0, 0)).inside(screen).tolist() == [0, 1, 3]


def test_what_an_outline_goes_around_twice_is_outside() -> None:
    # A bow tie: two triangles that meet in (2, 2); and a square drawn twice encloses nothing.
    bow = Lasso(((0, 0), (4, 4), (4, 0), (0, 4)))
    screen = screen_of([(0.5, 2), (3.5, 2), (2, 0.5), (2, 3.5)])
    assert bow.inside(screen).tolist() == [0, 1]
    square = ((0, 0), (4, 0), (4, 4), (0, 4))
    assert Lasso(square).inside(screen).tolist() == [0, 1, 2, 3]
    assert Lasso(square * 2).inside(screen).tolist() == []


@pytest.mark.parametrize("corners", [(), ((0, 0),), ((0, 0), (4, 4)), ((1, 1), (1, 1), (1, 1))])
def test_an_outline_around_nothing_encloses_nothing(corners) -> None:
    assert Lasso(corners).inside(screen_of([(1, 1), (2, 2)])).tolist() == []


def test_neighbouring_outlines_share_no_point() -> None:
    screen = screen_of([(x, y) for x in range(9) for y in range(9)])
    left = Lasso(((0, 0), (4, 0), (4, 8), (0, 8))).inside(screen)
    right = Lasso(((4, 0), (8, 0), (8, 8), (4, 8))).inside(screen)
    assert not set(left.tolist()) & set(right.tolist())
    assert len(left) == len(right) == 4 * 8  # the sides on the right and below belong to others
