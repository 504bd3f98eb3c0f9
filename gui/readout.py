"""A caption over a number that changes with every step: painted, so that no layout runs."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import number_font, theme_of

GAP = 2  # between caption and value


class Readout(QWidget):
    """As wide as its widest value so far, at least as `widest`."""

    def __init__(self, caption: str, widest: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._widest, self._value = caption, widest, "–"
        self._field = 0
        self._figures = number_font(self.font())  # finding it takes longer than painting with it
        self.setAccessibleName(caption)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def set_field_height(self, height: int) -> None:
        """Make room for the value as high as the fields beside it."""
        self._field = height
        self.updateGeometry()

    @property
    def value(self) -> str:
        """The value as it reads."""
        return self._value

    def show_value(self, value: str) -> None:
        """Show `value` with the next repaint."""
        if value == self._value:
            return
        self._value = value
        self.setAccessibleDescription(value)
        metrics = QFontMetrics(self._figures)
        if metrics.horizontalAdvance(value) > metrics.horizontalAdvance(self._widest):
            self._widest = value
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        captions, numbers = self.fontMetrics(), QFontMetrics(self._figures)
        width = max(
            captions.horizontalAdvance(self._caption), numbers.horizontalAdvance(self._widest)
        )
        return QSize(width + 2, captions.height() + GAP + (self._field or numbers.height()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._figures = number_font(self.font())
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        line = self.fontMetrics().height()
        above = QRect(0, 0, self.width(), line)
        below = QRect(0, line + GAP, self.width(), self.height() - line - GAP)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(theme.muted)
        painter.drawText(above, left, self._caption)
        painter.setPen(theme.text)
        painter.setFont(self._figures)
        painter.drawText(below, left, self._value)
