"""Rows as points on given axes: one pass over the table, in pieces that stay in the cache."""

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane
from core.covariance import LONGEST, Rows, chunks, usable

FEW = 1024
"""Up to so many rows at a time, how the points are computed is not worth a thought."""

NEAR = 0.98
"""The largest share of the mean square that the centre may have for it to be taken off last."""


def place(rows: Rows, centre: NDArray[np.float64], basis: Plane) -> NDArray[np.float32]:
    """The points (n, k) of (n, D) `rows` on the columns of `basis` (D, k), `centre` at the origin.

    NaN for rows that are not `usable`.
    """
    points = np.empty((len(rows), basis.shape[1]), np.float32)
    # Rows that do not count may hold anything; whatever comes of them is overwritten.
    with np.errstate(invalid="ignore", over="ignore"):
        for where, values in chunks(rows):
            square = float(np.vdot(values, values))
            points[where] = _placed(values, centre, basis, square)
            if not square <= LONGEST**2:
                points[where][~usable(values)] = np.nan
    return points


def _placed(
    values: Rows, centre: NDArray[np.float64], basis: Plane, square: float
) -> NDArray[np.floating]:
    axes = np.ascontiguousarray(basis.T).astype(values.dtype, copy=False)
    if len(values) <= FEW or len(values) * float(centre @ centre) > NEAR * square:
        # Far from the origin the digits are in the differences, and these must be taken first.
        centred = values - centre.astype(values.dtype)
        result: NDArray[np.floating] = centred @ axes.T
        return result
    # A product of the table and one axis runs at the speed of the memory, one with two does not.
    columns = [values @ axis - offset for axis, offset in zip(axes, centre @ basis, strict=True)]
    return np.column_stack(columns)
