"""A small bar for each sentence of a batch: how far its output moved."""

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.numbers import shortest
from gui.theme import theme_of

_WIDEST = 40
_BAR = 22
_GAP = 4
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop


class SentenceBars(QWidget):
    """Bars to one scale, named below; what is not finite is an open bar of the full height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._values: tuple[float, ...] = ()
        self._short = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, names: tuple[str, ...], values: tuple[float, ...]) -> None:
        """Show a bar for each of `values` (B,), named by `names` (B,)."""
        if (names, values) != (self._names, self._values):
            self._names, self._values = names, values
            self.setAccessibleDescription(self._in_words())
            self.update()

    def set_short(self, *, short: bool) -> None:
        """Where there is little height the names are in the tip."""
        self._short = short
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(4 * (_BAR + _GAP), _BAR + self._name_height())

    def _name_height(self) -> int:
        return 0 if self._short else QFontMetrics(self.font()).height()

    def minimumSizeHint(self) -> QSize:
        return QSize(_BAR, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            QToolTip.showText(event.globalPos(), self._in_words())
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), theme_of(self)
        metrics = QFontMetrics(self.font())
        line = self._name_height()
        high = self.height() - line - 1
        largest = max((v for v in self._values if math.isfinite(v)), default=0.0) or 1.0
        width = min(_WIDEST, (self.width() // max(len(self._values), 1)) - _GAP)
        if width <= 1:
            return
        for number, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            left = number * (width + _GAP)
            share = value / largest if math.isfinite(value) else 1.0
            bar = QRectF(left, high - share * high, width, share * high)
            painter.setPen(theme.accent)
            painter.setBrush(theme.accent if math.isfinite(value) else Qt.BrushStyle.NoBrush)
            painter.drawRect(bar)
            if self._short:
                continue
            painter.setPen(theme.muted)
            text = _short(name, width + _GAP, metrics)
            painter.drawText(QRectF(left - _GAP, high + 1, width + 2 * _GAP, line), _MIDDLE, text)

    def _in_words(self) -> str:
        pairs = zip(self._names, self._values, strict=True)
        return "\n".join(f"{name}: {shortest(value)}" for name, value in pairs)


def _short(name: str, width: float, metrics: QFontMetrics) -> str:
    """`name`, or what of it is still true in `width`: a word's initial, of a number nothing."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    return "" if name.isdecimal() else name[:1]
