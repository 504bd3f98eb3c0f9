"""A slider over the steps of a run, with what was changed and what was marked at its steps."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import (
    QSizePolicy,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolTip,
    QWidget,
)

from gui.theme import theme_of

_REACH = 6  # pixels from a sign within which the pointer is on it
_FLAG = 7
_MOST_TOLD = 8  # lines: a row that was zeroed is a change of each of its columns
_LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Sign:
    """Something at `step`: a mark that a person made, or a change; in `words`."""

    step: int
    words: str
    is_mark: bool = False


class TimelineSlider(QSlider):
    """A click goes where it points; signs above the groove tell of themselves under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._signs: tuple[Sign, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSingleStep(1)

    def show_steps(self, step: int, reach: int) -> None:
        """Show that `step` of `reach` is on screen; nobody is told."""
        self.blockSignals(True)
        self.setRange(0, min(reach, _LARGEST))
        self.setPageStep(max(1, reach // 20))
        self.setValue(step)
        self.blockSignals(False)

    def show_signs(self, signs: tuple[Sign, ...]) -> None:
        """Show these signs, of which the later cover the earlier."""
        if signs != self._signs:
            self._signs = signs
            self.update()

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The signs."""
        return self._signs

    def place_of(self, step: int) -> int:
        """The pixel, across, of a step."""
        groove, handle = self._parts()
        room = groove.width() - handle.width()
        share = step / max(self.maximum(), 1)
        return round(groove.left() + handle.width() / 2 + share * room)

    def step_at(self, x: float) -> int:
        """The step of a pixel."""
        groove, handle = self._parts()
        room = max(groove.width() - handle.width(), 1)
        share = (x - groove.left() - handle.width() / 2) / room
        return round(min(max(share, 0.0), 1.0) * self.maximum())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self.step_at(event.position().x()))
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self.step_at(event.position().x()))
            event.accept()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(event.pos().x()), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """The words of the signs near a pixel, a line each; of many, the first few."""
        near = [sign.words for sign in self._signs if abs(self.place_of(sign.step) - x) <= _REACH]
        left_out = len(near) - _MOST_TOLD
        if left_out > 0:
            more = self.tr("… and {count} more").format(count=f"{left_out:,}")
            near = [*near[:_MOST_TOLD], more]
        return "\n".join(near)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._signs or not self.maximum():
            return
        painter, theme = QPainter(self), theme_of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for sign in self._signs:
            x = self.place_of(sign.step)
            painter.setPen(theme.text if sign.is_mark else theme.muted)
            painter.setBrush(theme.accent if sign.is_mark else theme.surface)
            if sign.is_mark:  # a flag; a change is a diamond
                painter.drawLine(x, 0, x, 2 * _FLAG)
                corners = [QPointF(x, 0), QPointF(x + _FLAG, _FLAG / 2), QPointF(x, _FLAG)]
            else:
                half = _FLAG / 2
                corners = [
                    QPointF(x, 0),
                    QPointF(x + half, half),
                    QPointF(x, 2 * half),
                    QPointF(x - half, half),
                ]
            painter.drawPolygon(QPolygonF(corners))

    def _parts(self) -> tuple[QRect, QRect]:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_Slider
        style = self.style()
        groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, self)
        handle = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, self)
        return groove, handle
