"""A label that keeps room for so many lines, so that nothing moves as its words change."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class LinesLabel(QLabel):
    """Wraps its words, over `lines` lines at the least and more only where they need it.

    It sets its own height: a layout that had to ask for it would do so for all that is around.
    """

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._fit()

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(20 * self.fontMetrics().averageCharWidth(), self._least())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._least())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _least(self) -> int:
        return self._lines * self.fontMetrics().lineSpacing()

    def _fit(self) -> None:
        self.setMinimumHeight(0)  # Qt never finds that words need less than this
        self.setFixedHeight(max(self._least(), super().heightForWidth(self.width())))
