"""Which row of a table stands at which place of a view: sorted, filtered, and back again.

An order is two arrays of ids and places; the rows themselves stay where they lie in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, report

SortKey = Literal["id", "token", "count", "norm", "moved", "gradient"]

_BYTES = 64  # of a token that are compared as numbers; only tokens alike in all of them as text
_AT_ONCE = 2**12  # tokens
_LOW = np.int64(2**32 - 1)


@dataclass(frozen=True)
class Sorting:
    """By what a view is sorted. Rows of equal value follow one another by id, NaN comes last."""

    key: SortKey = "id"
    descending: bool = False

    @property
    def moves(self) -> bool:
        """Whether training changes the values."""
        return self.key in ("norm", "moved", "gradient")


@dataclass(frozen=True, eq=False)
class RowOrder:
    """The ids (n,) int32 of a view of `rows` rows, from the top; None: every id at its own place.

    `places` int32 (rows,) is the way back, −1 for a row that is not in the view; None with `ids`.
    """

    rows: int
    ids: NDArray[np.int32] | None = None
    places: NDArray[np.int32] | None = None

    @classmethod
    def of(cls, ids: NDArray[np.int32], rows: int) -> "RowOrder":
        """The view of these `ids`, each in 0 … rows − 1 and there once."""
        places = np.full(rows, -1, np.int32)
        places[ids] = np.arange(len(ids), dtype=np.int32)
        return cls(rows, ids, places)

    def __len__(self) -> int:
        return self.rows if self.ids is None else len(self.ids)

    def id(self, place: int) -> int:
        """The id at `place`, 0 … n − 1."""
        return place if self.ids is None else int(self.ids[place])

    def place(self, id_: int) -> int | None:
        """Where `id_` stands, or None if it is not in the view."""
        if not 0 <= id_ < self.rows:
            return None
        place = id_ if self.places is None else int(self.places[id_])
        return None if place < 0 else place

    def placed(self, ids: NDArray[np.integer]) -> NDArray[np.integer]:
        """Where each of `ids` (n,) stands; −1 for those that are not in the view."""
        known = (ids >= 0) & (ids < self.rows)
        places = np.where(known, ids, -1)
        if self.places is not None:
            places[known] = self.places[ids[known]]
        return places

    def at(self, places: NDArray[np.integer]) -> NDArray[np.integer]:
        """The ids at these places, 0 … n − 1."""
        return places if self.ids is None else self.ids[places]

    def between(self, first: int, last: int) -> NDArray[np.integer]:
        """The ids at the places `first` … `last`."""
        if self.ids is None:
            return np.arange(first, last + 1)
        return self.ids[first : last + 1]

    def fitted(self, rows: int, *, grows: bool) -> "RowOrder":
        """This order for a table of `rows` rows; new ones go to the end if the view `grows`."""
        if self.ids is None or rows == self.rows:
            return RowOrder(rows) if self.ids is None else self
        kept = self.ids[self.ids < rows]
        if grows and rows > self.rows:
            kept = np.concatenate([kept, np.arange(self.rows, rows, dtype=np.int32)])
        return RowOrder.of(kept, rows)


def ranked(
    values: NDArray[Any], *, descending: bool = False, only: NDArray[np.integer] | None = None
) -> NDArray[np.int32]:
    """The ids of `values` (V,), or those of them in `only`, by value; equal ones by id, NaN last.

    Sorting unstably and then the ids of equal values takes half the time of a stable sort.
    """
    ids = np.arange(len(values), dtype=np.int32) if only is None else np.unique(only)
    keys = values if only is None else values[ids]
    missing = np.isnan(keys)
    there = np.flatnonzero(~missing)
    keys = keys[there]
    by_value = np.argsort(-keys if descending else keys)
    keys = keys[by_value]
    group = np.zeros(len(keys), np.int64)
    np.cumsum(keys[1:] != keys[:-1], out=group[1:])
    by_id = np.sort((group << 32) | by_value) & _LOW
    return np.concatenate([ids[there[by_id]], ids[missing]]).astype(np.int32)


def norms(rows: NDArray[Any], progress: Progress | None = None) -> NDArray[np.float64]:
    """The Euclidean norm of each of `rows` (V, D), in float64 and in pieces of bounded memory."""
    found = np.empty(len(rows), np.float64)
    step = max(1, 2**20 // max(rows.shape[1], 1))
    for start in range(0, len(rows), step):
        piece = rows[start : start + step].astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            found[start : start + step] = np.sqrt(np.einsum("vd,vd->v", piece, piece))
        report(progress, start, len(rows))
    return found


def spread(
    ids: NDArray[np.integer], values: NDArray[np.floating], rows: int
) -> NDArray[np.float64]:
    """`values` (m,) of the rows `ids` (m,) as one value for each of `rows` rows, 0 for the rest."""
    found = np.zeros(rows, np.float64)
    found[ids] = values
    return found


def alphabetical(tokens: Sequence[str], progress: Progress | None = None) -> NDArray[np.int32]:
    """The rank (V,) of each token by its letters, whatever their case; equal ones by id.

    By code points, as Python compares text. Tokens are compared as numbers of eight bytes, which
    numpy sorts without keeping Python from its other threads, as sorting text would for a second.
    """
    width = 8
    pieces = []
    for start in range(0, len(tokens), _AT_ONCE):
        folded = [_bytes(token) for token in tokens[start : start + _AT_ONCE]]
        longest = min(_BYTES, max(map(len, folded), default=0))
        width = max(width, -(-longest // 8) * 8)
        pieces.append(np.array(folded, f"S{_BYTES}"))
        report(progress, start, len(tokens))
    if not pieces:
        return np.empty(0, np.int32)
    text = np.concatenate(pieces)
    words = text.view(">u8").reshape(len(text), -1)[:, : width // 8].astype(np.uint64, order="F")
    order = np.lexsort(words.T[::-1])
    alike = np.ones(len(order) - 1, np.bool_)
    for word in words.T:  # one by one: numpy holds on to Python while it picks whole rows
        sorted_ = word.take(order)
        alike &= sorted_[1:] == sorted_[:-1]
    _sort_alike(order, alike, tokens)
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return ranks


def _sort_alike(order: NDArray[np.intp], alike: NDArray[np.bool_], tokens: Sequence[str]) -> None:
    """Put in order, in place, each run of tokens that begin with the same bytes."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], alike, [False]]).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        if len(_bytes(tokens[order[first]])) >= _BYTES:
            run = order[first : last + 1].tolist()
            order[first : last + 1] = sorted(run, key=lambda id_: (tokens[id_].casefold(), id_))


def _bytes(token: str) -> bytes:
    # A lone surrogate of a user's tokenizer has no UTF-8, and still its place among code points.
    return token.casefold().encode("utf-8", "surrogatepass")
