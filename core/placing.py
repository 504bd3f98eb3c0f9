"""Rows as points on given axes: one pass over the table, in pieces that stay in the cache."""

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane
from core.covariance import LONGEST, Rows, chunks, usable

FEW = 512
"""Up to so many rows at a time, how the points are computed is not worth a thought."""

NEAR = 0.98
"""The largest share of the mean square that the centre may have for it to be taken off last."""


def place(
    rows: Rows,
    centre: NDArray[np.float64],
    basis: Plane,
    mean_square: float | None = None,
) -> NDArray[np.float32]:
    """The points (n, k) of (n, D) `rows` on the columns of `basis` (D, k), `centre` at the origin.

    NaN for rows that are not `usable`. Where it is known that all are, `mean_square`, the mean of
    their squared lengths, saves finding it out.
    """
    points = np.empty((len(rows), basis.shape[1]), np.float32)
    # Rows that do not count may hold anything; whatever comes of them is overwritten.
    with np.errstate(invalid="ignore", over="ignore"):
        for where, values in chunks(rows):
            square = (
                float(np.vdot(values, values)) if mean_square is None else mean_square * len(values)
            )
            if len(rows) <= FEW or len(values) * float(centre @ centre) > NEAR * square:
                # Far from the origin the digits are in the differences: these are taken first.
                axes = basis.astype(values.dtype)
                points[where] = (values - centre.astype(values.dtype)) @ axes
            else:
                _place_fast(values, centre, basis, points[where])
            if mean_square is None and not square <= LONGEST**2:
                points[where][~usable(values)] = np.nan
    return points


def _place_fast(
    values: Rows, centre: NDArray[np.float64], basis: Plane, points: NDArray[np.float32]
) -> None:
    # A product of the table and one axis runs at the speed of the memory, one with two does not.
    axes = np.ascontiguousarray(basis.T).astype(values.dtype, copy=False)
    for column, (axis, offset) in enumerate(zip(axes, centre @ basis, strict=True)):
        # A float64 would have the whole subtraction done in float64.
        points[:, column] = values @ axis - axis.dtype.type(offset)
