"""The rows nearest to a vector: every row is looked at, none is sampled, and no index is kept.

One matrix-vector product in the table's own precision scores all rows, each within a proven bound
of its true score; the few rows that could be among the nearest by that bound are scored again in
float64. So the answer is that of float64 at the price of float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.covariance import LONGEST, Rows, chunks
from core.looking_problems import NoDirection, NotFinite
from core.problems import IdOutOfRange, ProblemError

Metric = Literal["cosine", "euclidean"]

BLOCK = 256  # values

RESCORED_AT_ONCE = 2**18
"""How many values are converted to float64 at a time: 2 MB."""


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest rows, nearest first, equally near ones by id.

    `ids` int64 (k,) and `values` float64 (k,) run in parallel: cosine similarities from 1 to −1,
    or Euclidean distances. `left_out` rows hold NaN or Inf, or are longer than 1e18; with the
    cosine `without_direction` rows are all zeros, and have none.
    """

    ids: NDArray[np.int64]
    values: NDArray[np.float64]
    left_out: int
    without_direction: int


class RowNorms:
    """The Euclidean length of each row, kept up to date by the rows that moved.

    `lengths` (V,) in the table's dtype, float32 at the least; NaN where a row holds NaN or Inf or
    is longer than 1e18.
    """

    def __init__(self, rows: Rows) -> None:
        self.lengths: NDArray[np.floating[Any]] = _lengths(rows)

    def update(self, rows: Rows, moved_ids: NDArray[np.integer]) -> None:
        """Measure `rows[moved_ids]` again; a table (V, D) of another V is read as a whole."""
        if len(rows) != len(self.lengths) or 2 * len(moved_ids) >= len(rows):
            self.lengths = _lengths(rows)
        else:
            self.lengths[moved_ids] = _lengths(rows[moved_ids])


def combination(rows: Rows, ids: Sequence[int], weights: Sequence[float]) -> NDArray[np.float64]:
    """(D,): the sum of `rows[ids]`, each times its weight; weights of 1/n give their mean.

    Raises `ProblemError(IdOutOfRange)` for an id that is no row of the table (V, D).
    """
    for place, id_ in enumerate(ids):
        if not 0 <= id_ < len(rows):
            raise ProblemError(IdOutOfRange(id_, place, len(rows)))
    # Rows with NaN or Inf give a query that `nearest` refuses.
    with np.errstate(invalid="ignore"):
        weighted: NDArray[np.float64] = np.asarray(weights, np.float64) @ rows[
            np.asarray(ids, np.intp)
        ].astype(np.float64)
    return weighted


def nearest(
    rows: Rows,
    query: NDArray[np.floating[Any]],
    count: int,
    metric: Metric = "cosine",
    exclude: Sequence[int] = (),
    norms: RowNorms | None = None,
) -> Nearest:
    """The `count` rows of the table (V, D), of any float dtype, that are nearest to `query` (D,).

    Fewer if there are not as many. The ids `exclude` are no answers; `norms` of these very rows
    spare a second reading of the table. Raises `ProblemError`: `NotFinite` for a query that holds
    NaN or Inf or is longer than 1e18, `NoDirection` for the cosine to a query of zeros.
    """
    aim = _aim(query, metric)
    lengths = (norms or RowNorms(rows)).lengths
    usable = lengths >= 0  # NaN is not
    left_out, zeros = len(rows) - int(np.count_nonzero(usable)), 0
    if metric == "cosine":
        usable = lengths > 0
        zeros = len(rows) - left_out - int(np.count_nonzero(usable))
    usable[[id_ for id_ in exclude if 0 <= id_ < len(rows)]] = False
    ids = _candidates(rows, aim, lengths, usable, count, metric)
    scores = _scores(rows, ids, aim, metric)
    order = np.lexsort((ids, scores))[:count]
    values = -scores[order] if metric == "cosine" else scores[order]
    return Nearest(ids[order], values, left_out, zeros)


def _aim(query: NDArray[np.floating[Any]], metric: Metric) -> NDArray[np.float64]:
    """The query in float64, of length 1 where only its direction counts."""
    aim = query.astype(np.float64)
    length = float(_exact_lengths(aim[None])[0])
    if not length <= LONGEST:
        raise ProblemError(NotFinite())
    if metric == "euclidean":
        return aim
    if length == 0:
        raise ProblemError(NoDirection())
    aim = aim / np.abs(aim).max()  # the smallest numbers have too few digits to be divided at once
    unit: NDArray[np.float64] = aim / np.linalg.norm(aim)
    return unit


