"""Makes a map of some rows, or lets one go on from where it was."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from core.maps.work import Points, Readied, Tell, ready, size_of
from core.problems import MapRefusal, MapRefused, ProblemError
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


class _Shown:
    """What was told of last, laid upon what was shown before it."""

    def __init__(self, readied: Readied, before: Points, size: float, tell: Tell) -> None:
        self._readied, self._tell, self._size = readied, tell, size
        self._before = before
        self.points: NDArray[np.float32] | None = None
        self.scale, self.done = 0.0, 0

    def tell(self, stage: Stage, done: int, total: int, raw: Points | None) -> None:
        """Pass on what the method tells, its points as they are to be shown."""
        if raw is not None:
            self.done = done
            self._before = laid_upon(raw, self._before, self._size)
            self.scale = self._size / size_of(raw)
            self.points = _with_gaps(self._before, self._readied.kept)
        self._tell(stage, done, total, self.points)


def grow(task: Task, tell: Tell) -> Map:
    """Make the map; `tell` gets points (n, k) float32 as they are to be shown.

    Ended by `Cancelled` from `tell`, it gives what there is by then. Raises
    `ProblemError(MapRefused)` if the rows cannot be mapped.
    """
    settings = task.settings
    tell("starting", 0, 0, None)
    readied = ready(task.rows, settings.metric)
    _check(task, readied)
    rows, kept = readied.rows, readied.kept
    plane = np.nan_to_num(task.plane[kept].astype(np.float64), posinf=0, neginf=0)
    neighbours = fitting_neighbours(settings, len(rows))
    start = None if task.start is None else task.start[kept].astype(np.float64)
    goes_on = start is not None and task.scale > 0 and bool(np.isfinite(start).all(axis=1).any())
    shown: _Shown | None = None
    try:
        near = nearest_rows(rows, looked_at(settings, len(rows)), tell)
        if goes_on:
            assert start is not None
            before = placed_among(start, near)
            raw = (before - before.mean(axis=0)) / task.scale
        else:
            before = plane
            raw = (tsne if settings.method == "tsne" else umap).started(plane)
        shown = _Shown(readied, before, size_of(before), tell)
        if settings.method == "tsne":
            tsne.grow(near, raw, neighbours, settings.iterations, not goes_on, shown.tell)
        else:
            umap.grow(near, raw, settings.iterations, not goes_on, shown.tell)
    except Cancelled:
        if shown is None or shown.points is None:
            return Map(None, 0.0, neighbours, readied.left_out, None, 0, stopped=True)
    assert shown is not None
    assert shown.points is not None
    trust = trust_in(rows, shown.points[kept], plane)
    stopped = shown.done < settings.iterations
    return Map(shown.points, shown.scale, neighbours, readied.left_out, trust, shown.done, stopped)


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
