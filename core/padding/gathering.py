"""Which rows of a table a study needs, and the material made of them. Needs no torch."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.messages import Array
from core.padding.messages import LARGEST_BYTES, WHOLE_TABLE_HEADS, HeadName, Material
from core.problems import ProblemError, TooMuchMemory


def gather(
    rows: NDArray[Any],
    sentences: Sequence[Sequence[int]],
    pad_id: int,
    heads: Iterable[HeadName],
    labels: Sequence[int] | None = None,
) -> Material:
    """The material for `heads` over `sentences` (of ids), from a table `rows` (V, D).

    It has only `needed_ids`. Ids that are no row are kept: the laboratory tells of them. Raises
    `ProblemError(TooMuchMemory)` where the whole table is needed and is more than can be studied.
    """
    flat = np.fromiter((id for sentence in sentences for id in sentence), np.int64)
    row_ids = needed_ids(len(rows), sentences, pad_id, heads)
    if row_ids is None and rows.nbytes > LARGEST_BYTES:
        raise ProblemError(TooMuchMemory("padding", rows.nbytes, LARGEST_BYTES))
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


def needed_ids(
    rows: int, sentences: Sequence[Sequence[int]], pad_id: int, heads: Iterable[HeadName]
) -> NDArray[np.int64] | None:
    """The ids (n,), ascending, that the sentences and their pads look up in a table of `rows`.

    None: one of the heads scores every word, and so needs every row.
    """
    if WHOLE_TABLE_HEADS.intersection(heads):
        return None
    wanted = {pad_id, *(id for sentence in sentences for id in sentence)}
    return np.array(sorted(id for id in wanted if 0 <= id < rows), np.int64)
