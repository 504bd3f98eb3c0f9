"""The padding laboratory as the window sees it; it starts with the first question."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.padding.messages import Command, Refused, pack, unpack_report
from core.problems import ProblemError
from core.progress import Progress
from gui.background import Job, Work
from gui.child_process import ChildProcess
from gui.holds import Hold

Asking = Callable[[NDArray[Any]], Command]


class Laboratory(QObject):
    """Takes commands and gives reports; one that ended is started again by the next command."""

    reported = Signal(object)  # core.padding.messages.Report
    ended = Signal(str)  # how, in the system's words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: ChildProcess | None = None
        self._numbers = 0
        self._waiting: deque[tuple[int, Work]] = deque()
        self._job: Job | None = None
        self._asking = 0  # the number of what the job makes

    def new_number(self) -> int:
        """A number that no question has had."""
        self._numbers += 1
        return self._numbers

    def ask(self, number: int, hold: Hold, asking: Asking) -> None:
        """Send what `asking` makes of the rows in `hold`, as question `number`.

        It is made in a thread: a head that scores every word needs the whole table. Where it
        raises `ProblemError`, the question is answered by `Refused`.
        """
        self._waiting.append((number, partial(_made, hold, asking)))
        self._begin_next()

    def send(self, command: Command) -> None:
        """Send `command`, after what was asked before.

        If the laboratory ends before it answers, `ended` comes.
        """
        if self._job is None:
            self._write(pack(command))
        else:
            self._waiting.append((command.number, partial(_packed, command)))

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return 0 if self._process is None else self._process.process_id()

    def close(self) -> None:
        """End the thread and the process."""
        self._waiting.clear()
        if self._job is not None:
            self._job.stop()
            self._job.wait()
        if self._process is not None:
            self._process.close()
            self._process = None

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    def _begin_next(self) -> None:
        if self._job is None and self._waiting:
            self._asking, work = self._waiting.popleft()
            self._job = Job("padding", work, self, quiet=True)
            self._job.succeeded.connect(self._write)
            self._job.failed.connect(self._refuse)
            self._job.ended.connect(self._go_on)
            self._job.start()

    @Slot(object)
    def _write(self, message: bytes) -> None:
        if self._process is None:
            self._process = ChildProcess(
                "laboratoryProcess", "core.padding.laboratory", unpack_report, self
            )
            self._process.reported.connect(self.reported)
            self._process.ended.connect(self._forget)
            self._process.start()
        self._process.write(message)

    @Slot(object)
    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, ProblemError):
            raise error  # a fault of ours: the window says so
        self.reported.emit(Refused(self._asking, error.problem))

    @Slot(object)
    def _go_on(self, job: Job) -> None:
        self._job = None
        job.deleteLater()
        self._begin_next()

    @Slot(str)
    def _forget(self, how: str) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self.ended.emit(how)


def _made(hold: Hold, asking: Asking, _progress: Progress) -> bytes:
    with hold:
        assert hold.rows is not None
        command = asking(hold.rows)
    return pack(command)


def _packed(command: Command, _progress: Progress) -> bytes:
    return pack(command)
