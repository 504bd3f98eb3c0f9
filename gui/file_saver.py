"""What saves a file of what the session has: it asks where, and writes in a thread."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.background import Background, Job, Work
from gui.export import Ask, ask_where
from gui.holds import Hold
from gui.session import Session
from gui.settings import Settings
from gui.teller import Teller


class FileSaver(Teller):
    """Knows the folder that was saved to last; what goes wrong is told."""

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

    def _ask_for_path(self, title: str, proposed: str, kinds: str) -> Path | None:
        """Where the user wants it; None for nowhere."""
        path = self._ask(self._window, title, self._settings.save_folder / proposed, kinds)
        if path is not None:
            self._settings.save_folder = path.parent
        return path

    def _write(self, path: Path, work: Work, hold: Hold) -> Job:
        """Begin `work`, which writes the rows in `hold` to `path`."""
        job = self._background.run(self.tr("Writing {file}").format(file=path.name), work)
        job.failed.connect(self._fail)
        job.ended.connect(hold.release)  # stopped before it began, it has let go of nothing
        return job
