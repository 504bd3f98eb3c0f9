"""Computes the points of each step in a thread of its own, one job at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal, Slot

from core.axes import ShownAxes
from core.isolation import IsolatingProjection
from core.projection import AxesChoice, AxesPolicy, Projected, Wanted
from gui.canvas.trails import MOST_MARKS, largest


@dataclass(frozen=True, eq=False)
class ProjectionJob:
    """A table to project: `rows` (V, D) of `step`, of which `moved_ids` (m,) differ from `before`.

    `before` is the table shown until now (it may have fewer or more rows), None to begin anew.
    `moved_by` (m,) says how far each moved. `moved_ids` None means that whatever differs is to be
    found out.
    """

    rows: NDArray[Any]
    step: int
    before: NDArray[Any] | None
    moved_ids: NDArray[Any] | None
    moved_by: NDArray[Any] | None = None

    @property
    def dense(self) -> bool:
        """Whether so many rows moved that looking at each costs more than reading all."""
        return (
            self.before is not None
            and self.moved_ids is not None
            and self.moved_by is not None
            and 2 * len(self.moved_ids) >= len(self.rows) == len(self.before)
        )


class _Worker(QObject):
    """Lives in the thread; owns the projection."""

    projected = Signal(object, bool)  # Projected | None, and whether there is more to do
    failed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._projection = IsolatingProjection()
        self._last = time.perf_counter()

    @Slot(object)
    def project(self, job: ProjectionJob) -> None:
        """Project a changed table."""
        with self._telling_of_failure():
            self._tell(self._projected(job))

    @Slot(object)
    def turn(self, rows: NDArray[Any]) -> None:
        """Turn the view on, over an unchanged table."""
        with self._telling_of_failure():
            self._tell(self._projection.advance(rows, self._seconds()))

    @contextmanager
    def _telling_of_failure(self) -> Iterator[None]:
        try:
            yield
        except Exception:
            self.failed.emit()
            raise  # a fault, or there was no memory: said where faults are

    def _projected(self, job: ProjectionJob) -> Projected:
        if job.before is None or job.before.shape[1] != job.rows.shape[1]:
            return self._projection.reset(job.rows, job.step)
        if job.dense:
            wanted = _arrows(job)
            return self._projection.update_all(job.rows, wanted, job.step, self._seconds())
        moved = _differing(job) if job.moved_ids is None else job.moved_ids
        old = _rows_or_nan(job.before, moved)
        return self._projection.update(job.rows, moved, old, job.step, self._seconds())

    @Slot(str)
    def set_policy(self, policy: AxesPolicy) -> None:
        """See `LiveProjection.set_policy`."""
        self._projection.set_policy(policy)

    @Slot(int)
    def set_dimensions(self, dimensions: int) -> None:
        """See `LiveProjection.set_dimensions`."""
        self._projection.set_dimensions(dimensions)

    @Slot(object)
    def set_choice(self, choice: AxesChoice) -> None:
        """See `LiveProjection.set_choice`."""
        self._projection.set_choice(choice)

    @Slot(object)
    def show_axes(self, axes: ShownAxes) -> None:
        """See `LiveProjection.show_axes`."""
        self._projection.show_axes(axes)

    @Slot(object)
    def show_only(self, ids: NDArray[np.integer] | None) -> None:
        """See `IsolatingProjection.show_only`."""
        self._projection.show_only(ids)

    def _tell(self, projected: Projected | None) -> None:
        self.projected.emit(projected, self._projection.unfinished)

    def _seconds(self) -> float:
        last, self._last = self._last, time.perf_counter()
        return self._last - last


def _arrows(job: ProjectionJob) -> Wanted:
    assert job.before is not None
    assert job.moved_ids is not None
    assert job.moved_by is not None
    places = largest(job.moved_by, MOST_MARKS)
    return Wanted(len(job.moved_ids), places, job.before[job.moved_ids[places]])


def _differing(job: ProjectionJob) -> NDArray[np.int64]:
    assert job.before is not None
    both = min(len(job.before), len(job.rows))
    differs = np.ones(len(job.rows), bool)
    differs[:both] = (job.rows[:both] != job.before[:both]).any(axis=1)
    return np.flatnonzero(differs)


def _rows_or_nan(before: NDArray[Any], ids: NDArray[Any]) -> NDArray[Any]:
    """The rows `ids` of `before`; NaN for those it lacks."""
    if not len(ids) or ids.max() < len(before):
        old: NDArray[Any] = before[ids]
        return old
    rows = np.full((len(ids), before.shape[1]), np.nan, before.dtype)
    there = ids < len(before)
    rows[there] = before[ids[there]]
    return rows


class Projector(QObject):
    """The thread, seen from the window: ask, and `projected` comes; `busy` in between.

    `unfinished` says whether a `turn` over the same rows would still change something.

    One job at a time, so that the caller knows when nobody reads a buffer any more.
    """

    projected = Signal(object)  # Projected, or None if a turn changed nothing
    failed = Signal()  # instead of `projected`; the next job is to begin anew
    aimed = Signal()  # something else is to be shown of the same rows: ask for a `turn`
    _project = Signal(object)
    _turn = Signal(object)
    _set_policy = Signal(str)
    _set_dimensions = Signal(int)
    _set_choice = Signal(object)
    _show_axes = Signal(object)
    _show_only = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.busy = self.unfinished = False
        self._thread = QThread(self)
        self._thread.setObjectName("projector")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._project.connect(self._worker.project)
        self._turn.connect(self._worker.turn)
        self._set_policy.connect(self._worker.set_policy)
        self._set_dimensions.connect(self._worker.set_dimensions)
        self._set_choice.connect(self._worker.set_choice)
        self._show_axes.connect(self._worker.show_axes)
        self._show_only.connect(self._worker.show_only)
        self._worker.projected.connect(self._finish)
        self._worker.failed.connect(self._fail)
        self._thread.start()

    def project(self, job: ProjectionJob) -> None:
        """Begin `job`; not while `busy`."""
        self.busy = True
        self._project.emit(job)

    def turn(self, rows: NDArray[Any]) -> None:
        """Turn the view on over `rows`; not while `busy`."""
        self.busy = True
        self._turn.emit(rows)

    def set_policy(self, policy: AxesPolicy) -> None:
        """Follow or hold, from the next job on."""
        self._set_policy.emit(policy)
        self.aimed.emit()

    def set_dimensions(self, dimensions: int) -> None:
        """Show 2 or 3 dimensions, from the next job on."""
        self._set_dimensions.emit(dimensions)
        self.aimed.emit()

    def set_choice(self, choice: AxesChoice) -> None:
        """Show other axes, from the next job on."""
        self._set_choice.emit(choice)
        self.aimed.emit()

    def show_axes(self, axes: ShownAxes) -> None:
        """Show these axes, from the next job on."""
        self._show_axes.emit(axes)
        self.aimed.emit()

    def show_only(self, ids: NDArray[np.integer] | None) -> None:
        """Show the points with these ids alone, or all, from the next job on."""
        self._show_only.emit(ids)
        self.aimed.emit()

    def close(self) -> None:
        """End the thread."""
        self._thread.quit()
        self._thread.wait()

    @Slot(object, bool)
    def _finish(self, projected: Projected | None, unfinished: bool) -> None:
        self.busy, self.unfinished = False, unfinished
        self.projected.emit(projected)

    @Slot()
    def _fail(self) -> None:
        self.busy = self.unfinished = False
        self.failed.emit()
