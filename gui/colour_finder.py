"""Finds the colours of a large table in a thread, and then rests: training needs the memory too."""

from functools import partial

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from core.colour_scale import Graded
from core.colour_values import Grouped
from core.progress import Progress
from gui.background import Job
from gui.colour_work import Work
from gui.holds import Hold

LEAST_MS = 250
REST = 3
"""So many times as long as it took there is no other look at the table."""


class ColourFinder(QObject):
    """One piece of work at a time; `found` comes unless the work fails, then `rested`."""

    found = Signal(object, object, int)  # the Work, Graded | Grouped, and the number it came with
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._doing: tuple[Work, int] | None = None
        self._took = QElapsedTimer()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self.rested)

    @property
    def busy(self) -> bool:
        """Whether nothing can be begun."""
        return self._job is not None or self._rest.isActive()

    def look(self, hold: Hold, work: Work, number: int) -> None:
        """Begin `work`, on the rows that `hold` keeps; not while `busy`."""
        self._doing = work, number
        self._took.start()
        self._job = Job("colours", partial(_done, hold, work), self, quiet=True)
        self._job.succeeded.connect(self._tell)
        self._job.failed.connect(self._fail)
        self._job.ended.connect(self._let_go)
        self._job.start()

    def close(self) -> None:
        """End the thread."""
        self._rest.stop()
        if self._job is not None:
            self._job.stop()
            self._job.wait()

    @Slot(object)
    def _tell(self, found: Graded | Grouped) -> None:
        assert self._doing is not None
        self.found.emit(self._doing[0], found, self._doing[1])

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        raise error  # a fault of ours: the window says so

    @Slot(object)
    def _let_go(self, job: Job) -> None:
        self._job = None
        job.deleteLater()
        self._rest.start(max(LEAST_MS, REST * self._took.elapsed()))


def _done(hold: Hold, work: Work, _progress: Progress) -> Graded | Grouped:
    with hold:
        return work.done()
