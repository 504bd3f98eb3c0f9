"""Picking is exact: the nearest of all points within reach, by where it really is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PySide6.QtCore import QRectF

from gui.canvas.camera import Camera
from gui.canvas.lens import PIECE
from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import Scene
from gui.canvas.view_range import Area, ViewRange

WIDTH, HEIGHT = 400, 300
REACH = 12.0
ROUNDING = 0.01  # pixels that float32 may be off by
SHOWN = ViewRange(0.5, -0.25, 50.0)


def picture_of(points: np.ndarray, camera: Camera | None = None) -> Picture:
    area, frame = Area(0, 0, WIDTH, HEIGHT), QRectF(0, 0, WIDTH, HEIGHT)
    reach = max(float(np.nan_to_num(np.abs(points)).max(initial=0)) * math.sqrt(3), 1.0)
    return Picture(Scene(points), SHOWN, camera or Camera(), area, frame, 1.0, reach)


def truly(points: np.ndarray, camera: Camera) -> np.ndarray:
    """(N, 3): pixels across and down, and how far towards the viewer, in float64."""
    exact = points.astype(float)
    if points.shape[1] == 3:
        exact = (exact - camera.pivot) @ camera.basis().astype(float)
    else:
        exact = np.column_stack([exact, np.zeros(len(exact))])
    x = (exact[:, 0] - SHOWN.x) * SHOWN.scale + WIDTH / 2
    y = -(exact[:, 1] - SHOWN.y) * SHOWN.scale + HEIGHT / 2
    return np.column_stack([x, y, exact[:, 2]])


numbers = st.floats(-5, 5, width=32) | st.sampled_from([0.0, 1.0]) | st.just(math.nan)
clouds = st.sampled_from([2, 3]).flatmap(
    lambda k: arrays.arrays(np.float32, st.tuples(st.integers(0, 40), st.just(k)), elements=numbers)
)
cameras = st.builds(Camera, st.floats(-3, 3), st.floats(-1.5, 1.5))


@given(clouds, cameras, st.floats(0, WIDTH), st.floats(0, HEIGHT))
def test_the_nearest_of_all_points_is_picked(
    points: np.ndarray, camera: Camera, x: float, y: float
) -> None:
    places = truly(points, camera)
    distance = np.hypot(places[:, 0] - x, places[:, 1] - y)
    distance[np.isnan(points).any(axis=1)] = math.inf
    picked = picture_of(points, camera).nearest(x, y, REACH)
    least = float(distance.min(initial=math.inf))
    if picked is None:
        assert least > REACH - ROUNDING
        return
    assert distance[picked] <= REACH + ROUNDING
    assert distance[picked] <= least + 0.5 + ROUNDING
    # Nothing that looks the same is in front of it, nor drawn later at the same depth.
    alike = np.flatnonzero(distance <= min(least + 0.5 - ROUNDING, REACH - ROUNDING))
    depth = places[:, 2]
    assert (depth[alike] <= depth[picked] + 1e-3).all()
    same = alike[(points[alike] == points[picked]).all(axis=1)]
    assert (same <= picked).all()


@pytest.mark.parametrize("id_", [0, PIECE - 1, PIECE, 2 * PIECE + 7])
def test_every_one_of_many_points_can_be_picked(id_: int) -> None:
    points = np.full((2 * PIECE + 8, 2), 3.0, np.float32)
    points[id_] = -1.0
    picture = picture_of(points)
    x, y = picture.place(id_) or (0.0, 0.0)
    assert picture.nearest(x + 5, y - 5, REACH) == id_
    # Of the others, which are all at one place, the last.
    x, y = picture.places([1 if id_ == 0 else 0])[0].tolist()
    assert picture.nearest(x, y, REACH) == len(points) - (2 if id_ == len(points) - 1 else 1)


@given(clouds, cameras)
def test_few_places_are_the_same_as_those_of_all(points: np.ndarray, camera: Camera) -> None:
    """Few are computed at once, many in pieces."""
    picture = picture_of(points, camera)
    many = picture_of(np.concatenate([points, points[:1].repeat(600, axis=0)]), camera)
    found, among_many = picture.screen, many.screen[: len(points)]
    known = ~np.isnan(points).any(axis=1)
    assert np.allclose(found[known], among_many[known], atol=ROUNDING)
    assert np.isnan(found[~known]).any(axis=1).all()
    assert not picture.inside[~known].any()
