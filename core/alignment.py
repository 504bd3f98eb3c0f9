"""How one k-dimensional plane in D dimensions lies to another, and the shortest turn between them.

A plane is a (D, k) matrix with orthonormal columns. All here follows from one singular value
decomposition aᵀb = U cos(θ) Vᵀ (Björck & Golub 1973): θ are the principal angles, a U and b V the
vectors that enclose them, and b V Uᵀ is b turned within its own plane to lie closest to a, which
is the solution of the orthogonal Procrustes problem (Schönemann 1966).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Turn:
    """The geodesic from one plane to another, axes carried along (Edelman, Arias & Smith 1998)."""

    start: Plane
    """(D, k): the axes the turn starts from."""
    end: Plane
    """(D, k): axes of the other plane, turned within it to lie closest to `start`."""
    angles: NDArray[np.float64]
    """(k,): the principal angles in radians, 0 … π/2, ascending, to within 1e-7."""
    _from: Plane
    _sideways: Plane
    _frame: NDArray[np.float64]

    @property
    def angle(self) -> float:
        """The largest principal angle: 0 if the planes are the same."""
        return float(self.angles.max())

    def at(self, share: float) -> Plane:
        """The orthonormal axes (D, k) after `share` (0 … 1) of the way."""
        if share >= 1:
            return self.end
        turned = self._from * np.cos(share * self.angles)
        return (turned + self._sideways * np.sin(share * self.angles)) @ self._frame.T


def turn_between(start: Plane, plane: Plane) -> Turn:
    """The turn from the axes `start` (D, k) to the plane that `plane` (D, k) spans."""
    frame, cosines, other = np.linalg.svd(start.T @ plane)
    vectors, facing = start @ frame, plane @ other.T
    # The sine, not the arc cosine, tells small angles from rounding.
    across = facing - vectors * cosines
    sines = np.linalg.norm(across, axis=0)
    sideways = np.divide(across, sines, out=np.zeros_like(across), where=sines > 0)
    angles = np.arctan2(sines, cosines)
    return Turn(start, facing @ frame.T, angles, vectors, sideways, frame)


def complete(axes: Plane, towards: Plane, k: int) -> Plane:
    """(D, k): `axes` (D, r) and the k − r more that lie closest to the plane `towards`.

    `towards` needs k columns or more.
    """
    missing = k - axes.shape[1]
    rest = towards - axes @ (axes.T @ towards)
    return np.hstack([axes, np.linalg.svd(rest, full_matrices=False)[0][:, :missing]])
