"""Saves what would be lost now and then, and offers what another window could not save."""

import time
from collections import deque
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

from gui.autosave_folder import AutosaveFolder, left_behind
from gui.projects import Projects, Wish

EVERY = 30.0  # seconds
COST = 50  # and so many times what the last one took: two hundredths of the time


def state_folder() -> Path:
    """Where the user's system keeps the state of programs."""
    place = QStandardPaths.StandardLocation.StateLocation
    return Path(QStandardPaths.writableLocation(place)) / "autosave"


class Autosaver(QObject):
    """Works from `begin` to `close`; a window that is closed leaves nothing behind."""

    def __init__(self, projects: Projects, window: QWidget) -> None:
        super().__init__(window)
        self._projects, self._window = projects, window
        self._folder: AutosaveFolder | None = None
        self._root = Path()
        self._saved: tuple[object, ...] | None = None
        self._begun: float | None = None
        self._left: deque[AutosaveFolder] = deque()
        self._taking: AutosaveFolder | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save)
        projects.settled.connect(self._wait)
        projects.written.connect(self._drop)
        projects.opened.connect(self._note_opened)
        projects.openingFailed.connect(self._note_failed)

    def begin(self, root: Path) -> None:
        """Autosave into `root` from now on, and offer what was left there."""
        self._root = root
        self._left.extend(left_behind(root))
        self._folder = AutosaveFolder.new(root)
        self._timer.start(int(EVERY * 1000))
        if self._left:
            self._offer(self._left[0])

    @Slot()
    def save(self) -> None:
        """Save what is open, if it is not saved already."""
        now = self._projects.unsaved.now()
        wanted = self._projects.unsaved.is_modified and now != self._saved
        if self._folder is None or not wanted or self._projects.is_writing:
            self._timer.start(int(EVERY * 1000))
            return
        self._saved, self._begun = now, time.monotonic()
        self._folder.note_source(self._projects.path)
        self._projects.write(Wish(self._folder.project, own=True))

    def close(self) -> None:
        """Remove what was kept: the window was closed as it should be."""
        self._timer.stop()
        if self._folder is not None:
            self._folder.remove()
            self._folder = None
        for left in self._left:
            left.leave()

    @Slot()
    def _wait(self) -> None:
        if self._folder is None:
            return
        cost = 0.0 if self._begun is None else time.monotonic() - self._begun
        self._begun = None
        self._timer.start(int(max(EVERY, COST * cost) * 1000))

    @Slot(object)
    def _drop(self, path: Path) -> None:
        """What is in a file of the user's now is not lost with the window: nothing is older."""
        if self._folder is not None and path != self._folder.project:
            self._folder.empty()
            self._saved = None

    # ── what another window left ──────────────────────────────────────────────────────────────

    def _offer(self, left: AutosaveFolder) -> None:
        source = left.source
        when = datetime.fromtimestamp(left.project.stat().st_mtime).astimezone()
        name = self.tr("an unsaved session") if source is None else source.name
        box = QMessageBox(self._window)
        box.setObjectName("recovery")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Recover unsaved work"))
        box.setText(
            self.tr(
                "Embedscope ended unexpectedly while {name} was open. It was kept as it was at "
                "{time} on {day}. Recover it?"
            ).format(name=name, time=f"{when:%H:%M}", day=f"{when:%Y-%m-%d}")
        )
        recover = box.addButton(self.tr("Recover"), QMessageBox.ButtonRole.AcceptRole)
        later = box.addButton(self.tr("Not now"), QMessageBox.ButtonRole.RejectRole)
        discard = box.addButton(self.tr("Delete it"), QMessageBox.ButtonRole.DestructiveRole)
        for button, role in ((recover, "recover"), (later, "later"), (discard, "discard")):
            button.setObjectName(f"{role}Button")
        assert isinstance(recover, QPushButton)
        box.setDefaultButton(recover)
        box.setEscapeButton(later)
        box.buttonClicked.connect(self._answer)
        box.open()

    @Slot(QAbstractButton)
    def _answer(self, button: QAbstractButton) -> None:
        left = self._left[0]
        if button.objectName() == "discardButton":
            self._left.popleft()
            left.remove()
            if self._left:
                self._offer(self._left[0])
        elif button.objectName() == "recoverButton":
            self._taking = left
            self._projects.read(left.project, left.source, unsaved=True)

    @Slot(object)
    def _note_opened(self, path: Path) -> None:
        taken, self._taking = self._taking, None
        if taken is None or taken.project != path:
            return
        # Its file stays until there is a newer one, and goes with this window's.
        if self._folder is not None:
            self._folder.remove()
        self._left.remove(taken)
        self._folder = taken

    @Slot(object)
    def _note_failed(self, _problem: object) -> None:
        self._taking = None
