"""A label in smaller, muted type, for what explains something else; it wraps."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

SMALL = 0.9  # of the size of text


class SmallLabel(QLabel):
    """Stays smaller than the text of `owner`, also when all text is enlarged."""

    def __init__(self, name: str, owner: QWidget) -> None:
        super().__init__(owner)
        self.setObjectName(name)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._owner = owner
        # A label with a size of its own is not told when the size around it changes.
        owner.installEventFilter(self)
        self._shrink()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the owner's text."""
        if watched is self._owner and event.type() == QEvent.Type.FontChange:
            self._shrink()
        return super().eventFilter(watched, event)

    def _shrink(self) -> None:
        font = self.font()
        font.setPointSizeF(SMALL * self._owner.font().pointSizeF())
        self.setFont(font)
