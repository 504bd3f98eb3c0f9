"""Sentences padded to the longest and further, and how models count positions in them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.batch import Batch, Side, pad_batch
from core.padding.messages import LARGEST_EXTRA, Fault, Material
from core.problems import OutOfBounds, ProblemError

Counting = Literal["columns", "counted", "roberta"]


def padded(
    sentences: Sequence[Sequence[int]], pad_id: int, side: Side = "right", extra: int = 0
) -> Batch:
    """The base batch, padded to its longest sentence, and `extra` (0 … 64) more pads on `side`."""
    if not 0 <= extra <= LARGEST_EXTRA:
        raise ProblemError(OutOfBounds("extra", extra, 0, LARGEST_EXTRA))
    longest = max(map(len, sentences), default=0)
    return pad_batch(sentences, pad_id, side, longest + extra)


def position_ids(batch: Batch, counting: Counting, padding_idx: int = 1) -> NDArray[np.int64]:
    """The position ids (B, T) of `batch`, as models count them.

    - "columns": 0 … T − 1 in every row, pads included. BERT, and GPT-2 unless it is told
      otherwise; left pads shift every real token.
    - "counted": real tokens from 0, a pad 1. GPT-2 in Hugging Face's `generate`, which reckons
      them from the attention mask: `(mask.cumsum(-1) - 1).masked_fill(mask == 0, 1)`.
    - "roberta": real tokens from `padding_idx` + 1, a pad `padding_idx`, as
      `create_position_ids_from_input_ids` does.
    """
    if counting == "columns":
        return np.broadcast_to(np.arange(batch.ids.shape[1]), batch.ids.shape).copy()
    count = np.cumsum(batch.mask, axis=1, dtype=np.int64)
    if counting == "roberta":
        return np.where(batch.mask, count + padding_idx, padding_idx)
    return np.where(batch.mask, count - 1, 1)


def faults(batch: Batch, rows: int) -> tuple[Fault, ...]:
    """The cells of `batch` that no table of `rows` rows can look up, row by row.

    A negative id never counts from the end, as it would in Python.
    """
    wrong = np.argwhere((batch.ids < 0) | (batch.ids >= rows))
    return tuple(
        Fault(sentence, column, id, rows, "negative" if id < 0 else "too-large")
        for sentence, column in wrong.tolist()
        for id in (int(batch.ids[sentence, column]),)
    )


def sentences_of(material: Material) -> list[list[int]]:
    """The sentences of `material`, as lists of ids."""
    ids = material.ids.numpy()
    offsets = material.offsets.numpy().tolist()
    return [ids[a:b].tolist() for a, b in pairwise(offsets)]