def _candidates(
    rows: Rows,
    aim: NDArray[np.float64],
    lengths: NDArray[np.floating[Any]],
    usable: NDArray[np.bool_],
    count: int,
    metric: Metric,
) -> NDArray[np.int64]:
    """Ascending ids of all rows that may be among the `count` nearest, whatever was rounded."""
    wanted = min(count, int(np.count_nonzero(usable)))
    if wanted < 1:
        return np.empty(0, np.int64)
    score, error = _rounded_scores(rows, aim, lengths, metric)
    score[~usable] = np.inf
    limit = _smallest_but(score + error, wanted)
    return np.flatnonzero((score - error <= limit) & usable)


def _smallest_but(values: NDArray[np.floating[Any]], count: int) -> np.floating[Any]:
    """The `count`-th smallest of (V,) values, most of which are only looked at once.

    As many blocks have a smallest value at or below the `count`-th of the blocks' smallest ones,
    so the value that is sought is at or below it too.
    """
    firsts = np.minimum.reduceat(values, np.arange(0, len(values), BLOCK))
    if len(firsts) >= count:
        values = values[values <= np.partition(firsts, count - 1)[count - 1]]
    found: np.floating[Any] = np.partition(values, count - 1)[count - 1]
    return found


def _rounded_scores(
    rows: Rows, aim: NDArray[np.float64], lengths: NDArray[np.floating[Any]], metric: Metric
) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]:
    """(V,) scores, smaller is nearer, and what each may be off by, (V,) or one for all.

    A dot product of D terms is off by at most D u ‖x‖ ‖q‖ (Higham 2002, Accuracy and Stability of
    Numerical Algorithms, section 3.1, with Cauchy and Schwarz), u being half the machine epsilon.
    The few further roundings, and lengths whose squares are sums of D terms too, are covered by
    doubling that. A product that underflows loses all its digits: there every score is possible.
    """
    dots = _dots(rows, aim)
    kind = np.finfo(dots.dtype)
    share = dots.dtype.type((len(aim) + 8) * kind.eps)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if metric == "cosine":
            score = np.divide(dots, -lengths, out=dots)
            small = np.flatnonzero(lengths < _smallest(dots.dtype))
            if not len(small):
                return score, np.asarray(share)
            score[small] = 0
            error = np.full(len(rows), share)
            error[small] = 1 + share
            return score, error
        size = dots.dtype.type(np.linalg.norm(aim))
        score = lengths * lengths - 2 * dots + size * size
        error = share * (lengths + size) ** 2 + _smallest(dots.dtype) ** 2
    return score, error


def _smallest(dtype: np.dtype[Any]) -> np.floating[Any]:
    """A length whose square has all its digits in `dtype`, and what is lost below it has not."""
    smallest: np.floating[Any] = dtype.type(np.sqrt(np.finfo(dtype).tiny) * 2**20)
    return smallest


def _dots(rows: Rows, aim: NDArray[np.float64]) -> NDArray[np.floating[Any]]:
    """(V,) products of each row with `aim`, in the table's precision, float32 at the least."""
    dtype = np.promote_types(rows.dtype, np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        if rows.dtype == dtype:
            whole: NDArray[np.floating[Any]] = rows @ aim.astype(dtype)
            return whole
        dots = np.empty(len(rows), dtype)
        for where, values in chunks(rows):
            dots[where] = values @ aim.astype(dtype)
    return dots


def _scores(
    rows: Rows, ids: NDArray[np.int64], aim: NDArray[np.float64], metric: Metric
) -> NDArray[np.float64]:
    """(n,) scores of the rows `ids` in float64: the negative cosine, or the distance."""
    scores = np.empty(len(ids))
    size = max(1, RESCORED_AT_ONCE // max(1, len(aim)))
    for start in range(0, len(ids), size):
        part = slice(start, start + size)
        values = rows[ids[part]].astype(np.float64)
        if metric == "euclidean":
            scores[part] = _exact_lengths(values - aim)
        else:
            # By rows and not by BLAS, so that equal rows get equal bits wherever they stand.
            values /= np.abs(values).max(axis=1, keepdims=True)
            lengths = np.sqrt((values * values).sum(axis=1))
            scores[part] = -((values * aim).sum(axis=1) / lengths).clip(-1, 1)
    return scores


def _exact_lengths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) lengths of float64 rows (n, D), without squares that overflow or underflow."""
    largest = np.abs(values).max(axis=1, initial=0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    scaled = values / scale[:, None]
    with np.errstate(over="ignore"):
        lengths: NDArray[np.float64] = scale * np.sqrt((scaled * scaled).sum(axis=1))
    return lengths


def _lengths(rows: Rows) -> NDArray[np.floating[Any]]:
    dtype = np.promote_types(rows.dtype, np.float32)
    lengths = np.empty(len(rows), dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for where, values in chunks(rows):
            part = np.sqrt(np.einsum("nd,nd->n", values, values))
            small = np.flatnonzero(part < _smallest(dtype))
            part[small] = _exact_lengths(values[small].astype(np.float64))
            part[~(part <= LONGEST)] = np.nan
            lengths[where] = part
    return lengths
