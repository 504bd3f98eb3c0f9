"""The points of one table on given axes, and what the axes are."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane
from core.axes import Axis
from core.covariance import Rows
from core.placing import place


def _nothing() -> NDArray[np.float64]:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class Projected:
    """The points of one table, and what their axes are; nothing in it changes later."""

    points: NDArray[np.float32]
    """(V, k); NaN in the rows that are left out."""
    moved_from: NDArray[np.float32]
    """(m, k): where the moved rows were before, on the same axes; NaN where nobody asked."""
    centre: NDArray[np.float64]
    """(D,): the point drawn at the origin."""
    basis: Plane
    """(D, k), unit columns; at right angles unless directions were chosen that are not; for D < k
    the columns past D are 0."""
    axes: tuple[Axis, ...]
    """The min(D, k) axes."""
    policy: Literal["follow", "held", "plain"]
    """"plain": coordinates as they are, neither centred nor turned."""
    since: int
    """The step whose rows gave the axes: an earlier one when held, or when all rows move."""
    exact: bool
    """Whether each axis is the principal component it is called, not one turned in its plane."""
    turning: float
    """How far the view has turned to a new plane, 0 … 1; 1 when it is not turning."""
    left_out: NDArray[np.int64]
    """The rows with NaN or Inf, or longer than 1e18: no points, and no part in the PCA."""
    step: int = 0
    """The step whose rows these are."""
    measured: int = 0
    """The step that `spectrum` and the shares of the axes are of."""
    spectrum: NDArray[np.float64] = field(default_factory=_nothing)
    """The share of the variance along each of the first components, ten at the most."""
    settled: bool = True
    """Whether the components are as exact as they get; otherwise they are still iterated."""
    only: NDArray[np.int64] | None = None
    """The rows that the axes are of, ascending; the others have no points. None: all."""
    numbers: tuple[int, ...] = ()
    """The chosen components, whose plane or space this is; empty if they were not chosen."""

    def project(self, rows: Rows) -> NDArray[np.float32]:
        """The points (n, k) of any (n, D) `rows` on these axes; NaN for those not finite."""
        return place(rows, self.centre, self.basis)
