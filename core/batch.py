"""Sequences of different lengths as one rectangle of ids, with a mask that says which are real."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.problems import OutOfBounds, ProblemError, SequenceTooLong

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Batch:
    """`ids` int64 (B, T), `mask` bool (B, T) True where an id is real, `lengths` int64 (B,)."""

    ids: NDArray[np.int64]
    mask: NDArray[np.bool_]
    lengths: NDArray[np.int64]


def pad_batch(
    sequences: Sequence[Sequence[int]],
    pad_id: int,
    side: Side = "right",
    length: int | None = None,
) -> Batch:
    """`sequences` side by side, padded with `pad_id` on `side`, to the longest or to `length`.

    Nothing is ever cut: a sequence longer than `length` raises `ProblemError(SequenceTooLong)`.
    A sequence may be empty, and there may be none at all.
    """
    lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
    flat = np.fromiter(chain.from_iterable(sequences), np.int64, int(lengths.sum()))
    width = _width(lengths, length)
    columns = np.arange(width)
    mask = columns < lengths[:, None] if side == "right" else columns >= width - lengths[:, None]
    ids = np.full(mask.shape, pad_id, np.int64)
    ids[mask] = flat
    return Batch(ids, mask, lengths)


def _width(lengths: NDArray[np.int64], length: int | None) -> int:
    longest = int(lengths.max(initial=0))
    if length is None:
        return longest
    if length < 0:
        raise ProblemError(OutOfBounds("length", length, 0))
    if longest > length:
        first = int(np.argmax(lengths > length))
        raise ProblemError(SequenceTooLong(first, int(lengths[first]), length))
    return length
