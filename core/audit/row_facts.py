"""What one pass over a table tells of each row; findings share it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.audit.fingerprints import AT_ONCE, fingerprints_of, weights_for
from core.progress import Progress, report

EVEN_CHANCE = 1e-3  # of two rows alike among all
BITS = {2: 10, 4: 22, 8: 50}  # of a value that two random rows are likely to differ in


@dataclass(frozen=True, eq=False)
class RowFacts:
    """Of each row: its L2 norm float64 (V,), whether it is `finite` and all `zero`, bool (V,).

    `prints` uint64 (V,) are the fingerprints of the bits. A row with NaN or Inf has the norm NaN.
    `twins` int64 (n, 2) are rows with an earlier one of the same numbers beside them: none where
    so many are alike by chance, nor rows of zeros.
    """

    norms: NDArray[np.float64]
    finite: NDArray[np.bool_]
    zero: NDArray[np.bool_]
    prints: NDArray[np.uint64]
    twins: NDArray[np.int64]


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
    likely = np.flatnonzero(finite & (norms != 0.0))
    return RowFacts(norms, finite, norms == 0.0, prints, _twins(rows, prints, likely))


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


def _twins(
    values: NDArray[Any], prints: NDArray[np.uint64], ids: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those of `ids` whose row is that of an earlier one, and the earlier one: (n, 2)."""
    bits = BITS.get(values.dtype.itemsize, 0) * values.shape[1]
    if len(values) ** 2 / 2 > EVEN_CHANCE * 2.0 ** min(bits, 1000):
        return np.empty((0, 2), np.int64)
    rows, firsts = _alike(prints[ids], ids)
    same = _equal(values, rows, firsts)
    return np.stack((rows[same], firsts[same]), 1)


def _alike(
    prints: NDArray[np.uint64], ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Those of `ids` whose print an earlier one has too, and that earlier one: (n,) each."""
    order = np.argsort(prints, kind="stable")
    ordered = prints[order]
    repeats = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    first_of = np.searchsorted(ordered, ordered[repeats])
    rows, firsts = ids[order[repeats]], ids[order[first_of]]
    by_first = np.argsort(firsts, kind="stable")
    return rows[by_first], firsts[by_first]


def _equal(
    values: NDArray[Any], rows: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each of `rows` (n,) equals that of `others` (n,): two may share a fingerprint."""
    equal = np.empty(len(rows), np.bool_)
    size = max(1, AT_ONCE // max(1, values.shape[1]))
    for start in range(0, len(rows), size):
        piece = slice(start, start + size)
        equal[piece] = (values[rows[piece]] == values[others[piece]]).all(1)
    return equal
