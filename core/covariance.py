"""The mean and scatter of a table's rows, kept up to date by the rows that changed.

A live PCA then costs what changed and not what is there: replacing m of V rows takes O(m D²).
"""

import time
from collections.abc import Iterator
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.floating]
"""Rows of a table (n, D), in its own dtype."""

CHUNK_VALUES = 2**18
"""How many values are converted at a time: 2 MB of float64, whatever the size of the table."""

PICKED_VALUES = 2**20
"""How many values are picked out of a table at a time: 10⁵ rows may have moved in a frame."""

LONGEST = 1e18
"""A longer row is left out like one with Inf: its squares overflow float32."""

EPSILON = float(np.finfo(np.float64).eps)

DRIFT_BOUND = 1e-10
"""The share of the variance that rounding may make up before all rows are read again."""


def chunks(rows: Rows) -> Iterator[tuple[slice, Rows]]:
    """Yield (V, D) `rows` piece by piece, with where each piece is; float16 becomes float32."""
    dtype = np.promote_types(rows.dtype, np.float32)
    size = max(1, CHUNK_VALUES // max(1, rows.shape[1]))
    for start in range(0, len(rows), size):
        where = slice(start, start + size)
        values = rows[where]
        yield where, values if values.dtype == dtype else values.astype(dtype)


def pieces(count: int, dimension: int) -> Iterator[slice]:
    """Yield the pieces of `count` ids whose rows (…, D) are picked out of a table at a time."""
    size = max(1, PICKED_VALUES // max(1, dimension))
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def usable(rows: Rows) -> NDArray[np.bool_]:
    """Which of (n, D) `rows` can be counted and shown: all finite, no longer than `LONGEST`."""
    mask = np.empty(len(rows), bool)
    for where, values in chunks(rows):
        # Mostly all are, and one product of the whole piece says so.
        mask[where] = np.vdot(values, values) <= LONGEST**2 or (
            np.einsum("nd,nd->n", values, values) <= LONGEST**2
        )
    return mask


class RunningCovariance:
    """Mean (D,) and scatter (D, D), the sum of (x − mean)(x − mean)ᵀ, in float64.

    Rows that are not `usable` do not count until they are again. `position` rows of the table are
    read: all, unless it was begun and is still being read.

    Every deviation is taken from the current mean (as Welford 1962 and Chan, Golub & LeVeque 1983
    do), so a table far from the origin loses no digits.

    Each replacement rounds once more. `drift` estimates what that adds up to, as a share of the
    total variance: machine epsilon times the sizes that were added, summed over the replacements
    since the last refit. `update` refits when it passes `DRIFT_BOUND` (after some 10⁵ ordinary
    frames, or at once when a huge outlier leaves), and when half of the rows changed, where
    reading all costs no more.
    """

    def __init__(self, rows: Rows) -> None:
        self.refit(rows)

    def refit(self, rows: Rows) -> None:
        """Forget all and read (V, D) `rows`, of any float dtype, in pieces."""
        self.begin(rows)
        self.read(rows)

    def begin(self, rows: Rows) -> None:
        """Forget all, and be ready to `read` (V, D) `rows` little by little."""
        dimension = rows.shape[1]
        self.count = 0
        self.updates = 0
        self.mean: NDArray[np.float64] = np.zeros(dimension)
        self.scatter: NDArray[np.float64] = np.zeros((dimension, dimension))
        self.rows = len(rows)
        self.position = 0
        self._rounding = 0.0

    def read(self, rows: Rows, seconds: float = inf) -> bool:
        """Read on for about `seconds`; whether all of `rows` (V, D) are read."""
        end = time.perf_counter() + seconds
        nothing = np.empty((0, rows.shape[1]))
        for _where, values in chunks(rows[self.position :]):
            self._exchange(nothing, _only_usable(values))
            self.position += len(values)
            if time.perf_counter() >= end:
                break
        self._rounding = 0.0
        return self.position == len(rows)

    def update(self, rows: Rows, ids: NDArray[np.integer], old_rows: Rows) -> None:
        """Account for `rows[ids]` having been `old_rows` (m, D); `rows` is the table (V, D)."""
        if len(rows) != self.rows or 2 * len(ids) >= len(rows):
            self.refit(rows)
            return
        self.replace(old_rows, rows, ids)
        if self._rounding > DRIFT_BOUND * self.total:
            self.refit(rows)

    def correct(self, rows: Rows, ids: NDArray[np.integer], old_rows: Rows) -> None:
        """The same while only some rows are read: those not read yet come as they are then."""
        if self.position and len(ids):
            known = ids < self.position
            self.replace(old_rows[known], rows, ids[known])

    def replace(self, old_rows: Rows, rows: Rows, ids: NDArray[np.integer]) -> None:
        """Take `old_rows` (m, D) out and put `rows[ids]` (m, D) in."""
        for piece in pieces(len(ids), rows.shape[1]):
            self._exchange(_only_usable(old_rows[piece]), _only_usable(rows[ids[piece]]))
        self.updates += 1

    @property
    def total(self) -> float:
        """The trace of the scatter: the squared distances from the mean, summed."""
        return float(self.scatter.trace())

    @property
    def drift(self) -> float:
        """The estimated share of the variance that is rounding; infinite if nothing else is."""
        if self.total > 0:
            return self._rounding / self.total
        return np.inf if self._rounding else 0.0

    def shares(self, axes: NDArray[np.float64]) -> NDArray[np.float64]:
        """(k,): the share of the variance on each unit column of (D, k), NaN if there is none."""
        if self.total <= 0:
            return np.full(axes.shape[1], np.nan)
        shares: NDArray[np.float64] = (self.scatter @ axes * axes).sum(axis=0) / self.total
        return shares.clip(0, 1)

    def _exchange(self, old: Rows, new: Rows) -> None:
        """Replace usable rows.

        With deviations a of the old and b of the new rows from the mean, t = Σb − Σa and n' rows
        afterwards, the mean moves by d = t / n' and the scatter becomes S + bᵀb − aᵀa − n' d dᵀ.
        """
        count = self.count - len(old) + len(new)
        if count == 0:
            self.mean, self.scatter = np.zeros_like(self.mean), np.zeros_like(self.scatter)
        elif len(old) or len(new):
            if self.count == 0:
                # With one of the rows as the mean, equal rows have a scatter of exactly 0.
                self.mean = new[0].astype(np.float64)
            gone, come = old.astype(np.float64), new.astype(np.float64)
            gone -= self.mean
            come -= self.mean
            shift = (come.sum(axis=0) - gone.sum(axis=0)) / count
            passed = self._passed(gone, come)
            _add_difference(self.scatter, gone, come)
            self.scatter -= np.outer(count * shift, shift)
            self.mean = self.mean + shift
            self._rounding += EPSILON * (abs(self.total) + passed)
        self.count = count

    def _passed(self, *deviations: NDArray[np.float64]) -> float:
        """What these (n, D) bring to round: their squares, and their digits that the mean hides."""
        squares = sum(float(np.vdot(each, each)) for each in deviations)
        count = sum(len(each) for each in deviations)
        return squares + float(np.linalg.norm(self.mean)) * sqrt(count * squares)


def _only_usable(rows: Rows) -> Rows:
    counted = usable(rows)
    return rows if counted.all() else rows[counted]


def _add_difference(
    scatter: NDArray[np.float64], gone: NDArray[np.float64], come: NDArray[np.float64]
) -> None:
    """Add comeᵀcome − goneᵀgone to `scatter` (D, D), of (m, D) and (n, D) that are used up."""
    if len(gone) != len(come):
        scatter += come.T @ come
        if len(gone):
            scatter -= gone.T @ gone
        return
    # One product instead of two: (b + a)ᵀ(b − a) and its transpose have the rest in common.
    come -= gone
    gone *= 2
    gone += come
    come *= 0.5
    half = gone.T @ come
    scatter += half
    scatter += half.T
