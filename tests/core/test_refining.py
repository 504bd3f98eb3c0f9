"""Axes corrected from the last ones against `eigh`: the same, or none at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.leading import AFRESH_UP_TO, EXACT_UP_TO, LeadingAxes, exactly, misses_none
from core.projection import LiveProjection
from core.refining import Refiner
from tests.core.moving_tables import FRAME, move

D = 120
WANTED, KEPT = 10, 16


def scatter_of(spread: np.ndarray, seed: int) -> np.ndarray:
    """With eigenvalues `spread` in random directions."""
    frame = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(spread), len(spread))))[0]
    return (frame * spread) @ frame.T


def disturbed(scatter: np.ndarray, by: float, seed: int) -> np.ndarray:
    """Moved by a random symmetric matrix whose largest eigenvalue is near `by`."""
    noise = np.random.default_rng(seed).normal(size=scatter.shape)
    # The largest eigenvalue of (n + nᵀ) / 2 is near √(2D).
    return scatter + by * (noise + noise.T) / (2 * np.sqrt(2 * len(scatter)))


def refiner_of(scatter: np.ndarray) -> Refiner:
    values, axes = np.linalg.eigh(scatter)
    return Refiner(values[::-1], axes[:, ::-1], WANTED, KEPT)


def angles(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.linalg.norm(one - other * np.sign((one * other).sum(axis=0)), axis=0)


@given(
    decay=st.floats(0.8, 0.995),
    size=st.floats(1e-9, 1e-2),
    seed=st.integers(0, 2**16),
)
def test_what_is_found_is_what_eigh_finds(decay: float, size: float, seed: int) -> None:
    scatter = scatter_of(decay ** np.arange(D), seed)
    changed = disturbed(scatter, size, seed + 1)
    found = LeadingAxes()
    found.find(scatter)
    leading, exact = found.find(changed), exactly(changed)
    assert leading.settled
    assert leading.complete
    np.testing.assert_allclose(leading.values, exact.values, rtol=0, atol=1e-10)
    gaps = -np.diff(np.linalg.eigvalsh(changed)[::-1][: WANTED + 1])
    apart = np.minimum(gaps, np.append(np.inf, gaps[:-1]))
    assert (angles(leading.axes, exact.axes) < 1e-9 / apart).all()


def test_a_small_change_is_corrected_and_keeps_being_known() -> None:
    scatter = scatter_of(0.95 ** np.arange(D), 0)
    refiner = refiner_of(scatter)
    for step in range(1, 100):
        scatter = disturbed(scatter, 1e-4, step)
        found = refiner.refine(scatter)
        assert found is not None
    exact = exactly(scatter)
    assert found is not None
    assert (angles(found.axes, exact.axes) < 1e-7).all()
    np.testing.assert_allclose(found.axes.T @ found.axes, np.eye(WANTED), atol=1e-12)


def test_another_table_is_not_corrected_to() -> None:
    spread = 0.95 ** np.arange(D)
    refiner = refiner_of(scatter_of(spread, 0))
    assert refiner.refine(scatter_of(spread, 1)) is None
    assert refiner.refine(np.eye(D - 1)) is None


def test_an_axis_that_corrections_miss_is_found_all_the_same() -> None:
    spread = np.append(0.8 ** np.arange(D - 1), 0.0)
    scatter = np.diag(spread)
    leading = LeadingAxes()
    leading.find(scatter)
    changed = scatter.copy()
    changed[D - 1, D - 1] = 0.5  # at right angles to all that were leading: no residual shows it
    blind = refiner_of(scatter).refine(changed)
    assert blind is not None
    assert not misses_none(changed, blind.axes, blind.values)
    found = leading.find(changed)
    # 1, 0.8, 0.64, 0.512, then the new one before 0.4096.
    assert found.values[:6] == pytest.approx([1, 0.8, 0.64, 0.512, 0.5, 0.4096])


@pytest.mark.parametrize(
    "spread", [np.ones(D), np.zeros(D), np.append(np.ones(3), np.zeros(D - 3))]
)
def test_axes_that_no_residual_tells_apart_are_computed_afresh(spread: np.ndarray) -> None:
    scatter = scatter_of(spread, 0)
    assert not refiner_of(scatter).useful
    leading = LeadingAxes()
    for _ in range(2):
        found = leading.find(scatter)
        assert found.settled
        assert not found.angles.any()
        np.testing.assert_allclose(found.values, exactly(scatter).values, atol=1e-12)


def test_after_many_frames_the_plane_is_still_that_of_a_full_refit() -> None:
    generator = np.random.default_rng(0)
    rows = (generator.normal(size=(400, D)) * 0.97 ** np.arange(D)).astype(np.float32)
    live = LiveProjection()
    live.reset(rows, 0)
    for step in range(1, 100):
        ids = generator.choice(400, 5, replace=False)
        change = rows[ids] + generator.normal(0, 0.01, (5, D)).astype(np.float32)
        shown = live.update(rows, *move(rows, ids, change), step, FRAME)
    refitted = LiveProjection().reset(rows, 99)
    assert shown.spectrum == pytest.approx(refitted.spectrum, abs=1e-12)
    plane = refitted.basis @ refitted.basis.T
    np.testing.assert_allclose(shown.basis @ shown.basis.T, plane, atol=1e-8)


def test_both_ways_are_tried_by_the_sizes_here() -> None:
    assert AFRESH_UP_TO < D < EXACT_UP_TO
