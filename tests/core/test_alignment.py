"""Turns between planes against arithmetic by hand, and what must hold for any two planes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes, subspace_angles

from core.alignment import complete, turn_between


def random_plane(generator, dimension, k):
    return np.linalg.qr(generator.normal(size=(dimension, k)))[0]


def tilted(angle):
    """The plane of x and y in three dimensions, turned about x."""
    return np.array([[1, 0], [0, np.cos(angle)], [0, np.sin(angle)]])


planes = st.tuples(st.integers(0, 2**32 - 1), st.integers(2, 3), st.integers(4, 40)).map(
    lambda drawn: (
        random_plane(generator := np.random.default_rng(drawn[0]), drawn[2], drawn[1]),
        random_plane(generator, drawn[2], drawn[1]),
    )
)


def test_a_tilt_by_hand():
    turn = turn_between(np.eye(3, 2), tilted(0.8))
    np.testing.assert_allclose(turn.angles, [0, 0.8], atol=1e-12)
    # A quarter of the way: x stays, y is turned by 0.8 / 4.
    np.testing.assert_allclose(turn.at(0.25), tilted(0.2), atol=1e-12)
    np.testing.assert_allclose(turn.at(1), tilted(0.8), atol=1e-12)


def test_flips_swaps_and_rotations_within_the_plane_are_undone():
    start = np.eye(5, 2)
    for within in ([[-1, 0], [0, 1]], [[0, 1], [1, 0]], [[0.6, -0.8], [0.8, 0.6]]):
        turn = turn_between(start, start @ np.array(within))
        assert turn.angle < 1e-12
        np.testing.assert_allclose(turn.end, start, atol=1e-12)


def test_a_small_angle_is_told_from_rounding():
    # The arc cosine could not: cos(1e-9) is 1.
    assert turn_between(np.eye(3, 2), tilted(1e-9)).angle == pytest.approx(1e-9, rel=1e-6)


def test_a_right_angle_is_turned_through():
    turn = turn_between(np.eye(3, 2), tilted(np.pi / 2))
    half = turn.at(0.5)
    np.testing.assert_allclose(half.T @ half, np.eye(2), atol=1e-12)
    assert turn_between(np.eye(3, 2), half).angle == pytest.approx(np.pi / 4)


@given(planes, st.floats(0, 1))
@settings(deadline=None)
def test_every_share_of_a_turn_is_orthonormal_and_that_far(pair, share):
    start, plane = pair
    turn = turn_between(start, plane)
    here = turn.at(share)
    np.testing.assert_allclose(here.T @ here, np.eye(here.shape[1]), atol=1e-10)
    assert turn_between(start, here).angle == pytest.approx(share * turn.angle, abs=1e-7)


@given(planes)
@settings(deadline=None)
def test_a_turn_agrees_with_scipy(pair):
    start, plane = pair
    turn = turn_between(start, plane)
    np.testing.assert_allclose(turn.at(0), start, atol=1e-12)
    np.testing.assert_allclose(turn.end, plane @ orthogonal_procrustes(plane, start)[0], atol=1e-8)
    angles = np.sort(turn.angles)[::-1]
    np.testing.assert_allclose(angles, subspace_angles(start, plane), atol=1e-7)


def test_completing_keeps_the_axes_and_adds_the_nearest():
    x, y, z = np.eye(3)
    # Next to x, the plane of x and (y + z)/√2 needs only (y + z)/√2.
    towards = np.column_stack([x, (y + z) / np.sqrt(2)])
    completed = complete(x[:, None], towards, 2)
    np.testing.assert_allclose(completed[:, 0], x)
    np.testing.assert_allclose(np.abs(completed[:, 1]), (y + z) / np.sqrt(2), atol=1e-12)


def test_completing_nothing_gives_the_plane_itself():
    plane = random_plane(np.random.default_rng(0), 6, 2)
    completed = complete(np.empty((6, 0)), plane, 2)
    assert turn_between(plane, completed).angle < 1e-12
