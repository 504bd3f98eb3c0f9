"""What one pass over a table tells of each row; findings share it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audit.fingerprints import AT_ONCE, fingerprints_of, weights_for
from core.progress import Progress, report


@dataclass(frozen=True, eq=False)
class RowFacts:
    """Of each row: its L2 norm float64 (V,), whether it is `finite` and all `zero`, bool (V,).

    `prints` uint64 (V,) are the fingerprints of the bits. A row with NaN or Inf has the norm NaN.
    """

    norms: NDArray[np.float64]
    finite: NDArray[np.bool_]
    zero: NDArray[np.bool_]
    prints: NDArray[np.uint64]


def look_at_rows(rows: NDArray[Any], progress: Progress | None = None) -> RowFacts:
    """Read `rows` (V, D) once, in pieces that fit a processor's cache.

    `progress` counts rows; raises `Cancelled` when it returns False.
    """
    count = len(rows)
    norms, prints = np.empty(count), np.empty(count, np.uint64)
    weights = weights_for(rows)
    size = max(1, AT_ONCE // max(1, rows.shape[1]))
    for start in range(0, count, size):
        report(progress, start, count)
        piece = np.array(rows[start : start + size])  # one copy, while others write elsewhere
        prints[start : start + size] = fingerprints_of(piece, weights)
        norms[start : start + size] = _norms(piece)
    report(progress, count, count)
    finite = np.isfinite(norms)
    return RowFacts(norms, finite, norms == 0.0, prints)


def _norms(piece: NDArray[Any]) -> NDArray[np.float64]:
    """The norms (n,) of `piece` (n, D); NaN where a value is not finite."""
    wide = piece.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        norms: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    # Squares leave the range of float64 long before the values do.
    doubtful = np.flatnonzero(~np.isfinite(norms) | (norms == 0.0))
    if len(doubtful):
        largest = np.abs(wide[doubtful]).max(1, initial=0.0)
        norms[doubtful] = np.where(np.isfinite(largest), largest, np.nan)
    return norms
