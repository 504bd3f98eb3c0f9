"""What a frame needs before it may be shown: its points, computed off the UI thread.

One frame at a time, with the view turned on in between; of those that come meanwhile, the newest.
"""

from typing import Any, Protocol

from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.projection import Projected
from gui.projector import ProjectionJob, Projector
from gui.run_history import RunHistory
from gui.run_state import State
from gui.shown import Arrived, Shown

FRAME_MS = 16


class Run(Protocol):
    """The run that the frames are of, as far as it matters here."""

    state: State
    shown: Shown | None
    history: RunHistory | None

    @property
    def is_shown(self) -> bool:
        """Whether what is on screen is the run that was opened last."""


class FramePoints(QObject):
    """Makes whole steps of the frames of `run`."""

    completed = Signal(object, object)  # Arrived, and the Shown that it makes
    turned = Signal(object)  # Shown: the step on screen under other axes
    failed = Signal()  # a frame has no points, and will not be complete

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._number = 0
        self._waiting: Arrived | None = None
        self._projecting: Arrived | None = None
        # Not what is shown: a frame may have been projected, and then not be wanted any more.
        self._projected: tuple[RunHistory | None, NDArray[Any] | None] = (None, None)
        self._turn_wanted = False
        self.projector = Projector(self)  # to be told what is shown of the rows
        self.projector.projected.connect(self._complete)
        self.projector.failed.connect(self._fail)
        self.projector.aimed.connect(self._want_turn)
        self._turning = QTimer(self)
        self._turning.setSingleShot(True)
        self._turning.setInterval(FRAME_MS)
        self._turning.timeout.connect(self._turn)

    def begin(self, number: int) -> None:
        """Want no frames but those of the run with this number."""
        self._number = number
        self._waiting = None

    def take(self, arrived: Arrived) -> None:
        """Complete this frame as soon as the one before it is complete."""
        self._waiting = arrived
        self._project()

    def rest(self) -> None:
        """No frame is to be expected for a while: there is time to bring the view to its end."""
        if self.projector.unfinished:
            self._turning.start()

    def _project(self) -> None:
        """Have the points of the waiting frame computed, unless others still are."""
        if self._waiting is None or self.projector.busy:
            return
        arrived, self._waiting = self._waiting, None
        frame, buffer = arrived
        run, shown = self._run, self._run.shown
        if shown is not None and run.is_shown and shown.is_repeated_by(frame):
            self._projected = (run.history, buffer.rows)
            self.completed.emit(arrived, shown.again(frame, buffer))
            return
        self._projecting = arrived
        history, rows = self._projected
        before = rows if history is run.history else None
        self._projected = (run.history, buffer.rows)
        moved = None if frame.whole else buffer.moved_ids[: frame.moved]
        by = None if frame.whole else buffer.moved_by[: frame.moved]
        self.projector.project(ProjectionJob(buffer.rows, frame.step, before, moved, by))

    @Slot(object)
    def _complete(self, projected: Projected | None) -> None:
        run, shown = self._run, self._run.shown
        arrived, self._projecting = self._projecting, None
        if arrived is None:
            if projected is not None and shown is not None:
                self.turned.emit(shown.turned(projected))
        elif projected is not None and arrived.frame.run == self._number:
            before = shown if run.is_shown else None
            step = Shown.of(arrived.frame, arrived.buffer, projected, before)
            self.completed.emit(arrived, step)
        self._project()
        turning = projected is not None and projected.turning < 1
        # While it runs, the next frame must not wait for work on the axes of this one.
        idle = run.state is not State.RUNNING
        if self._turn_wanted or turning or (idle and self.projector.unfinished):
            self._turning.start()

    @Slot()
    def _fail(self) -> None:
        arrived, self._projecting = self._projecting, None
        self._projected = (None, None)  # the next frame begins anew
        if arrived is not None and arrived.frame.run == self._number:
            self.failed.emit()
        else:
            self._project()

    @Slot()
    def _want_turn(self) -> None:
        self._turn_wanted = True
        self._turning.start()

    @Slot()
    def _turn(self) -> None:
        """Compute the view as it is now; a projection under way asks again when it is done."""
        shown, (_, projected) = self._run.shown, self._projected
        if shown is None or self.projector.busy:
            return
        if projected is None and self._run.is_shown:  # the turn before failed
            self._turn_wanted = False
            self._projected = (self._run.history, shown.rows)
            self.projector.project(ProjectionJob(shown.rows, shown.step, None, None))
        elif shown.rows is projected:
            self._turn_wanted = False
            self.projector.turn(shown.rows)
