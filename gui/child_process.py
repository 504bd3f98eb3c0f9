"""A program of ours as the window sees it: a child that takes commands and gives reports."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, QProcess, Signal, Slot

from core.child import command_for
from core.wire import MessageSplitter

PATIENCE_MS = 2000


class ChildProcess(QObject):
    """Runs a module of `core` in Python. `ended` comes once, unless it was closed from here."""

    reported = Signal(object)  # what `unpack` made of a message
    ended = Signal(str)  # how, in the system's words

    def __init__(
        self, name: str, module: str, unpack: Callable[[bytes], object], parent: QObject | None
    ) -> None:
        """`unpack` raises `msgspec.DecodeError` or `ValueError` on what is no report."""
        super().__init__(parent)
        self._module, self._unpack = module, unpack
        self._splitter = MessageSplitter()
        self._closing = False
        self._process = QProcess(self)
        self._process.setObjectName(name)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start the process; what is written may be so at once and waits for it."""
        program, *arguments = command_for(self._module)
        self._process.start(program, arguments)

    def write(self, message: bytes) -> None:
        """Send `message`; one sent to a process that has ended is lost, and `ended` comes."""
        self._process.write(message)

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return self._process.processId()

    def kill(self) -> None:
        """End a process that is of no use any more at once; `ended` follows."""
        self._process.kill()

    def close(self) -> None:
        """End the process by closing its input; kill it if that does not help."""
        self._closing = True
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(PATIENCE_MS):
            self._process.kill()
            self._process.waitForFinished(PATIENCE_MS)

    @Slot()
    def _read(self) -> None:
        data = self._process.readAllStandardOutput().data()
        if self._closing:
            return  # nobody listens any more, and files that a report names have gone
        try:
            for body in self._splitter.feed(data):
                self.reported.emit(self._unpack(body))
        except (msgspec.DecodeError, ValueError):
            self.kill()  # not our program's words

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        killed = status is QProcess.ExitStatus.CrashExit
        if not self._closing:
            self.ended.emit(f"signal {code}" if killed else f"exit status {code}")

    @Slot(QProcess.ProcessError)
    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and not self._closing:
            self.ended.emit(self._process.errorString())
