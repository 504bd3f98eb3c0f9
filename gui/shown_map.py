"""A map as it is on screen, and one that is being made."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.maps.messages import Growing, Grown, Stage, Trust
from core.maps.settings import MapSettings
from core.messages import Array


@dataclass(frozen=True, eq=False)
class ShownMap:
    """A map of the rows `ids` (n,) of `step`.

    `points` float32 (V, k) of all rows that the table had: NaN where one has none. `of` is how
    many rows `ids` were chosen from, `left_out` those of them that cannot be mapped. `neighbours`
    is what the settings were lowered to, 0 while that is not known. `trust` was measured at the
    step `trusted`; `beside_pca` says that the view beside it is the PCA, not one that was chosen.
    """

    settings: MapSettings
    points: NDArray[np.float32]
    ids: NDArray[np.int64]
    of: int
    step: int
    scale: float
    beside_pca: bool
    complete: bool = False
    neighbours: float = 0.0
    left_out: tuple[int, ...] = ()
    trust: Trust | None = None
    trusted: int = 0

    @property
    def rows(self) -> int:
        """How many rows the table had."""
        return len(self.points)

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.points.shape[1])

    def start_of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The points (n, k) of `ids`; NaN for those it lacks."""
        start = np.full((len(ids), self.dimensions), np.nan, np.float32)
        known = ids < self.rows
        start[known] = self.points[ids[known]]
        return start

    def fitted(self, view: NDArray[Any]) -> NDArray[np.float32]:
        """The points (V, k) beside a linear `view` (V, k) of maybe more or fewer rows.

        What the view leaves out is left out here too. Where nothing differs it is `points` itself.
        """
        both = min(self.rows, len(view))
        lost = self.ids[self.ids < both]
        lost = lost[np.isnan(view[lost, 0]) & np.isfinite(self.points[lost, 0])]
        if self.rows == len(view) and not len(lost):
            return self.points
        points = np.full((len(view), self.dimensions), np.nan, np.float32)
        points[:both] = self.points[:both]
        points[lost] = np.nan
        return points


@dataclass(eq=False)
class Making:
    """A map under way: the `number` it is known by, and what it is made of.

    `before` is the map that it goes on from, None for a new one.
    """

    number: int
    settings: MapSettings
    dimensions: int
    ids: NDArray[np.int64]
    of: int
    rows: int
    step: int
    beside_pca: bool
    before: ShownMap | None
    path: Path | None = None  # of its rows, once they are written
    stage: Stage = "starting"
    done: int = 0
    total: int = 0
    _began: float = 0.0
    _began_at: int = 0

    def note(self, growing: Growing) -> None:
        """Take down how far it is."""
        if growing.stage != self.stage:
            self.stage = growing.stage
            self._began, self._began_at = time.monotonic(), growing.done
        self.done, self.total = growing.done, growing.total

    def seconds_left(self) -> float | None:
        """How long the stage under way still takes; None while nothing can be said."""
        done = self.done - self._began_at
        if done <= 0 or self.total <= 0:
            return None
        return (time.monotonic() - self._began) / done * (self.total - self.done)

    def forming(self, growing: Growing) -> ShownMap | None:
        """How the map looks by now, if it has points."""
        return self._shown(growing.points, growing.scale)

    def made(self, grown: Grown) -> ShownMap | None:
        """How the map looks in the end, if it has points."""
        shown = self._shown(grown.points, grown.scale)
        if shown is None:
            return None
        return replace(
            shown,
            complete=shown.complete or not grown.stopped,
            neighbours=grown.neighbours,
            left_out=tuple(self.ids[np.array(grown.left_out, np.intp)].tolist()),
            trust=grown.trust,
            trusted=self.step,
        )

    def _shown(self, points: Array | None, scale: float) -> ShownMap | None:
        if points is None:
            return None
        spread = np.full((self.rows, self.dimensions), np.nan, np.float32)
        spread[self.ids] = points.numpy()
        now = ShownMap(self.settings, spread, self.ids, self.of, self.step, scale, self.beside_pca)
        before = self.before
        if before is None:
            return now
        return replace(
            now,
            complete=before.complete,
            neighbours=before.neighbours,
            left_out=before.left_out,
            trust=before.trust,
            trusted=before.trusted,
        )
