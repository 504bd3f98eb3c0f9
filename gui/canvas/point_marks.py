"""The marks of points: each kind has a shape of its own, so that colour is never the only sign.

Marks are painted once into small pictures and stamped from there: half the time of painting
each circle anew, and smooth at fractions of a pixel.
"""

from collections.abc import Iterable
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from gui.canvas.shapes import into_shapes
from gui.theme import Theme, mix


class Mark(Enum):
    """What a mark says about a point."""

    POINT = "point"
    PAD = "pad"
    UNKNOWN = "unknown"
    TOUCHED = "touched"
    DRIFTED = "drifted"
    SELECTED = "selected"
    HOVERED = "hovered"
    MATCH = "match"


class MarkStamps:
    """Draws marks of any size in the colours of one theme."""

    def __init__(self, theme: Theme, device_ratio: float) -> None:
        self.theme = theme
        self.device_ratio = device_ratio
        self._pictures: dict[tuple[Mark, float, float], QPixmap] = {}

    def draw(
        self,
        painter: QPainter,
        mark: Mark,
        places: Iterable[tuple[float, float]],
        size: float,
        fade: float = 0.0,
    ) -> None:
        """`mark` at each of `places`, for points of `size` pixels across.

        `fade` from 0 to 1 lets it go towards the background.
        """
        if into_shapes(painter):
            self._draw_shapes(painter, mark, places, size, fade)
            return
        picture = self._picture(mark, size, fade)
        half = picture.width() / self.device_ratio / 2
        for x, y in places:
            painter.drawPixmap(QPointF(x - half, y - half), picture)

    def _draw_shapes(
        self,
        painter: QPainter,
        mark: Mark,
        places: Iterable[tuple[float, float]],
        size: float,
        fade: float,
    ) -> None:
        for x, y in places:
            painter.save()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.translate(x, y)
            _PAINTERS[mark](painter, size / 2, self.theme, fade)
            painter.restore()

    def _picture(self, mark: Mark, size: float, fade: float) -> QPixmap:
        key = (mark, size, fade)
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._pictures[key] = self._painted(mark, size, fade)
        return picture

    def _painted(self, mark: Mark, size: float, fade: float) -> QPixmap:
        side = round(size) + 14
        picture = QPixmap(round(side * self.device_ratio), round(side * self.device_ratio))
        picture.setDevicePixelRatio(self.device_ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        exact_side = picture.width() / self.device_ratio
        painter.translate(exact_side / 2, exact_side / 2)
        _PAINTERS[mark](painter, size / 2, self.theme, fade)
        painter.end()
        return picture


def ink_of_points(theme: Theme) -> QColor:
    """The colour of points about which nothing else is to be said."""
    return theme.series[0]


def _faded(colour: QColor, theme: Theme, fade: float) -> QColor:
    return mix(colour, theme.surface, fade)


def _point(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    painter.setPen(QPen(theme.surface, 1))
    painter.setBrush(_faded(ink_of_points(theme), theme, fade))
    painter.drawEllipse(QPointF(), radius + 0.5, radius + 0.5)


def _pad(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    colour = _faded(theme.pad, theme, fade)
    half = max(radius, 3.5)
    box = QRectF(-half, -half, 2 * half, 2 * half)
    painter.fillRect(box, theme.surface)
    painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(colour, 1.5))
    painter.drawRect(box)


def _unknown(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    half = max(radius, 3.5) * 1.3
    painter.setPen(QPen(_faded(theme.unknown, theme, fade), 2))
    painter.setBrush(theme.surface)
    painter.drawPolygon([QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0)])


def _touched(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    painter.setPen(QPen(_faded(theme.touched, theme, fade), 1.6))
    painter.drawEllipse(QPointF(), radius + 2.4, radius + 2.4)


def _drifted(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    pen = QPen(_faded(theme.moved, theme, fade), 1.6)
    ring = radius + 2.4
    dash = 3.1416 * ring / pen.widthF() / 6  # six dashes and six gaps of one length
    pen.setDashPattern([dash, dash])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawEllipse(QPointF(), ring, ring)


def _selected(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    painter.setPen(QPen(_faded(theme.accent, theme, fade), 2))
    painter.drawEllipse(QPointF(), radius + 5, radius + 5)


def _match(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    painter.setPen(QPen(_faded(theme.text, theme, fade), 1.4))
    half = radius + 4
    painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))


def _hovered(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    painter.setPen(QPen(theme.surface, 1.5))
    painter.setBrush(_faded(theme.accent, theme, fade))
    painter.drawEllipse(QPointF(), radius + 2, radius + 2)


_PAINTERS = {
    Mark.POINT: _point,
    Mark.PAD: _pad,
    Mark.UNKNOWN: _unknown,
    Mark.TOUCHED: _touched,
    Mark.DRIFTED: _drifted,
    Mark.SELECTED: _selected,
    Mark.HOVERED: _hovered,
    Mark.MATCH: _match,
}
