"""The share of the variance along each of the first components, as bars that choose the axes."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.theme import SPACING, mix, theme_of

_WIDTH = 11.0  # of a bar with the gap beside it
_GAP = 2.0
_AXIS_KEYS = {Qt.Key.Key_X: 0, Qt.Key.Key_Y: 1, Qt.Key.Key_Z: 2}
_CHOOSING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class VarianceBars(QWidget):
    """A bar for each component; those that are shown are filled and marked below.

    A click chooses one; from the keyboard ← and → go through them, Space or Enter chooses, X, Y
    and Z put one on that axis. The tallest bar is as high as the widget: they compare with each
    other, and the numbers are in the tool tip and in the accessible description.
    """

    chosen = Signal(int)  # the number of a component, from 1
    placed = Signal(int, int)  # the number of a component, and the axis, from 0, that it is for

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(self.tr("Explained variance of the first components"))
        self._shares: NDArray[np.float64] = np.empty(0)
        self._shown: tuple[int, ...] = ()
        self._step = 0
        self._current = 1
        self._hovered = 0

    def show_spectrum(self, shares: NDArray[np.float64], shown: tuple[int, ...], step: int) -> None:
        """Show the `shares` (k,) of `step`, 0 … 1 or NaN; `shown` are the numbers on the axes."""
        same = np.array_equal(shares, self._shares, equal_nan=True)
        if same and (shown, step) == (self._shown, self._step):
            return
        if len(shares) != len(self._shares):
            self.updateGeometry()
        self._shares, self._shown, self._step = shares, shown, step
        self._current = min(max(self._current, 1), max(1, len(shares)))
        self._describe()
        self.update()

    @property
    def current(self) -> int:
        """The number of the component that the keys act on."""
        return self._current

    def text_of(self, number: int) -> str:
        """What the bar of a component says."""
        share = float(self._shares[number - 1])
        if math.isnan(share):
            text = self.tr("PC {n}: no variance").format(n=number)
        else:
            text = self.tr("PC {n}: {share}% of the variance in step {step:,}").format(
                n=number, share=round(100 * share, 1), step=self._step
            )
        return self.tr("{text}, shown").format(text=text) if number in self._shown else text

    def bar(self, number: int) -> QRectF:
        """Where the whole column of a component is."""
        return QRectF((number - 1) * _WIDTH + 1, 0, _WIDTH, self.height())

    def sizeHint(self) -> QSize:
        """As wide as there are bars: the words beside them need the room."""
        return QSize(round(max(1, len(self._shares)) * _WIDTH) + 2, 4 * SPACING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars from a common base line, and a mark below each that is shown."""
        theme = theme_of(self)
        painter = QPainter(self)
        foot = self.height() - 5.0
        highest = float(np.nanmax(self._shares, initial=0.0))
        painter.setPen(theme.line)
        painter.drawLine(0, round(foot), self.width(), round(foot))
        painter.setPen(Qt.PenStyle.NoPen)
        for number, share in enumerate(self._shares.tolist(), start=1):
            column = self.bar(number).adjusted(_GAP / 2, 0, -_GAP / 2, 0)
            lit = number == self._hovered
            if lit:
                painter.fillRect(column, mix(theme.surface, theme.accent, 0.15))
            tall = (foot - 3) * share / highest if highest > 0 else 0.0
            colour = theme.accent if number in self._shown else mix(theme.surface, theme.muted, 0.6)
            painter.fillRect(QRectF(column.left(), foot - tall, column.width(), tall), colour)
            if number in self._shown:
                painter.fillRect(QRectF(column.left(), foot + 2, column.width(), 3), colour)
            if self.hasFocus() and number == self._current:
                painter.setPen(theme.text)
                painter.drawRect(column.adjusted(0, 0, -1, -1))
                painter.setPen(Qt.PenStyle.NoPen)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say what is under the cursor."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            number = self._at(event.pos().x())
            if number:
                QToolTip.showText(event.globalPos(), self._tip(number), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is clicked."""
        number = self._at(event.position().x())
        if number and event.button() == Qt.MouseButton.LeftButton:
            self._go_to(number)
            self.chosen.emit(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what is under the cursor."""
        self._hover(self._at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor."""
        super().leaveEvent(event)
        self._hover(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the bars, or choose one."""
        key = event.key()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not len(self._shares):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go_to(self._current + (1 if key == Qt.Key.Key_Right else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(1 if key == Qt.Key.Key_Home else len(self._shares))
        elif key in _CHOOSING:
            self.chosen.emit(self._current)
        elif key in _AXIS_KEYS:
            self.placed.emit(self._current, _AXIS_KEYS[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def _at(self, x: float) -> int:
        number = int((x - 1) // _WIDTH) + 1
        return number if 1 <= number <= len(self._shares) else 0

    def _go_to(self, number: int) -> None:
        self._current = min(max(number, 1), max(1, len(self._shares)))
        self._describe()
        self.update()

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            self._hovered = number
            self.update()

    def _tip(self, number: int) -> str:
        return self.tr("{text}\nClick to show it (keys X, Y, Z: on that axis)").format(
            text=self.text_of(number)
        )

    def _describe(self) -> None:
        texts = [self.text_of(number) for number in range(1, len(self._shares) + 1)]
        current = self.text_of(self._current) if texts else ""
        self.setAccessibleDescription("; ".join(filter(None, [current, *texts])))
