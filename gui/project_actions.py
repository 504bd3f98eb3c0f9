"""The commands for projects."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

_BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class ProjectActions(QObject):
    """Open, save, and save as; they do nothing by themselves."""

    def __init__(self, make: Callable[..., QAction], parent: QObject) -> None:
        super().__init__(parent)
        self.open = make(
            "openProject",
            self.tr("Open project…"),
            self.tr("Go on with a session that was saved: its sentences, table and training"),
        )
        self.save = make(
            "saveProject",
            self.tr("Save project"),
            self.tr("Save text, table, training and view in one file, to go on another day"),
            QKeySequence.StandardKey.Save,
        )
        self.save_as = make(
            "saveProjectAs",
            self.tr("Save project as…"),
            self.tr("Save this session in a file that you choose"),
            _BOTH | Qt.Key.Key_S,
        )
