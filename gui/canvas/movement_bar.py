"""The parts of a row's move as one stacked bar, and the move itself below it."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.canvas.part_looks import Kind, fill_part
from gui.theme import theme_of

_STACK, _GAP, _MOVE = 18.0, 5.0, 9.0
_HEAD = 5.0
_LEAST = 0.5  # pixels; what is smaller is not drawn


@dataclass(frozen=True)
class BarPart:
    """A part that goes `along` the move so far, negative against it; `text` says it in words."""

    kind: Kind
    along: float
    text: str


class MovementBar(QWidget):
    """Parts along the move lie to the right of the zero line, those against it to the left.

    All of them together are as long as the move, the arrow below.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: tuple[BarPart, ...] = ()

    def show_parts(self, parts: tuple[BarPart, ...]) -> None:
        """Show `parts`, in the order in which they are stacked from the zero line outwards."""
        if parts != self._parts:
            self._parts = parts
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(160, round(_STACK + _GAP + _MOVE) + 2)

    def boxes(self) -> list[tuple[QRectF, BarPart]]:
        """Where each part is; those too small to be seen are left out."""
        zero, scale = self._zero_and_scale()
        found, ends = [], {True: zero, False: zero}
        for part in self._parts:
            wide = abs(part.along) * scale
            forward = part.along > 0
            left = ends[forward] if forward else ends[forward] - wide
            ends[forward] += wide if forward else -wide
            if wide >= _LEAST:
                found.append((QRectF(left, 1.0, wide, _STACK), part))
        return found

    def arrow(self) -> QLineF:
        """Where the arrow of the move is."""
        zero, scale = self._zero_and_scale()
        along = sum(part.along for part in self._parts)
        y = 1.0 + _STACK + _GAP + _MOVE / 2
        return QLineF(zero, y, zero + along * scale, y)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the parts, the zero line and the move."""
        theme = theme_of(self)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 1, self.width(), _STACK), theme.surface)
        for box, part in self.boxes():
            fill_part(painter, box, part.kind, theme)
        zero, _ = self._zero_and_scale()
        painter.setPen(QPen(theme.text, 1))
        painter.drawLine(QLineF(zero, 0, zero, self.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        way = self.arrow()
        if way.length() >= _LEAST:
            painter.setPen(QPen(theme.text, 2))
            painter.drawLine(way)
            head = min(_HEAD, way.length())
            for side in (-head * 0.7, head * 0.7):
                painter.drawLine(QLineF(way.p2(), way.p2() + QPointF(-head, side)))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say what is under the cursor."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            texts = [part.text for box, part in self.boxes() if box.contains(at)]
            QToolTip.showText(event.globalPos(), texts[0] if texts else "", self)
            return True
        return super().event(event)

    def _zero_and_scale(self) -> tuple[float, float]:
        """(the pixel of the zero line, pixels to a unit)."""
        ahead = sum(part.along for part in self._parts if part.along > 0)
        back = -sum(part.along for part in self._parts if part.along < 0)
        room = self.width() - 2.0
        if not ahead + back:
            return 1.0, 0.0
        scale = room / (ahead + back)
        return 1.0 + back * scale, scale
