"""The one place that runs work off the UI thread: progress, Stop, success, failure.

    job = background.run(self.tr("Reading the file"), work)
    job.succeeded.connect(self._show)

`work` gets a function `progress(done, total) -> bool` and ends by `Cancelled` when it says False.
All signals arrive on the UI thread, after the call that started the job has returned.
"""

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal, Slot

from core.progress import Cancelled, Progress

Work = Callable[[Progress], object]

log = logging.getLogger(__name__)
_SECONDS_BETWEEN_NEWS = 0.05
_SECONDS_TO_GUESS_FROM = 1.0


class Job(QThread):
    """One piece of work under way.

    Exactly one of `succeeded`, `failed`, `stopped` comes, then `ended` with the job itself.
    """

    progressed = Signal(int, int)
    succeeded = Signal(object)
    failed = Signal(object)
    stopped = Signal()
    ended = Signal(object)

    def __init__(
        self, what: str, work: Work, parent: QObject | None = None, *, quiet: bool = False
    ) -> None:
        super().__init__(parent)
        self.what = what
        self.quiet = quiet
        self.done, self.total = 0, 0
        self._work: Work | None = work
        self._stop = False
        self._result: object = None
        self._error: Exception | None = None
        self._last_news = 0.0
        self._begun = time.monotonic()
        self.progressed.connect(self._note)
        self.finished.connect(self._tell)

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take if it goes on as it did; None while nobody can tell."""
        taken = time.monotonic() - self._begun
        if taken < _SECONDS_TO_GUESS_FROM or not 0 < self.done <= self.total:
            return None
        return taken * (self.total - self.done) / self.done

    def stop(self) -> None:
        """Ask the work to end; nothing of it will be shown."""
        self._stop = True

    def run(self) -> None:
        """In the worker thread: do the work and keep what came of it."""
        work, self._work = self._work, None
        if work is None or self._stop:
            return
        try:
            self._result = work(self._progress)
        except Cancelled:
            self._stop = True
        except Exception as error:
            # Handed to whoever listens to `failed`, on the UI thread.
            log.debug("%s failed", self.what, exc_info=True)
            self._error = error

    def _progress(self, done: int, total: int) -> bool:
        now = time.monotonic()
        if now - self._last_news >= _SECONDS_BETWEEN_NEWS:
            self._last_news = now
            self.progressed.emit(done, total)
        return not self._stop

    @Slot(int, int)
    def _note(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    @Slot()
    def _tell(self) -> None:
        result, self._result = self._result, None
        if self._stop:
            self.stopped.emit()
        elif self._error is not None:
            self.failed.emit(self._error)
        else:
            self.succeeded.emit(result)
        self.ended.emit(self)


class Background(QObject):
    """The jobs under way; `changed` whenever one begins, moves on or ends."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []

    @property
    def current(self) -> Job | None:
        """The job begun last that is still under way and not quiet."""
        return next((job for job in reversed(self._jobs) if not job.quiet), None)

    def run(self, what: str, work: Work, *, quiet: bool = False) -> Job:
        """Begin `work` in a thread of its own; `what` is said in the status bar.

        Not so if it is `quiet`: short work that nobody asked for just now.
        """
        job = Job(what, work, self, quiet=quiet)
        job.progressed.connect(self._job_moved)
        job.ended.connect(self._job_ended)
        self._jobs.append(job)
        job.start()
        self.changed.emit()
        return job

    @Slot()
    def stop(self) -> None:
        """Ask the current job to end."""
        if self.current is not None:
            self.current.stop()

    def close(self) -> None:
        """End every job and wait for it; called when the window closes."""
        for job in self._jobs:
            job.stop()
        for job in self._jobs:
            job.wait()

    @Slot(int, int)
    def _job_moved(self, _done: int, _total: int) -> None:
        self.changed.emit()

    @Slot(object)
    def _job_ended(self, job: Job) -> None:
        self._jobs.remove(job)
        job.deleteLater()
        self.changed.emit()
