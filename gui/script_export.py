"""Exports the run on screen as a PyTorch script or a notebook, with its table beside it."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Slot

from core.progress import Progress
from core.script.files import write_files
from gui.file_saver import FileSaver
from gui.script_source import history_of


class ScriptExport(FileSaver):
    """Saves the run as it is on screen."""

    @Slot()
    def export(self) -> None:
        """Let the user choose a file, and write the run as it is on screen."""
        kinds = self.tr("Python script (*.py);;Notebook (*.ipynb)")
        path = self._ask_for_path(self.tr("Export as PyTorch"), "session.py", kinds)
        if path is None:
            return
        # Training went on while the file was being named: script and table are of one step.
        history = history_of(self._session)
        hold = None if history is None else self._session.hold()
        if history is None or hold is None:
            self.refused.emit(self.tr("The run is not ready yet."))
            return

        def write(_progress: Progress) -> list[Path]:
            with hold:
                table = None if hold.rows is None else np.array(hold.rows)
            return write_files(path, history, table)

        self._write(path, write, hold).succeeded.connect(self._tell)

    @Slot(object)
    def _tell(self, written: list[Path]) -> None:
        names = ", ".join(path.name for path in written)
        self.told.emit(self.tr("Saved {files}.").format(files=names))
