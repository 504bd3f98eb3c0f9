"""A button that is plainly on or off, where Fusion's own is hard to tell in the dark theme.

Painted by hand: a style sheet would keep the font and the palette it was first read with.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolButton, QWidget

from gui.theme import SPACING, theme_of

_CORNER = 4.0


class SwitchButton(QToolButton):
    """Shows a word; filled with the accent colour while it is checked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        words = self.fontMetrics()
        width = words.horizontalAdvance(self.text()) + 2 * (SPACING + 1)
        return QSize(width, words.height() + SPACING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word on its ground."""
        theme = theme_of(self)
        on = self.isChecked() or self.isDown()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = on or self.hasFocus() or self.underMouse()
        painter.setPen(theme.accent if lit and self.isEnabled() else theme.line)
        painter.setBrush(theme.accent if on else theme.raised)
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER
        )
        if on and self.hasFocus():
            painter.setPen(theme.on_accent)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 2, 2)
        if not self.isEnabled():
            painter.setPen(self.palette().color(QPalette.ColorRole.ButtonText))
        else:
            painter.setPen(theme.on_accent if on else theme.text)
        self.paint_face(painter)
        painter.end()

    def paint_face(self, painter: QPainter) -> None:
        """Paint what the button says; the pen has the colour for it."""
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
