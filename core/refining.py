"""The leading axes of a scatter that differs little from one all of whose axes are known.

Between two frames a table hardly changes. Then the axes of the last frame are off by a first-order
term, which the known axes and eigenvalues give for all columns at once, and two or three
corrections are exact to rounding where `eigh` begins from nothing: a fifth of its time at D = 300.
The corrections are those of Davidson (1975), the best axes within them Rayleigh and Ritz's.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STEPS = 6
"""The most corrections; a scatter that needs more is another one."""

TOLERANCE = 1e-10
"""The residual ‖Sv − λv‖ to reach, as a share of the largest eigenvalue."""

LEAST_GAP = 1e-4
"""The axes of eigenvalues closer than this, a share of the largest, a residual says little of."""

SLOW = 0.3
"""A correction that leaves more than this share of the residual leads nowhere."""


@dataclass(frozen=True, eq=False)
class Refined:
    """Unit axes (D, k), their eigenvalues (k,), largest first, and their residuals (k,)."""

    axes: NDArray[np.float64]
    values: NDArray[np.float64]
    residuals: NDArray[np.float64]


class Refiner:
    """Knows all `values` (D,), largest first, and `axes` (D, D) of one scatter.

    `wanted` axes are to be exact; `kept` of them, some more, are carried along.
    """

    def __init__(
        self, values: NDArray[np.float64], axes: NDArray[np.float64], wanted: int, kept: int
    ) -> None:
        self._values = values
        self._axes = np.ascontiguousarray(axes)
        self._wanted, self._kept = wanted, kept
        self._start = self._axes[:, :kept]
        gaps = -np.diff(values[: wanted + 1])
        self.useful = bool(gaps.min(initial=np.inf) > LEAST_GAP * values[0])
        """Whether the wanted axes are apart enough to be followed."""

    def refine(self, scatter: NDArray[np.float64]) -> Refined | None:
        """The wanted axes of `scatter` (D, D); None where it is too far from what is known.

        It may miss an axis that is at right angles to all that are carried along.
        """
        if scatter.shape != self._axes.shape:
            return None
        basis, before = self._start, np.inf
        for _ in range(STEPS):
            image = scatter @ basis
            values, within = np.linalg.eigh(basis.T @ image)
            values, within = values[: -self._kept - 1 : -1], within[:, : -self._kept - 1 : -1]
            found = basis @ within
            residuals = image @ within - found * values
            sizes = np.linalg.norm(residuals, axis=0)
            worst = float(sizes[: self._wanted].max())
            if worst <= TOLERANCE * values[0]:
                self._start = found
                k = self._wanted
                return Refined(found[:, :k], values[:k], sizes[:k])
            if not worst < SLOW * before:
                break
            before = worst
            corrections = self._axes @ self._corrected(self._axes.T @ residuals, values)
            basis = np.linalg.qr(np.hstack([found, corrections]))[0]
        return None

    def _corrected(
        self, residuals: NDArray[np.float64], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """What each known axis has to be added of, from the (D, k) residuals along them."""
        gaps = self._values[:, None] - values
        outside = gaps != 0
        outside[: self._kept] = False  # these span the block, within which nothing is missing
        return np.divide(residuals, gaps, out=np.zeros_like(residuals), where=outside)
