"""Makes a map of some rows, or lets one go on from where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.looking_problems import MapRefusal, MapRefused
from core.maps import tsne, umap
from core.maps.laying import laid_upon
from core.maps.messages import Stage, Trust
from core.maps.nearest_rows import NearestRows, nearest_rows
from core.maps.settings import (
    FEWEST_ROWS,
    MapSettings,
    fitting_neighbours,
    is_installed,
    looked_at,
)
from core.maps.trust import trust_in
from core.maps.work import Points, Readied, ready, size_of
from core.problems import ProblemError
from core.progress import Cancelled

AMIDST = 5
"""Of how many of its nearest rows a row that has no place yet is put in the middle."""


@dataclass(frozen=True, eq=False)
class Task:
    """`rows` (n, D) to map; see `core.maps.messages.Grow`."""

    rows: NDArray[Any]
    settings: MapSettings
    plane: NDArray[np.float32]
    start: NDArray[np.float32] | None = None
    scale: float = 0.0


@dataclass(frozen=True, eq=False)
class Map:
    """What came of it; see `core.maps.messages.Grown`."""

    points: NDArray[np.float32] | None
    scale: float
    neighbours: float
    left_out: tuple[int, ...]
    trust: Trust | None
    done: int
    stopped: bool


@dataclass(frozen=True, eq=False)
class Drawn:
    """A map as it is to be shown: `points` float32 (n, k) are `scale` × those of the method."""

    points: NDArray[np.float32]
    scale: float


Listen = Callable[[Stage, int, int, Drawn | None], None]
"""Told (stage, done, total, how it looks); raises `Cancelled` to end the work."""


class _Shown:
    """What was told of last, laid upon what was shown before it."""

    def __init__(self, readied: Readied, before: Points, listen: Listen) -> None:
        self._readied, self._listen = readied, listen
        self._before, self._size = before, size_of(before)
        self.drawn: Drawn | None = None
        self.done = 0

    def tell(self, stage: Stage, done: int, total: int, raw: Points | None) -> None:
        """Pass on what the method tells, its points as they are to be shown."""
        if raw is not None:
            self.done = done
            self._before = laid_upon(raw, self._before, self._size)
            points = _with_gaps(self._before, self._readied.kept)
            self.drawn = Drawn(points, self._size / size_of(raw))
        self._listen(stage, done, total, self.drawn)


def grow(task: Task, listen: Listen) -> Map:
    """Make the map, or let it go on.

    Ended by `Cancelled` from `listen`, it gives what there is by then. Raises
    `ProblemError(MapRefused)` if the rows cannot be mapped.
    """
    settings = task.settings
    listen("starting", 0, 0, None)
    readied = ready(task.rows, settings.metric)
    _check(task, readied)
    rows, kept = readied.rows, readied.kept
    plane = np.nan_to_num(task.plane[kept].astype(np.float64), posinf=0, neginf=0)
    neighbours = fitting_neighbours(settings, len(rows))
    shown: _Shown | None = None
    try:
        near = nearest_rows(
            rows,
            looked_at(settings, len(rows)),
            lambda stage, done, total, _points: listen(stage, done, total, None),
        )
        start = _start(task, kept, near)
        shown = _Shown(readied, plane if start is None else start, listen)
        new = start is None
        if settings.method == "tsne":
            raw = tsne.started(plane) if start is None else _raw(start, task.scale)
            tsne.grow(near, raw, neighbours, settings.iterations, new, shown.tell)
        else:
            raw = umap.started(plane) if start is None else _raw(start, task.scale)
            umap.grow(near, raw, settings.iterations, new, shown.tell)
    except Cancelled:
        pass  # what there is by now is wanted
    if shown is None or shown.drawn is None:
        return Map(None, 0.0, neighbours, readied.left_out, None, 0, stopped=True)
    drawn, stopped = shown.drawn, shown.done < settings.iterations
    trust = trust_in(rows, drawn.points[kept], plane)
    return Map(drawn.points, drawn.scale, neighbours, readied.left_out, trust, shown.done, stopped)


def _start(task: Task, kept: NDArray[np.bool_], near: NearestRows) -> NDArray[np.float64] | None:
    """Where a map goes on from; None if it is new."""
    if task.start is None or not task.scale > 0:
        return None
    start = task.start[kept]
    return placed_among(start, near) if np.isfinite(start).all(axis=1).any() else None


def _raw(start: Points, scale: float) -> NDArray[np.float64]:
    """Points as they are shown in the method's own units."""
    values = np.asarray(start, np.float64)
    raw: NDArray[np.float64] = (values - values.mean(axis=0)) / scale
    return raw


def placed_among(start: Points, near: NearestRows) -> NDArray[np.float64]:
    """`start` (n, k), with rows that have no place yet put amidst their nearest that have one."""
    placed = np.array(start, np.float64)
    known = np.asarray(np.isfinite(placed).all(axis=1))
    middle = placed[known].mean(axis=0)
    for id_ in np.flatnonzero(~known).tolist():
        others = near.ids[id_][known[near.ids[id_]]][:AMIDST]
        placed[id_] = placed[others].mean(axis=0) if len(others) else middle
    return placed


def _check(task: Task, readied: Readied) -> None:
    method, rows = task.settings.method, len(readied.rows)

    def refuse(reason: MapRefusal) -> ProblemError:
        return ProblemError(MapRefused(reason, method, rows))

    if not is_installed(method):
        raise refuse("not-installed")
    if task.rows.shape[1] < 2:
        raise refuse("one-column")
    if rows < FEWEST_ROWS:
        raise refuse("few-rows")
    if (readied.rows == readied.rows[0]).all():
        raise refuse("equal-rows")


def _with_gaps(points: Points, kept: NDArray[np.bool_]) -> NDArray[np.float32]:
    filled = np.full((len(kept), points.shape[1]), np.nan, np.float32)
    filled[kept] = points
    return filled
