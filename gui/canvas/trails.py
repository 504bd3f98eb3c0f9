"""Where points have been: the arrows of one step, and trails that fade while training runs.

A trail keeps rows, not points: when the axes turn, the whole trail turns with them, so that it
never shows a movement that was only the view's.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_TRAILS = 24
LONGEST_TRAIL = 60
_MOST_NUMBERS = 400_000  # kept in all; bounds memory and the work of projecting again

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Moves:
    """The moves of one step: row `ids[i]` (m,) came from `starts[i]` (m, k).

    `by_gradient[i]` is False where the row got no gradient and moved all the same.
    """

    ids: NDArray[np.integer]
    starts: Floats
    by_gradient: NDArray[np.bool_]
    total: int  # how many rows moved, of which these are the largest moves


@dataclass(frozen=True)
class Trail:
    """The way of row `id`: `points` (T, k), oldest first."""

    id: int
    points: Floats


class TrailKeeper:
    """Keeps the last rows of the few points whose way is drawn."""

    def __init__(self) -> None:
        self._rows: dict[int, deque[Floats]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        """Forget every trail."""
        self._rows.clear()

    def follow(self, ids: Iterable[int], rows: Floats) -> None:
        """Add the rows `ids` of the table `rows` (V, D) to their trails; drop all other trails.

        The first `MOST_TRAILS` of `ids` are followed.
        """
        wanted = tuple(dict.fromkeys(ids))[:MOST_TRAILS]
        longest = trail_length(rows.shape[1])
        self._rows = {
            id_: self._rows.get(id_) or deque(maxlen=longest) for id_ in wanted if id_ < len(rows)
        }
        for id_, kept in self._rows.items():
            kept.append(rows[id_].copy())

    def projected(self, project: Callable[[Floats], Floats]) -> tuple[Trail, ...]:
        """Every trail of two points or more, all under the basis that `project` now has."""
        long = {id_: kept for id_, kept in self._rows.items() if len(kept) > 1}
        if not long:
            return ()
        points = project(np.stack([row for kept in long.values() for row in kept]))
        ends = np.cumsum([len(kept) for kept in long.values()])
        return tuple(
            Trail(id_, part) for id_, part in zip(long, np.split(points, ends[:-1]), strict=True)
        )


def trail_length(columns: int) -> int:
    """How many rows of `columns` numbers a trail keeps: fewer when the rows are long."""
    return max(2, min(LONGEST_TRAIL, _MOST_NUMBERS // (MOST_TRAILS * max(columns, 1))))


class MostMoved:
    """The points that moved most lately, without another list at every frame.

    A move counts `_FADE` as much with every frame that passes; a point that is in stays until
    it is no longer among the first `keep`.
    """

    _FADE = 0.9

    def __init__(self, count: int = 8, keep: int = 24) -> None:
        self._count, self._keep = count, keep
        self._amounts: dict[int, float] = {}
        self._ids: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """At most `count` ids."""
        return self._ids

    def clear(self) -> None:
        """Forget all moves."""
        self._amounts, self._ids = {}, ()

    def still(self, ids: NDArray[np.integer], amounts: Floats) -> None:
        """One step was made by hand: only its moves count."""
        self.clear()
        self.running(ids, amounts)

    def running(self, ids: NDArray[np.integer], amounts: Floats) -> None:
        """Add the moves of one frame of a run."""
        scores = {id_: self._FADE * amount for id_, amount in self._amounts.items()}
        for place in largest(amounts, self._keep).tolist():
            id_ = int(ids[place])
            scores[id_] = scores.get(id_, 0.0) + float(amounts[place])
        leading = sorted(scores, key=lambda id_: -scores[id_])[: self._keep]
        self._amounts = {id_: scores[id_] for id_ in leading}
        stay = [id_ for id_ in self._ids if id_ in self._amounts]
        self._ids = tuple(dict.fromkeys(stay + leading))[: self._count]


MOST_MARKS = 40  # rings and arrows: more hide the points; the largest are drawn, the key says so


def largest(amounts: Floats, count: int) -> NDArray[np.intp]:
    """The places of the `count` largest of `amounts` (m,) that are above 0, largest first."""
    sizes = np.nan_to_num(amounts, nan=0.0, posinf=0.0, neginf=0.0)
    places = np.flatnonzero(sizes > 0)
    if len(places) > count:
        places = places[np.argpartition(-sizes[places], count - 1)[:count]]
    return places[np.argsort(-sizes[places], kind="stable")]
