"""A label that keeps room for so many lines, so that nothing moves as its words change."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QWidget


class LinesLabel(QLabel):
    """Wraps its words over `lines` lines."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setWordWrap(True)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        words = self.fontMetrics()
        return QSize(20 * words.averageCharWidth(), self._lines * words.lineSpacing())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())
