"""Three dimensions on the plane of the screen."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.camera import HIGHEST_TILT, Camera, nearness, sphere_of

AXES = np.eye(3, dtype=np.float32)
angles = st.floats(-10, 10)


def test_untouched_camera_looks_along_axis_3() -> None:
    camera = Camera(turn=0, tilt=0)
    assert camera.plane(AXES).tolist() == [[1, 0], [0, 1], [0, 0]]
    assert camera.depth(AXES).tolist() == [0, 0, 1]


def test_dragging_to_the_right_brings_the_near_side_to_the_right() -> None:
    # A quarter turn: axis 3, which pointed at us, now points right; axis 1 points away from us.
    camera = Camera(turn=0, tilt=0).turned(math.pi / 2, 0)
    assert camera.plane(AXES) == pytest.approx(np.array([[0, 0], [0, 1], [1, 0]]), abs=1e-6)
    assert camera.depth(AXES) == pytest.approx(np.array([-1, 0, 0]), abs=1e-6)


def test_dragging_down_shows_the_cloud_from_above() -> None:
    # Tilted by a quarter: axis 2 points at us, axis 3 down.
    camera = Camera(turn=0, tilt=0).turned(0, math.pi / 2)
    assert camera.plane(AXES) == pytest.approx(np.array([[1, 0], [0, 0], [0, -1]]), abs=1e-6)
    assert camera.depth(AXES) == pytest.approx(np.array([0, 1, 0]), abs=1e-6)


@given(angles, angles)
def test_lengths_are_truthful_however_it_is_turned(turn: float, tilt: float) -> None:
    camera = Camera().turned(turn, tilt)
    assert camera.basis().T @ camera.basis() == pytest.approx(AXES, abs=1e-6)
    assert abs(camera.tilt) <= HIGHEST_TILT


def test_the_pivot_stays_in_the_middle() -> None:
    camera = Camera(pivot=(1, 2, 3)).turned(0.7, 0.3)
    assert camera.plane(np.array([[1, 2, 3]], np.float32)).tolist() == [[0, 0]]


def test_a_sphere_around_0_for_points_that_lie_around_it() -> None:
    points = np.array([[3, 0, 0], [-2, 1, 0], [0, -1, 1], [np.nan, 0, 0]], np.float32)
    sphere = sphere_of(points)
    assert sphere is not None
    assert sphere.centre == (0, 0, 0)
    assert sphere.radius == pytest.approx(3)  # the farthest is (3, 0, 0)


def test_a_sphere_around_the_middle_for_points_far_from_0() -> None:
    points = np.array([[10, 10, 10], [14, 10, 13]], np.float32)
    sphere = sphere_of(points)
    assert sphere is not None
    assert sphere.centre == (12, 10, 11.5)
    assert sphere.radius == pytest.approx(2.5)  # √(2² + 0² + 1.5²)
    moved = sphere_of(points + np.float32(0.5), sphere.centre)
    assert moved is not None
    assert moved.centre == sphere.centre


def test_no_sphere_without_points() -> None:
    assert sphere_of(np.full((2, 3), np.nan, np.float32)) is None
    assert sphere_of(np.zeros((0, 3), np.float32)) is None


def test_nearness_goes_from_0_to_1() -> None:
    depth = np.array([-2, 2, 0, np.nan], np.float32)
    assert nearness(depth, 2.0)[:3].tolist() == [0, 1, 0.5]
    assert np.isnan(nearness(depth, 2.0)[3])
    assert nearness(np.zeros(2, np.float32), 0.0).tolist() == [0.5, 0.5]
