"""Rows without a place, for they hold NaN or infinity: named in a line apart from all points."""

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.canvas.space_scene import Scene
from gui.theme import Theme

MOST_APART = 50  # that are tried, whatever the room
_LEFT = 36.0  # pixels, beside the numbers of the upright axis
_LEFT_DEEP = 190.0  # beside the orientation mark
_RIGHT = 110.0  # which belong to the name of the axis
_ABOVE_NUMBERS = 26.0
_ABOVE_BAR = 36.0  # in three dimensions
_CROSS = 3.0
_GAP = 12.0


class RowsApart(QObject):
    """The line along the lower edge; its rows can be picked as points can be."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._boxes: list[tuple[QRectF, int]] = []

    def at(self, place: QPointF) -> int | None:
        """The row that was painted at a pixel."""
        return next((id_ for box, id_ in self._boxes if box.contains(place)), None)

    def draw(self, painter: QPainter, scene: Scene, frame: QRectF, theme: Theme) -> list[QRectF]:
        """Paint as many names as have room, and how many more there are; where they are."""
        self._boxes = []
        total = len(scene.left_out)
        if not total:
            return []
        metrics = QFontMetricsF(painter.font())
        line = self._line(scene, frame, metrics)
        head, rest = self.tr("NaN or Inf:"), self.tr("… and {n:,} more")
        left = line.left() + metrics.horizontalAdvance(head) + _GAP
        ids = scene.left_out[:MOST_APART].tolist()
        wide = [4 * _CROSS + metrics.horizontalAdvance(scene.name_of(id_)) + _GAP for id_ in ids]
        room = metrics.horizontalAdvance(rest.format(n=total))
        all_fit = len(ids) == total and left + sum(wide) <= line.right()
        last = line.right() - (0 if all_fit else room)
        for id_, needed in zip(ids, wide, strict=True):
            if left + needed > last:
                break
            self._boxes.append((QRectF(left, line.top(), needed, line.height()), id_))
            left += needed
        hidden = total - len(self._boxes)
        line.setRight(left + room if hidden else left)
        veil = QColor(theme.surface)
        veil.setAlphaF(0.85)
        painter.fillRect(line, veil)
        self._draw_text(painter, line, line.left(), head, theme.muted)
        for box, id_ in self._boxes:
            self._draw_row(painter, scene, box, id_, theme)
        if hidden:
            self._draw_text(painter, line, left, rest.format(n=hidden), theme.muted)
        return [line]

    def _line(self, scene: Scene, frame: QRectF, metrics: QFontMetricsF) -> QRectF:
        high, deep = metrics.height(), scene.dimensions == 3 and scene.scaled
        below = 4.0 if not scene.scaled else _ABOVE_BAR if deep else _ABOVE_NUMBERS
        left = frame.left() + (_LEFT_DEEP if deep else _LEFT)
        right = frame.right() - (_RIGHT if scene.scaled and not deep else 8.0)
        return QRectF(left, frame.bottom() - high - below, max(right - left, 0), high)

    def _draw_row(
        self, painter: QPainter, scene: Scene, box: QRectF, id_: int, theme: Theme
    ) -> None:
        chosen = id_ == scene.hovered or id_ in scene.selected
        if chosen:
            painter.fillRect(box.adjusted(-2, 0, 2 - _GAP, 0), theme.accent)
        colour = theme.on_accent if chosen else theme.text
        x, y = box.left() + _CROSS, box.center().y()
        painter.setPen(QPen(colour, 1.4))
        painter.drawLine(QLineF(x - _CROSS, y - _CROSS, x + _CROSS, y + _CROSS))
        painter.drawLine(QLineF(x - _CROSS, y + _CROSS, x + _CROSS, y - _CROSS))
        self._draw_text(painter, box, box.left() + 4 * _CROSS, scene.name_of(id_), colour)

    def _draw_text(
        self, painter: QPainter, line: QRectF, left: float, text: str, colour: QColor
    ) -> None:
        painter.setPen(colour)
        painter.drawText(QPointF(left, line.top() + painter.fontMetrics().ascent()), text)
