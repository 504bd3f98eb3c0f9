"""Writes whole steps into the mapped rows, for a window to show."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.rows import MappedRows, RowBuffer

PIECE = 2**20  # values compared at a time
INTEGERS = {2: np.int16, 4: np.int32, 8: np.int64}


class Publisher:
    """Fills the buffer that is not on screen with the table as it is now.

    `shown` is the buffer of the frame before. The other one lacks what moved in that frame, so
    those rows are written besides what has moved since.
    """

    def __init__(self, mapped: MappedRows, weight: NDArray[Any]) -> None:
        """Fill the first buffer with `weight` (V, D), and begin with it as shown."""
        self.shown = 0
        self._mapped = mapped
        for buffer in mapped.buffers:
            np.copyto(buffer.rows, weight)
        self._stale = np.empty(0, np.int64)

    def publish(
        self,
        weight: NDArray[Any],
        candidates: NDArray[np.int64] | None,
        touched: NDArray[np.int64],
        gradient_norms: NDArray[np.float32],
    ) -> tuple[int, int]:
        """Write `weight` (V, D) and flip; returns (buffer, how many rows moved).

        `candidates` are the only ids that can have moved, None for any. `touched` and
        `gradient_norms` run in parallel.
        """
        front = self._mapped.buffers[self.shown]
        back = self._mapped.buffers[1 - self.shown]
        moved, distances = moves_between(weight, front.rows, candidates)
        back.moved_ids[: len(moved)] = moved
        back.moved_by[: len(moved)] = distances
        back.note_touched(touched, gradient_norms)
        self._copy(weight, back, moved)
        self.shown = 1 - self.shown
        self._stale = moved
        return self.shown, len(moved)

    def tell_moves(self, ids: NDArray[np.int64], by: NDArray[np.float32]) -> None:
        """Let the frame just published say that `ids` moved `by`, instead of all that differs."""
        shown = self._mapped.buffers[self.shown]
        shown.moved_ids[: len(ids)] = ids
        shown.moved_by[: len(ids)] = by

    def _copy(self, weight: NDArray[Any], back: RowBuffer, moved: NDArray[np.int64]) -> None:
        for ids in (self._stale, moved):
            if len(ids) > len(weight) // 2:
                np.copyto(back.rows, weight)
                return
        for ids in (self._stale, moved):
            back.rows[ids] = weight[ids]


def moves_between(
    weight: NDArray[Any], before: NDArray[Any], candidates: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(ids, distances) of the rows whose bits differ, in pieces of bounded memory.

    `candidates` are the only ids that can, None for any.
    """
    count = len(weight) if candidates is None else len(candidates)
    step = max(1, PIECE // weight.shape[1])
    if candidates is None and count <= step:
        return _moves_between(weight, before)
    ids, distances = [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for start in range(0, count, step):
        piece = slice(start, start + step)
        if candidates is None:  # neighbouring rows are read where they are; others are gathered
            places, lengths = _moves_between(weight[piece], before[piece])
            ids.append(places + start)
        else:
            some = candidates[piece]
            places, lengths = _moves_between(weight.take(some, 0), before.take(some, 0))
            ids.append(some[places])
        distances.append(lengths)
    return np.concatenate(ids), np.concatenate(distances)


def _moves_between(
    new: NDArray[Any], old: NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(places, distances) of the rows of `new` (n, D) whose bits differ from those of `old`."""
    # As integers NaN equals itself and -0 differs from 0.
    bits = INTEGERS[new.itemsize]
    places = np.flatnonzero((new.view(bits) != old.view(bits)).any(axis=1))
    few = 2 * len(places) < len(new)
    if few:
        new, old = new.take(places, 0), old.take(places, 0)
    wide = np.float64 if new.itemsize == 8 else np.float32
    with np.errstate(over="ignore", invalid="ignore"):  # a row that went Inf moved by Inf or NaN
        difference = np.subtract(new, old, dtype=wide)
        squares = np.einsum("nd,nd->n", difference, difference)
        distances = np.sqrt(squares if few else squares[places])
    return places, distances.astype(np.float32, copy=False)
