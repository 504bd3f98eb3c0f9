"""The engine as the window sees it: a child process that takes commands and gives reports."""

import sys

import msgspec
from PySide6.QtCore import QObject, QProcess, Signal, Slot

from core.messages import Command, MessageSplitter, pack, unpack_report

ARGUMENTS = ["-P", "-m", "core.engine"]
PATIENCE_MS = 2000


class EngineProcess(QObject):
    """One engine. `ended` comes once, unless it was closed from here."""

    reported = Signal(object)  # core.messages.Report
    ended = Signal(str)  # how, in the system's words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._splitter = MessageSplitter()
        self._closing = False
        self._process = QProcess(self)
        self._process.setObjectName("engineProcess")
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        self._process.readyReadStandardOutput.connect(self._read)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> None:
        """Start the process; commands may be sent at once and wait for it."""
        self._process.start(sys.executable, ARGUMENTS)

    def send(self, command: Command) -> None:
        """Send `command`; one sent to an engine that has ended is lost, and `ended` comes."""
        self._process.write(pack(command))

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return self._process.processId()

    def kill(self) -> None:
        """End an engine that is of no use any more at once; `ended` follows."""
        self._process.kill()

    def close(self) -> None:
        """End the engine by closing its input; kill it if that does not help."""
        self._closing = True
        self._process.closeWriteChannel()
        if not self._process.waitForFinished(PATIENCE_MS):
            self._process.kill()
            self._process.waitForFinished(PATIENCE_MS)

    @Slot()
    def _read(self) -> None:
        data = self._process.readAllStandardOutput().data()
        if self._closing:
            return  # nobody listens any more, and the file that a Mapped names has gone
        try:
            for body in self._splitter.feed(data):
                self.reported.emit(unpack_report(body))
        except (msgspec.DecodeError, ValueError):
            self.kill()  # not an engine's words

    @Slot(int, QProcess.ExitStatus)
    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        killed = status is QProcess.ExitStatus.CrashExit
        if not self._closing:
            self.ended.emit(f"signal {code}" if killed else f"exit status {code}")

    @Slot(QProcess.ProcessError)
    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart and not self._closing:
            self.ended.emit(self._process.errorString())
