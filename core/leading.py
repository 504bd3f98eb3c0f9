"""The first principal axes of one scatter after another: exact up to D = 512, iterated above.

Up to D = 512 each is exact at once: by `eigh`, or by corrections of the last axes that end at the
same ones, with a proof that none was missed. Above, `eigh` costs 0.13 s at D = 1,024 and 7 s at
4,096, and to know all axes is not worth it. Between two frames the axes hardly turn, so the last
ones are a start from which few steps are left: those of LOBPCG (Knyazev 2001), the best axes within
the span of the current ones, their residuals, and the last change.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane
from core.axes import MOST_COMPONENTS
from core.refining import Refiner

EXACT_UP_TO = 512
"""The largest D at which each axis is exact at once."""

AFRESH_UP_TO = 100
"""The largest D at which `eigh` is as quick as any correction."""

GUARDS = 6
"""How many axes more are iterated, so that those that are wanted converge faster."""

STEPS = 6
"""The most steps of one call."""

TOLERANCE = 1e-8
"""The residual ‖Sv − λv‖ to reach, as a share of the largest eigenvalue."""

MARGIN = 1e-6
"""How much larger than the last axis found one that was missed would have to be, as a share."""


@dataclass(frozen=True, eq=False)
class Leading:
    """Unit axes (D, k), largest eigenvalue first, k = min(D, 10).

    `values` (k,) are their eigenvalues, `angles` (k,) bound how far each axis may be from the true
    one, in radians, as long as none was missed (Davis & Kahan 1970: residual over gap).
    """

    axes: Plane
    values: NDArray[np.float64]
    angles: NDArray[np.float64]
    settled: bool
    """Whether the residuals are down at `TOLERANCE`."""
    complete: bool = False
    """Whether it is known that none was missed."""


class LeadingAxes:
    """Finds them; keeps the last ones as the next start."""

    def __init__(self) -> None:
        self._block: NDArray[np.float64] | None = None
        self._refiner: Refiner | None = None

    def find(self, scatter: NDArray[np.float64], steps: int = STEPS) -> Leading:
        """The leading axes of the symmetric `scatter` (D, D), after `steps` steps at the most."""
        if len(scatter) <= AFRESH_UP_TO:
            return exactly(scatter)
        if len(scatter) <= EXACT_UP_TO:
            return self._refined(scatter) or self._afresh(scatter)
        size = MOST_COMPONENTS + GUARDS
        block = self._block
        if block is None or len(block) != len(scatter):
            block = np.random.default_rng(0).normal(size=(len(scatter), size))
            steps *= 4  # nothing to start from
        found, self._block = _iterate(scatter, np.linalg.qr(block)[0], steps)
        return found

    def check(self, scatter: NDArray[np.float64], found: Leading) -> Leading:
        """`found` if it misses no axis, else the exact ones."""
        if found.complete or misses_none(scatter, found.axes, found.values):
            return found
        exact = exactly(scatter, MOST_COMPONENTS + GUARDS)
        self._block = exact.axes
        return _first(exact)

    def _refined(self, scatter: NDArray[np.float64]) -> Leading | None:
        """The axes by correcting the last ones, where that is sure to end at the same."""
        found = None if self._refiner is None else self._refiner.refine(scatter)
        if found is None or not misses_none(scatter, found.axes, found.values):
            return None
        angles = _angles(found.values, found.residuals)
        return Leading(signed(found.axes), found.values, angles, True, True)

    def _afresh(self, scatter: NDArray[np.float64]) -> Leading:
        values, axes = np.linalg.eigh(scatter)
        values, axes = values[::-1], axes[:, ::-1]
        refiner = Refiner(values, axes, MOST_COMPONENTS, MOST_COMPONENTS + GUARDS)
        self._refiner = refiner if refiner.useful else None
        k = MOST_COMPONENTS
        return Leading(signed(axes[:, :k]), values[:k], np.zeros(k), True, True)


def misses_none(
    scatter: NDArray[np.float64], axes: NDArray[np.float64], values: NDArray[np.float64]
) -> bool:
    """Whether no other axis of `scatter` (D, D) has a larger eigenvalue than the last of `axes`.

    What is left of the scatter without the axes found has no eigenvalue above theirs exactly if it
    lies under that multiple of the identity, and whether it does, a Cholesky factorisation tells
    at a tenth of the time of `eigh`.
    """
    rest = (axes * values) @ axes.T - scatter
    rest[np.diag_indices_from(rest)] += float(values[-1]) + MARGIN * float(values[0])
    try:
        np.linalg.cholesky(rest)
    except np.linalg.LinAlgError:
        return False
    return True


def exactly(scatter: NDArray[np.float64], count: int = MOST_COMPONENTS) -> Leading:
    """The `count` leading axes by `eigh`."""
    # numpy's solver runs without the interpreter lock; scipy's, faster for a few axes of many,
    # would stop the window meanwhile.
    values, axes = np.linalg.eigh(scatter)
    values, axes = values[::-1][:count], axes[:, ::-1][:, :count]
    return Leading(signed(axes), values, np.zeros(len(values)), True, True)


def signed(axes: Plane) -> Plane:
    """`axes` with the entry of largest size in each positive: its sign is a fact of the table."""
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(axes[largest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    return axes * signs


def _iterate(
    scatter: NDArray[np.float64], block: NDArray[np.float64], steps: int
) -> tuple[Leading, NDArray[np.float64]]:
    basis, last = block, np.empty((len(block), 0))
    for step in range(steps):
        image = scatter @ basis
        values, within = np.linalg.eigh(basis.T @ image)
        values, within = values[::-1][: block.shape[1]], within[:, ::-1][:, : block.shape[1]]
        found, image = basis @ within, image @ within
        residual = image - found * values
        sizes = np.linalg.norm(residual, axis=0)
        done = bool((sizes[:MOST_COMPONENTS] <= TOLERANCE * abs(values[0])).all())
        if done or step == steps - 1:
            break
        last = found - block @ (block.T @ found) if step else last
        # Householder's columns stay orthonormal whatever depends on what.
        basis, block = np.linalg.qr(np.hstack([found, residual, last]))[0], found
    angles = _angles(values, sizes)
    leading = Leading(signed(found), values, angles, done)
    return _first(leading), found


def _angles(values: NDArray[np.float64], residuals: NDArray[np.float64]) -> NDArray[np.float64]:
    gaps = np.abs(np.diff(values))
    nearest = np.minimum(np.append(np.inf, gaps), np.append(gaps, gaps[-1:]))
    sines = np.divide(residuals, nearest, out=np.ones_like(residuals), where=nearest > 0)
    angles: NDArray[np.float64] = np.arcsin(np.clip(sines, 0, 1))
    return angles


def _first(found: Leading) -> Leading:
    k = MOST_COMPONENTS
    angles, settled, complete = found.angles[:k], found.settled, found.complete
    return Leading(found.axes[:, :k], found.values[:k], angles, settled, complete)
