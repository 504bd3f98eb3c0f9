"""The engine as the window sees it: a child process that takes commands and gives reports."""

from PySide6.QtCore import QObject

from core.messages import Command, pack, unpack_report
from gui.child_process import ChildProcess


class EngineProcess(ChildProcess):
    """One engine; reports are `core.messages.Report`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("engineProcess", "core.engine", unpack_report, parent)

    def send(self, command: Command) -> None:
        """Send `command`; one sent to an engine that has ended is lost, and `ended` comes."""
        self.write(pack(command))
