"""Labels in smaller, muted type, for what explains something else."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

SMALL = 0.9  # of the size of text


class SmallLabel(QLabel):
    """Wraps. Stays smaller than the text of `owner`, also when all text is enlarged."""

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


class SteadyLabel(SmallLabel):
    """One line that may change with every frame.

    A label whose size is fixed does not have the whole window laid out anew at each new text.
    """

    def __init__(self, name: str, owner: QWidget) -> None:
        super().__init__(name, owner)
        self.setWordWrap(False)

    def show_text(self, text: str) -> None:
        """Show `text`, with as much room as it needs."""
        self.setText(text)
        self._take_room()

    def changeEvent(self, event: QEvent) -> None:
        """Take the room that another font needs."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_room()

    def _take_room(self) -> None:
        needed = self.sizeHint()
        if needed != self.minimumSize():
            self.setFixedSize(needed)
