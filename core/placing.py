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
    dtype = np.promote_types(rows.dtype, np.float32)
    middle, axes = centre.astype(dtype), np.ascontiguousarray(basis.T, dtype)
    # A float64 would have the whole subtraction done in float64.
    offsets = (centre @ basis).astype(dtype)
    distance = float(centre @ centre)
    columns = list(zip(axes, offsets, points.T, strict=True))
    # Rows that do not count may hold anything; whatever comes of them is overwritten.
    with np.errstate(invalid="ignore", over="ignore"):
        for where, values in chunks(rows):
            square = (
                float(np.vdot(values, values)) if mean_square is None else mean_square * len(values)
            )
            if len(rows) <= FEW or len(values) * distance > NEAR * square:
                # Far from the origin the digits are in the differences: these are taken first.
                points[where] = (values - middle) @ axes.T
            else:
                # At the speed of the memory, which a product with all axes at once is far from.
                for axis, offset, column in columns:
                    np.subtract(np.dot(values, axis), offset, out=column[where])
            if mean_square is None and not square <= LONGEST**2:
                points[where][~usable(values)] = np.nan
    return points
