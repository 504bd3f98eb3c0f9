"""Exports the run on screen as a PyTorch script or a notebook, with its table beside it."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from core.progress import Progress
from core.script.files import write_files
from gui.background import Background
from gui.export import Ask, ask_where
from gui.script_source import history_of
from gui.session import Session
from gui.settings import Settings
from gui.teller import Teller


class ScriptExport(Teller):
    """Asks where, and writes in a thread."""

    def __init__(
        self,
        session: Session,
        background: Background,
        settings: Settings,
        parent: QWidget,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._settings, self._window = settings, parent
        self._ask = ask or ask_where

    @Slot()
    def export(self) -> None:
        """Let the user choose a file, and write the run as it is on screen."""
        proposed = self._settings.save_folder / "session.py"
        kinds = self.tr("Python script (*.py);;Notebook (*.ipynb)")
        path = self._ask(self._window, self.tr("Export as PyTorch"), proposed, kinds)
        if path is None:
            return
        self._settings.save_folder = path.parent
        # Training went on while the file was being named: script and table are of one step.
        history, hold = history_of(self._session), self._session.hold()
        if history is None or hold is None:
            self.refused.emit(self.tr("The run is not ready yet."))
            return

        def write(_progress: Progress) -> list[Path]:
            with hold:
                table = None if hold.rows is None else np.array(hold.rows)
            return write_files(path, history, table)

        job = self._background.run(self.tr("Writing {file}").format(file=path.name), write)
        job.succeeded.connect(self._tell)
        job.failed.connect(self._fail)
        job.ended.connect(hold.release)  # stopped before it began, it has let go of nothing

    @Slot(object)
    def _tell(self, written: list[Path]) -> None:
        names = ", ".join(path.name for path in written)
        self.told.emit(self.tr("Saved {files}.").format(files=names))
