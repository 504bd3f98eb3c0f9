"""The points of some rows of a table only, on axes that are the PCA of just these.

The others have no points. The rows of the part are kept in a copy, so that a frame costs what
changed in it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.axes import AxesChoice, AxesPolicy, Components, ShownAxes
from core.covariance import Rows
from core.projected import Projected
from core.projection import NOBODY, LiveProjection, Wanted

Ids = NDArray[np.int64]


class IsolatingProjection:
    """A `LiveProjection` of all rows, or of those that were asked for. Used by one thread.

    While a part is shown, that of all rows rests; it goes on from the axes that it had.
    """

    def __init__(self) -> None:
        self._dimensions = 2
        self._policy: AxesPolicy = "follow"
        self._choice: AxesChoice = Components()
        self._given: ShownAxes | None = None
        self._whole = LiveProjection()
        self._part: _Part | None = None
        self._asked: Ids | None = None
        self._changed = False
        self._shape: tuple[int, ...] = ()
        self._step = 0
        self._moved = _none_moved(1)

    @property
    def unfinished(self) -> bool:
        """Whether `advance` has something left to do."""
        part = self._part
        return self._changed or (self._whole if part is None else part.projection).unfinished

    def show_only(self, ids: NDArray[np.integer] | None) -> None:
        """Show these rows only, from the next call on; None, or none that there are: all."""
        self._asked = None if ids is None else np.unique(ids).astype(np.int64)
        self._changed = self._part is not None or self._asked is not None

    def reset(self, rows: Rows, step: int) -> Projected:
        """Begin with another table (V, D), all of whose rows are shown: its ids are others."""
        self._part = self._asked = self._given = None
        self._changed = False
        self._shape, self._step, self._moved = rows.shape, step, _none_moved(rows.shape[1])
        return self._whole.reset(rows, step)

    def update(
        self,
        rows: Rows,
        moved_ids: NDArray[np.integer],
        old_rows: Rows,
        step: int,
        seconds: float,
    ) -> Projected:
        """See `LiveProjection.update`; (V, D) has the D of before."""
        self._shape, self._step = rows.shape, step
        self._moved = Wanted(len(moved_ids), np.arange(len(moved_ids)), old_rows)
        if self._begins(rows):
            return self._begin(rows, seconds)
        if self._part is None:
            return self._whole.update(rows, moved_ids, old_rows, step, seconds)
        return self._part.update(rows, moved_ids, self._moved, step, seconds)

    def update_all(self, rows: Rows, wanted: Wanted, step: int, seconds: float) -> Projected:
        """See `LiveProjection.update_all`."""
        self._shape, self._step, self._moved = rows.shape, step, wanted
        if self._begins(rows):
            return self._begin(rows, seconds)
        if self._part is None:
            return self._whole.update_all(rows, wanted, step, seconds)
        return self._part.update_all(rows, wanted, step, seconds)

    def advance(self, rows: Rows, seconds: float) -> Projected | None:
        """See `LiveProjection.advance`."""
        if rows.shape != self._shape:
            return None
        if self._changed:
            return self._begin(rows, seconds)
        if self._part is None:
            return self._whole.advance(rows, seconds)
        return self._part.advance(rows, self._moved, seconds)

    def set_policy(self, policy: AxesPolicy) -> None:
        """See `LiveProjection.set_policy`."""
        self._policy = policy
        for each in self._both():
            each.set_policy(policy)

    def set_dimensions(self, dimensions: int) -> None:
        """See `LiveProjection.set_dimensions`."""
        self._dimensions = dimensions
        for each in self._both():
            each.set_dimensions(dimensions)

    def set_choice(self, choice: AxesChoice) -> None:
        """See `LiveProjection.set_choice`."""
        self._choice = choice
        for each in self._both():
            each.set_choice(choice)

    def show_axes(self, axes: ShownAxes) -> None:
        """See `LiveProjection.show_axes`: for the rows that are shown from the next call on."""
        if self._changed:
            self._given = axes
        else:
            self._both()[-1].show_axes(axes)

    def _both(self) -> list[LiveProjection]:
        return [self._whole] if self._part is None else [self._whole, self._part.projection]

    def _begins(self, rows: Rows) -> bool:
        """Whether a part, or another part, or all begins to be shown with (V, D) `rows`."""
        if self._part is None or self._asked is None:
            return self._changed
        return self._changed or len(_there(self._asked, rows)) != len(self._part.only)

    def _begin(self, rows: Rows, seconds: float) -> Projected:
        self._changed = False
        given, self._given = self._given, None
        only = NOBODY if self._asked is None else _there(self._asked, rows)
        if not len(only):
            self._part = None
            if given is not None:
                self._whole.show_axes(given)
            return self._whole.update_all(rows, self._moved, self._step, seconds)
        projection = LiveProjection(self._dimensions, self._policy)
        projection.set_choice(self._choice)
        if given is not None:
            projection.show_axes(given)
        self._part = _Part(projection, only)
        return self._part.begin(rows, self._moved, self._step)


class _Part:
    """The rows `only` (n,), and the projection of these alone."""

    def __init__(self, projection: LiveProjection, only: Ids) -> None:
        self.projection, self.only = projection, only
        self._rows: Rows = np.empty((0, 1))

    def begin(self, rows: Rows, moved: Wanted, step: int) -> Projected:
        """Their points in (V, D) `rows` of `step`."""
        self._rows = rows[self.only]
        self.projection.table = rows
        return self._widened(self.projection.reset(self._rows, step), len(rows), moved)

    def update(
        self, rows: Rows, moved_ids: NDArray[np.integer], moved: Wanted, step: int, seconds: float
    ) -> Projected:
        """The same after `rows[moved_ids]` changed."""
        places = np.searchsorted(self.only, moved_ids).clip(max=len(self.only) - 1)
        ours = self.only[places] == moved_ids
        places, old_rows = places[ours], moved.old_rows[ours]
        self._rows[places] = rows[moved_ids[ours]]
        self.projection.table = rows
        projected = self.projection.update(self._rows, places, old_rows, step, seconds)
        return self._widened(projected, len(rows), moved)

    def update_all(self, rows: Rows, moved: Wanted, step: int, seconds: float) -> Projected:
        """The same after any of `rows` may have changed."""
        np.take(rows, self.only, axis=0, out=self._rows)
        self.projection.table = rows
        nobody = _none_moved(rows.shape[1])
        projected = self.projection.update_all(self._rows, nobody, step, seconds)
        return self._widened(projected, len(rows), moved)

    def advance(self, rows: Rows, moved: Wanted, seconds: float) -> Projected | None:
        """The same a little later; None: as before."""
        self.projection.table = rows
        projected = self.projection.advance(self._rows, seconds)
        return None if projected is None else self._widened(projected, len(rows), moved)

    def _widened(self, projected: Projected, rows: int, moved: Wanted) -> Projected:
        """Points for all of `rows`: NaN for those that are not shown."""
        points = np.full((rows, projected.points.shape[1]), np.nan, np.float32)
        points[self.only] = projected.points
        moved_from = np.full((moved.moved, points.shape[1]), np.nan, np.float32)
        moved_from[moved.places] = projected.project(moved.old_rows)
        return replace(
            projected,
            points=points,
            moved_from=moved_from,
            left_out=self.only[projected.left_out],
            only=self.only,
        )


def _there(ids: Ids, rows: Rows) -> Ids:
    """Those of the ascending `ids` that (V, D) `rows` have."""
    return ids[: np.searchsorted(ids, len(rows))]


def _none_moved(dimension: int) -> Wanted:
    return Wanted(0, NOBODY, np.empty((0, dimension)))
