"""The process that makes maps, as the window sees it."""

from PySide6.QtCore import QObject

from core.maps.messages import Command, pack, unpack_report
from gui.child_process import ChildProcess


class MapProcess(ChildProcess):
    """Makes one map at a time; reports are `core.maps.messages.Report`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__("mapProcess", "core.maps.process", unpack_report, parent)

    def send(self, command: Command) -> None:
        """Send `command`; one sent to a process that has ended is lost, and `ended` comes."""
        self.write(pack(command))
