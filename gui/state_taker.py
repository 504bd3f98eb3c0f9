"""Has the engine write down the state of a moment while it goes on training."""

import shutil
import tempfile
from os import getpid
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.messages import Kept
from gui.keyframe_folders import PREFIX
from gui.project_parts import Taken
from gui.session import Session

PATIENCE = 15_000  # ms for an engine that is busy, or has ended


class StateTaker(QObject):
    """Takes one state at a time: `taken` once the window knows the losses until then too.

    An engine that does not answer is not waited for long: then there is no state, and the run is
    saved with the keyframes that it has.
    """

    taken = Signal(object)  # Taken
    failed = Signal(object)  # core.problems.AnyProblem

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        # Named so that what a killed window leaves goes when the next session begins.
        self._folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{getpid()}-"))
        self._asked: Taken | None = None
        self._count = 0
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._give_up)
        session.stateKept.connect(self._hear)
        session.frameShown.connect(self._look)

    def take(self) -> None:
        """Ask for the state of now."""
        self._count += 1
        self._asked = Taken(self._session.opened, None, self._session.time.is_earlier)
        self._session.keep_state(self._path)
        self._patience.start()

    def close(self) -> None:
        """Forget what was asked for, and remove what was written."""
        self._asked = None
        self._patience.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _path(self) -> Path:
        return self._folder / f"{self._count}.safetensors"

    @Slot(object)
    def _hear(self, kept: Kept) -> None:
        if self._asked is None or kept.path != str(self._path):
            return
        if kept.problem is not None:
            self._asked = None
            self._patience.stop()
            self.failed.emit(kept.problem)
            return
        self._asked = Taken(self._asked.opened, kept, self._asked.earlier)
        self._look()

    @Slot()
    def _look(self) -> None:
        asked = self._asked
        if asked is None or asked.kept is None:
            return
        if asked.opened.history.reach >= asked.kept.step:
            self._end(asked)

    @Slot()
    def _give_up(self) -> None:
        if self._asked is not None:
            self._end(Taken(self._asked.opened, None, self._asked.earlier))

    def _end(self, taken: Taken) -> None:
        self._asked = None
        self._patience.stop()
        self.taken.emit(taken)
