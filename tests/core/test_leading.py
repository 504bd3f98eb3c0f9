"""The iterated axes against `eigh`: exact when settled, honest before, and never missing one."""

import numpy as np
import pytest

from core.leading import EXACT_UP_TO, STEPS, LeadingAxes, exactly

D = EXACT_UP_TO + 88


def scatter_of(spread: np.ndarray, seed: int = 0) -> np.ndarray:
    """With eigenvalues `spread` in random directions."""
    frame = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(spread), len(spread))))[0]
    return (frame * spread) @ frame.T


def settle(iteration: LeadingAxes, scatter: np.ndarray):
    found = iteration.find(scatter)
    for _ in range(40):
        if found.settled:
            return found
        found = iteration.find(scatter)
    raise AssertionError("it does not settle")


def angles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.linalg.norm(one - other * np.sign((one * other).sum(axis=0)), axis=0)


def test_axes_are_ordered_and_their_sign_is_settled():
    # Variances 32, 2 and 8 along −x, y and z: the largest entry of each axis is positive.
    found = LeadingAxes().find(np.diag([32.0, 2.0, 8.0]))
    np.testing.assert_allclose(found.axes, [[1, 0, 0], [0, 0, 1], [0, 1, 0]], atol=1e-12)
    assert found.values.tolist() == [32, 8, 2]
    assert found.settled
    assert not found.angles.any()


@pytest.mark.parametrize("spread", [0.97 ** np.arange(D), 1 / np.arange(1, D + 1)])
def test_settled_axes_are_those_of_eigh(spread):
    scatter = scatter_of(spread)
    found, exact = settle(LeadingAxes(), scatter), exactly(scatter)
    np.testing.assert_allclose(found.values, exact.values, rtol=1e-12)
    assert (angles(found.axes, exact.axes) < 1e-6).all()
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(10), atol=1e-12)


def test_noise_settles_too_and_says_until_then_how_far_it_may_be_off():
    rows = np.random.default_rng(0).normal(size=(900, D))
    scatter = rows.T @ rows
    iteration = LeadingAxes()
    first, exact = iteration.find(scatter, 1), exactly(scatter)
    assert not first.settled
    assert first.angles.max() > 1e-3
    assert (angles(settle(iteration, scatter).axes, exact.axes) < 1e-5).all()


def test_after_a_small_change_a_few_steps_are_enough():
    spread = 0.9 ** np.arange(D)
    scatter, iteration = scatter_of(spread), LeadingAxes()
    settle(iteration, scatter)
    row = np.random.default_rng(1).normal(0, 0.01, D)
    changed = scatter + np.outer(row, row)
    found = iteration.find(changed, STEPS)
    assert (angles(found.axes, exactly(changed).axes) < 1e-6).all()
    assert (found.angles >= angles(found.axes, exactly(changed).axes) - 1e-7).all()


def test_a_component_that_was_missed_is_found_by_the_check():
    scatter = scatter_of(0.9 ** np.arange(D))
    iteration = LeadingAxes()
    found = settle(iteration, scatter)
    assert iteration.check(scatter, found) is found
    # A new component across all that is iterated: no residual points at it.
    exact = exactly(scatter, D)
    hidden = exact.axes[:, 100]
    changed = scatter + 5 * np.outer(hidden, hidden)
    blind = iteration.find(changed)
    assert blind.values[0] == pytest.approx(1)
    checked = iteration.check(changed, blind)
    assert checked is not blind
    assert checked.values[0] == pytest.approx(5 + 0.9**100)
    assert iteration.find(changed).values[0] == pytest.approx(5 + 0.9**100)


def test_nothing_varies():
    iteration = LeadingAxes()
    found = iteration.find(np.zeros((D, D)))
    assert found.settled
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(10), atol=1e-12)
    assert iteration.check(np.zeros((D, D)), found) is not None
