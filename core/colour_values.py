"""The number or the group of each row that its point can be coloured by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.colour_scale import NO_COLOUR, Values
from core.covariance import Rows, chunks, pieces
from core.row_order import norms

Groups = NDArray[np.int32]
"""The group (V,) of each row, from 0; `NO_GROUP` for a row that is in none."""

NO_GROUP, TIE = -1, -2

COLOURED = 8
"""Groups have a colour each, 0 … 7; of more than so many, those from the eighth on share one."""

TIE_COLOUR = 8


@dataclass(frozen=True, eq=False)
class Grouped:
    """`groups` (V,) and `codes` uint8 (V,); how many rows each group has, and how many are ties."""

    groups: Groups
    codes: NDArray[np.uint8]
    sizes: tuple[int, ...]
    ties: int


def frequencies(counts: NDArray[np.integer[Any]], rows: int) -> Values:
    """How often each of `rows` tokens occurs: `counts` (n,) of the first n; NaN for never."""
    found = np.full(rows, np.nan)
    known = min(rows, len(counts))
    found[:known] = counts[:known]
    found[found == 0] = np.nan
    return found


def of_some(ids: NDArray[np.integer[Any]], values: Values, rows: int) -> Values:
    """`values` (m,) of the rows `ids` (m,) as one for each of `rows` rows; NaN for 0 and others."""
    found = np.full(rows, np.nan, values.dtype)
    there = values != 0
    found[ids[there]] = values[there]
    return found


def norms_after(
    rows: Rows, moved_ids: NDArray[np.integer[Any]] | None, before: Values | None
) -> Values:
    """The Euclidean norm of each of `rows` (V, D), float64.

    `before` are those from when only `moved_ids` (m,) were other rows; None: any may have been.
    """
    if before is None or moved_ids is None or len(before) != len(rows):
        return norms(rows)
    found = before.copy()
    for piece in pieces(len(moved_ids), rows.shape[1]):
        moved = moved_ids[piece]
        found[moved] = norms(rows[moved])
    return found


def distances_after(
    rows: Rows,
    marked: Rows,
    moved_ids: NDArray[np.integer[Any]] | None,
    before: Values | None,
) -> Values:
    """How far each of `rows` (V, D) is from the same row of `marked` (n, D), float64.

    NaN for a row that `marked` lacks. `before` and `moved_ids` as for `norms_after`.
    """
    both = min(len(rows), len(marked))
    if before is None or moved_ids is None or len(before) != len(rows):
        found = np.full(len(rows), np.nan)
        ids, count = None, both
    else:
        found, ids = before.copy(), moved_ids[moved_ids < both]
        count = len(ids)
    for piece in pieces(count, rows.shape[1]):
        some = piece if ids is None else ids[piece]  # rows side by side need not be gathered
        with np.errstate(invalid="ignore"):  # Inf that stayed Inf: no distance
            way = rows[some].astype(np.float64) - marked[some].astype(np.float64)
        found[some] = norms(way)
    return found


def nearest_centres(rows: Rows, centres: NDArray[np.floating[Any]]) -> Groups:
    """The number of the centre (k, D) that each of `rows` (V, D) is nearest to.

    In float32 at the least, by ‖c‖² − 2 r·c. `NO_GROUP` for rows with NaN or Inf.
    """
    found = np.full(len(rows), NO_GROUP, np.int32)
    if not len(centres):
        return found
    for where, values in chunks(rows):
        aims = centres.astype(values.dtype, copy=False)
        with np.errstate(over="ignore", invalid="ignore"):
            scores = values @ (-2 * aims.T)
            scores += np.einsum("kd,kd->k", aims, aims)
            lost = ~np.isfinite(scores.sum(axis=1))
        found[where] = scores.argmin(axis=1)
        found[where][lost] = NO_GROUP
    return found


def main_labels(
    ids: NDArray[np.integer[Any]],
    offsets: NDArray[np.integer[Any]],
    labels: NDArray[np.integer[Any]],
    count: int,
    rows: int,
) -> Groups:
    """For each of `rows` tokens the label, 0 … count − 1, of most of its occurrences.

    Sentence i is `ids[offsets[i]:offsets[i + 1]]` and has `labels[i]`. `TIE` where two labels or
    more have the most, `NO_GROUP` for a token that does not occur.
    """
    found = np.full(rows, NO_GROUP, np.int32)
    label_of = np.repeat(labels.astype(np.int64), np.diff(offsets))
    there = ids < rows
    pairs, times = np.unique(ids[there] * np.int64(count) + label_of[there], return_counts=True)
    tokens, which = pairs // count, pairs % count
    # The pairs are sorted by token: of each token's run, the largest count and who has it.
    begins = np.flatnonzero(np.diff(tokens, prepend=-1))
    if not len(begins):
        return found
    most = np.maximum.reduceat(times, begins)
    lengths = np.diff(np.append(begins, len(tokens)))
    leads = times == np.repeat(most, lengths)
    leaders = np.add.reduceat(leads, begins, dtype=np.int64)
    first = np.flatnonzero(leads)
    found[tokens[first]] = which[first]
    found[tokens[begins[leaders > 1]]] = TIE
    return found


def of_lists(lists: Sequence[NDArray[np.integer[Any]]], rows: int) -> Groups:
    """The number of the list that each of `rows` ids is in; `TIE` for an id in two or more."""
    found = np.full(rows, NO_GROUP, np.int32)
    for number, ids in enumerate(lists):
        there = ids[ids < rows]
        found[there] = np.where(found[there] == NO_GROUP, number, TIE)
    return found


def coloured(
    groups: Groups,
    count: int,
    colours: Sequence[int] | None = None,
    only: NDArray[np.integer[Any]] | None = None,
) -> Grouped:
    """The colours of rows in the groups 0 … `count` − 1: the first, the second …, or `colours`.

    Of a part that is shown alone, `only` these ids are counted.
    """
    counted = groups if only is None else groups[only]
    held = counted[counted >= 0]
    sizes = np.bincount(held, minlength=count)[:count]
    ties = 0 if len(held) == len(counted) else int(np.count_nonzero(counted == TIE))
    shared = COLOURED if count <= COLOURED else COLOURED - 1
    palette = np.full(count + 2, NO_COLOUR, np.uint8)
    palette[:count] = np.minimum(np.arange(count), shared) if colours is None else colours
    palette[TIE] = TIE_COLOUR  # from the end, where the last one is that of `NO_GROUP`
    return Grouped(groups, palette[groups], tuple(sizes.tolist()), ties)
