"""Which rows of a table a study needs, and the material made of them. Needs no torch."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.messages import Array
from core.padding.messages import WHOLE_TABLE_HEADS, HeadName, Material


def gather(
    rows: NDArray[Any],
    sentences: Sequence[Sequence[int]],
    pad_id: int,
    heads: Iterable[HeadName],
    labels: Sequence[int] | None = None,
) -> Material:
    """The material for `heads` over `sentences` (of ids), from a table `rows` (V, D).

    It has only the rows that the sentences and their pads look up, unless one of the heads scores
    every word. Ids that are no row are kept: the laboratory tells of them.
    """
    flat = np.fromiter((id for sentence in sentences for id in sentence), np.int64)
    row_ids = None
    if not WHOLE_TABLE_HEADS.intersection(heads):
        wanted = np.union1d(flat, [pad_id])
        row_ids = wanted[(wanted >= 0) & (wanted < len(rows))]
    offsets = np.cumsum([0, *map(len, sentences)], dtype=np.int64)
    return Material(
        Array.of(np.asarray(rows) if row_ids is None else np.asarray(rows[row_ids])),
        Array.of(flat),
        Array.of(offsets),
        len(rows),
        pad_id,
        None if row_ids is None else Array.of(row_ids),
        None if labels is None else Array.of(np.array(labels, np.int64)),
    )
