"""Has the rows on screen grouped in clusters, again and again while they train."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.clusters import MODULE, Centres, Grouping, pack, part_of, unpack_centres
from core.looking_problems import ClusteringFailed
from core.messages import Array
from core.progress import Progress
from gui.background import Job
from gui.child_process import ChildProcess
from gui.holds import Hold
from gui.live_run import State
from gui.session_sides import WithRows, WithState
from gui.throttle import Throttle

LEAST_MS = 1000  # between two questions while it trains


class Place(WithRows, WithState, Protocol):
    """What is needed of the session."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The `centres` (k, D) of the rows of `step`; of `grouped` rows, evenly taken of `usable`."""

    centres: NDArray[np.floating[Any]]
    step: int
    grouped: int
    usable: int


@dataclass(frozen=True, eq=False)
class _Question:
    """What is written to the process: the rows are copied into it, and packed, in a thread."""

    message: bytes
    grouped: int
    usable: int


@dataclass(frozen=True, eq=False)
class _Asked:
    step: int
    count: int
    grouped: int = 0
    usable: int = 0


class ClusterFinder(QObject):
    """Asks while clusters are wanted; a process of its own answers, and ends when they are not."""

    changed = Signal()  # what was found
    problemRaised = Signal(object)  # core.problems.AnyProblem

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.found: Clusters | None = None
        self.count = 0  # how many are wanted; 0: none
        self._asked: _Asked | None = None
        self._again = self._stale = False
        self._process: ChildProcess | None = None
        self._job: Job | None = None
        self._due = Throttle(LEAST_MS, self)
        self._due.due.connect(self._look)

    def want(self, count: int) -> None:
        """Group in `count` clusters from now on; 0: not any more."""
        if count != self.count:
            self.count = count
            if count:
                self._due.now()
            else:
                self.forget()
                self._end()

    @Slot()
    def follow(self) -> None:
        """Another step is shown, or training came to rest."""
        if self.count:
            self._due.ask()

    def forget(self) -> None:
        """Another table comes: its clusters are none of those."""
        self.found = None
        self._stale = self._asked is not None

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return 0 if self._process is None else self._process.process_id()

    def close(self) -> None:
        """End the thread and the process."""
        self.count = 0
        if self._job is not None:
            self._job.stop()
            self._job.wait()
        self._end()

    @Slot()
    def _look(self) -> None:
        shown = self._session.shown
        if self._asked is not None or self._job is not None:
            self._again = True
            return
        hold = self._session.hold() if self.count else None
        if shown is None or hold is None:
            return
        self._again = self._stale = False
        self._asked = _Asked(shown.step, self.count)
        before = None if self.found is None else self.found.centres
        if before is not None and (not len(before) or before.shape[1] != shown.rows.shape[1]):
            before = None
        thorough = self._session.state is not State.RUNNING
        work = partial(_question, hold, self.count, before, thorough)
        self._job = Job("clusters", work, self, quiet=True)
        self._job.succeeded.connect(self._ask)
        self._job.failed.connect(self._fail)
        self._job.ended.connect(self._let_go)
        self._job.start()

    @Slot(object)
    def _ask(self, question: _Question) -> None:
        asked = self._asked
        if asked is None or not self.count:
            return
        self._asked = replace(asked, grouped=question.grouped, usable=question.usable)
        if not question.grouped:
            self._take(Centres(Array.of(np.empty((0, 1), np.float32))))
            return
        if self._process is None:
            self._process = ChildProcess("clusters", MODULE, unpack_centres, self)
            self._process.reported.connect(self._take)
            self._process.ended.connect(self._lose)
            self._process.start()
        self._process.write(question.message)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._asked = None
        raise error  # a fault of ours: the window says so

    @Slot(object)
    def _let_go(self, job: Job) -> None:
        self._job = None
        job.deleteLater()
        if not self.count:
            self._asked = None
        elif self._asked is None:  # they were not wanted for a moment
            self._due.ask()

    @Slot(object)
    def _take(self, answer: Centres) -> None:
        asked, self._asked = self._asked, None
        if asked is not None and not self._stale:
            centres = answer.rows.numpy()
            self.found = Clusters(centres, asked.step, asked.grouped, asked.usable)
            self.changed.emit()
        if self._again or self._stale or (asked is not None and asked.count != self.count):
            self._due.ask()

    @Slot(str)
    def _lose(self, how: str) -> None:
        self._end()
        self.problemRaised.emit(ClusteringFailed(how))

    def _end(self) -> None:
        self._asked = None
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.close()
            process.deleteLater()


def _question(
    hold: Hold,
    count: int,
    before: NDArray[np.floating[Any]] | None,
    thorough: bool,
    _progress: Progress,
) -> _Question:
    with hold:
        assert hold.rows is not None
        part = part_of(hold.rows)
    known = None if before is None else Array.of(before)
    message = pack(Grouping(Array.of(part.rows), count, known, thorough))
    return _Question(message, len(part.rows), part.of)
