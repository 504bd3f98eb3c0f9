"""Looks for the nearest rows in a thread of its own, one job at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, Signal, Slot

from core.neighbourhood import Answer, Neighbourhood, Question
from core.problems import ProblemError
from gui.holds import Hold


@dataclass(frozen=True, eq=False)
class Look:
    """A look at the rows of `step` that `hold` keeps as they are.

    `moved_ids` (m,) of them have changed since the look before; None: any may have. `mark` has
    this very step kept, to compare later ones with.
    """

    hold: Hold
    step: int
    moved_ids: NDArray[np.integer[Any]] | None
    question: Question | None
    mark: bool = False


class _Worker(QObject):
    """Lives in the thread; owns what is known of the table."""

    looked = Signal(object)  # Answer | None
    refused = Signal(object)  # core.problems.AnyProblem
    kept = Signal(object)  # KeptTable

    def __init__(self) -> None:
        super().__init__()
        self._place = Neighbourhood()

    @Slot(object)
    def look(self, look: Look) -> None:
        """Take note of the table, mark it if wished, and answer."""
        answer: Answer | None = None
        try:
            with look.hold as hold:
                rows = hold.rows
                if rows is not None:
                    self._place.follow(rows, look.moved_ids)
                    if look.mark:
                        self._mark(rows, look.step)
                    if look.question is not None:
                        answer = self._place.answer(rows, look.step, look.question)
        finally:
            self.looked.emit(answer)

    def _mark(self, rows: NDArray[Any], step: int) -> None:
        try:
            self.kept.emit(self._place.mark(rows, step))
        except ProblemError as error:
            self.refused.emit(error.problem)

    @Slot()
    def forget_mark(self) -> None:
        """See `Neighbourhood.forget_mark`."""
        self._place.forget_mark()


class NeighbourWorker(QObject):
    """The thread, seen from the window: ask, and `looked` comes; `busy` in between.

    It starts with the first question: a window in which nobody asks needs no thread for it.
    """

    looked = Signal(object)  # Answer | None
    refused = Signal(object)  # the mark that was wished could not be kept
    kept = Signal(object)  # KeptTable: the mark that was wished
    _look = Signal(object)
    _forget_mark = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.busy = False
        self._thread = QThread(self)
        self._thread.setObjectName("neighbours")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._look.connect(self._worker.look)
        self._forget_mark.connect(self._worker.forget_mark)
        self._worker.looked.connect(self._finish)
        self._worker.refused.connect(self.refused)
        self._worker.kept.connect(self.kept)

    def look(self, look: Look) -> None:
        """Begin; not while `busy`."""
        self.busy = True
        if not self._thread.isRunning():
            self._thread.start()
        self._look.emit(look)

    def forget_mark(self) -> None:
        """Keep no marked step any more, from the next look on."""
        self._forget_mark.emit()

    def close(self) -> None:
        """End the thread."""
        self._thread.quit()
        self._thread.wait()
        self._worker.forget_mark()

    @Slot(object)
    def _finish(self, answer: Answer | None) -> None:
        self.busy = False
        self.looked.emit(answer)
