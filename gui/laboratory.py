"""The padding laboratory as the window sees it; it starts with the first question."""

from PySide6.QtCore import QObject, Signal, Slot

from core.padding.messages import Command, pack, unpack_report
from gui.child_process import ChildProcess


class Laboratory(QObject):
    """Takes commands and gives reports; one that ended is started again by the next command."""

    reported = Signal(object)  # core.padding.messages.Report
    ended = Signal(str)  # how, in the system's words

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: ChildProcess | None = None
        self._numbers = 0

    def new_number(self) -> int:
        """A number that no question has had."""
        self._numbers += 1
        return self._numbers

    def send(self, command: Command) -> None:
        """Send `command`; if the laboratory ends before it answers, `ended` comes."""
        if self._process is None:
            self._process = ChildProcess(
                "laboratoryProcess", "core.padding.laboratory", unpack_report, self
            )
            self._process.reported.connect(self.reported)
            self._process.ended.connect(self._forget)
            self._process.start()
        self._process.write(pack(command))

    def process_id(self) -> int:
        """The system's id of the process; 0 while there is none."""
        return 0 if self._process is None else self._process.process_id()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.close()
            self._process = None

    @Slot(str)
    def _forget(self, how: str) -> None:
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self.ended.emit(how)
