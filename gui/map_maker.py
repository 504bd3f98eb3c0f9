"""Has maps made, one at a time, in a process that is started when the first is asked for."""

from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.looking_problems import MapRefused
from core.maps.messages import Grow, Growing, Grown, MapFailed, Stop
from core.maps.rows_file import write_rows
from core.messages import Array
from core.problems import ProblemError
from core.progress import Cancelled, Progress
from gui.background import Background
from gui.holds import Hold
from gui.map_process import MapProcess
from gui.shown_map import Making

PATIENCE_MS = 3000
"""For a process to stop by itself; compiling, or finding neighbours, it may not listen."""


class MapMaker(QObject):
    """Writes the rows, asks the process, and tells what comes of it.

    Nothing is lost with a process that ends: whoever listens has every map as it was seen last.
    """

    changed = Signal()  # what is being made, or how far it is
    drawn = Signal(object)  # a ShownMap: how it looks by now
    made = Signal()  # it is done, or was stopped; the next can be begun
    failed = Signal(object)  # core.problems.AnyProblem

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.making: Making | None = None
        self._killed = False
        self._process: MapProcess | None = None
        self._writers = Background(self)
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.setInterval(PATIENCE_MS)
        self._impatience.timeout.connect(self._kill)

    def begin(self, making: Making, hold: Hold, view: NDArray[np.float32]) -> None:
        """Make this map of the rows in `hold`, whose linear view is `view` (V, k).

        What is being made is given up.
        """
        self.making = making
        before, ids = making.before, making.ids
        grow = Grow(
            making.number,
            making.settings,
            "",
            Array.of(view[ids]),
            None if before is None else Array.of(before.start_of(ids)),
            0.0 if before is None else before.scale,
        )
        job = self._writers.run("rows of a map", _Writing(hold, ids, grow), quiet=True)
        job.succeeded.connect(self._send)
        job.failed.connect(self._fail)
        self.changed.emit()

    def stop(self) -> None:
        """End what is being made; what there is of it comes."""
        if self.making is None:
            return
        if self.making.path is not None and self._process is not None:
            self._process.send(Stop())
            self._impatience.start()
        else:
            self.making = None
            self.changed.emit()

    def give_up(self) -> None:
        """End what is being made; nothing of it is wanted."""
        if self.making is not None and self._process is not None:
            self._process.send(Stop())
        self._finish()

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return 0 if self._process is None else self._process.process_id()

    def close(self) -> None:
        """End the process and the threads."""
        making, self.making = self.making, None
        self._impatience.stop()
        self._writers.close()
        if self._process is not None:
            self._process.ended.disconnect(self._lose)
            if making is not None:  # compiling, it would let the window wait; nothing is lost
                self._process.kill()
            self._process.close()
            self._process = None
        if making is not None and making.path is not None:
            making.path.unlink(missing_ok=True)  # it may not have been read yet

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def _send(self, grow: Grow) -> None:
        making = self.making
        if making is None or making.number != grow.number:
            Path(grow.path).unlink(missing_ok=True)  # it was stopped meanwhile
            return
        if self._process is None:
            self._process = MapProcess(self)
            self._process.reported.connect(self._hear)
            self._process.ended.connect(self._lose)
            self._process.start()
        making.path = Path(grow.path)
        self._impatience.stop()
        self._process.send(grow)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._finish()
        if not isinstance(error, ProblemError):
            raise error
        self.failed.emit(error.problem)

    @Slot(object)
    def _hear(self, report: object) -> None:
        making = self.making
        match report:
            case Growing(number=number) if making is not None and number == making.number:
                making.note(report)
                self._tell(making, report)
            case Grown(number=number) if making is not None and number == making.number:
                self._finish()
                self._tell(making, report)
                self.made.emit()
            case MapFailed(number=number) if making is not None and number == making.number:
                self._finish()
                self.failed.emit(report.problem)

    def _tell(self, making: Making, report: Growing | Grown) -> None:
        shown = making.made(report) if isinstance(report, Grown) else making.forming(report)
        if shown is not None:
            self.drawn.emit(shown)
        self.changed.emit()

    def _finish(self) -> None:
        self.making = None
        self._impatience.stop()

    @Slot()
    def _kill(self) -> None:
        if self._process is not None:
            self._killed = True
            self._process.kill()

    @Slot(str)
    def _lose(self, how: str) -> None:
        """The process has ended; the next map has another started."""
        making, killed = self.making, self._killed
        self._killed = False
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self._finish()
        self.changed.emit()
        if making is None:
            return
        if making.path is not None:
            making.path.unlink(missing_ok=True)
        if not killed:
            self.failed.emit(MapRefused("ended", making.settings.method, 0, how))


class _Writing:
    """Writes the rows of a map into a file, in a thread; gives back what asks for the map."""

    def __init__(self, hold: Hold, ids: NDArray[np.int64], grow: Grow) -> None:
        self._hold, self._ids, self._grow = hold, ids, grow

    def __call__(self, progress: Progress) -> Grow:
        """Raises `ProblemError(TooMuchMemory)`."""
        with self._hold as hold:
            assert hold.rows is not None
            path = write_rows(hold.rows, self._ids)
        if not progress(1, 1):  # nobody will read it
            path.unlink()
            raise Cancelled
        return replace(self._grow, path=str(path))
