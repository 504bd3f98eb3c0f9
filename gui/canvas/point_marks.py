"""The marks of points: each kind has a shape of its own, so that colour is never the only sign.

Marks are painted once into small pictures and stamped from there, in half the time of painting
each circle anew: to a quarter of a pixel, from a picture for each quarter, but for a few of a
colour of their own.
"""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

from gui.canvas.point_shapes import path_of
from gui.canvas.shapes import into_shapes
from gui.canvas.tints import NO_VALUE, Shape, Tints
from gui.theme import Theme, mix

_MOST_KEPT = 4_000  # pictures of marks
_MANY = 64  # marks that are alike
_QUARTERS = 4  # of a pixel

Places = Sequence[Sequence[float]] | NDArray[np.floating]  # (n, 2)


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


class Look(NamedTuple):
    """What colours by point make of a mark: red, green and blue, None where it has no value."""

    rgb: tuple[int, int, int] | None = None
    shape: Shape = "disc"


def looks_of(tints: Tints | None, ids: NDArray[np.integer]) -> list[Look | None]:
    """How each of the points `ids` looks; None: as points do without colours."""
    if tints is None:
        return [None] * len(ids)
    codes = tints.codes[ids].tolist()
    looks = {code: look_of_code(tints, code) for code in set(codes)}
    return [looks[code] for code in codes]


def look_of_code(tints: Tints, code: int) -> Look:
    """How the points of one code look."""
    if code == NO_VALUE:
        return Look()
    red, green, blue = tints.palette[code].tolist()
    return Look((red, green, blue), tints.shapes.get(code, "disc"))


class Stamp(NamedTuple):
    """What a picture of a mark is painted from."""

    mark: Mark
    size: float
    fade: float
    look: Look | None


class MarkStamps:
    """Draws marks of any size in the colours of one theme."""

    def __init__(self, theme: Theme, device_ratio: float) -> None:
        self.theme = theme
        self.device_ratio = device_ratio
        self._pictures: dict[tuple[Stamp, int, int], QPixmap] = {}

    def draw(
        self,
        painter: QPainter,
        mark: Mark,
        places: Places,
        size: float,
        fade: float = 0.0,
        look: Look | None = None,
    ) -> None:
        """`mark` at each of `places`, for points of `size` pixels across.

        `fade` from 0 to 1 lets it go towards the background.
        """
        stamp = Stamp(mark, size, fade, look)
        if into_shapes(painter):
            self._draw_shapes(painter, stamp, places)
        elif len(places) >= _MANY:
            self._draw_many(painter, stamp, np.asarray(places))
        elif look is None:
            self._draw_few(painter, stamp, places)
        else:  # of each of many colours 16 pictures would take longer to paint than to stamp
            picture = self._picture(stamp)
            half = picture.width() / self.device_ratio / 2
            for x, y in places:
                painter.drawPixmap(QPointF(x - half, y - half), picture)

    def _draw_shapes(self, painter: QPainter, stamp: Stamp, places: Places) -> None:
        for x, y in places:
            painter.save()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.translate(x, y)
            self._paint(painter, stamp)
            painter.restore()

    def _draw_few(self, painter: QPainter, stamp: Stamp, places: Places) -> None:
        # Where many would be, or the ring around one of those would be beside its middle.
        ratio, half = self.device_ratio, self._picture(stamp).width() / 2
        for x, y in places:
            left, right = divmod(round((x * ratio - half) * _QUARTERS), _QUARTERS)
            top, down = divmod(round((y * ratio - half) * _QUARTERS), _QUARTERS)
            picture = self._picture(stamp, right, down)
            painter.drawPixmap(QPointF(left / ratio, top / ratio), picture)

    def _draw_many(self, painter: QPainter, stamp: Stamp, places: NDArray[np.floating]) -> None:
        ratio, half = self.device_ratio, self._picture(stamp).width() / 2
        quarters = np.rint((places * ratio - half) * _QUARTERS).astype(np.intp)
        corners, parts = np.divmod(quarters, _QUARTERS)
        kinds = parts @ [1, _QUARTERS]
        pictures = {
            kind: self._picture(stamp, kind % _QUARTERS, kind // _QUARTERS)
            for kind in np.unique(kinds).tolist()
        }
        if ratio == 1:  # Qt is told of whole pixels in half the time that it is told of fractions
            for (x, y), kind in zip(corners.tolist(), kinds.tolist(), strict=True):
                painter.drawPixmap(x, y, pictures[kind])
            return
        for (x, y), kind in zip((corners / ratio).tolist(), kinds.tolist(), strict=True):
            painter.drawPixmap(QPointF(x, y), pictures[kind])

    def _picture(self, stamp: Stamp, right: int = 0, down: int = 0) -> QPixmap:
        """The mark in the middle of a picture, or so many quarters of a device pixel from there."""
        key = (stamp, right, down)
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _MOST_KEPT:
                self._pictures.clear()
            picture = self._pictures[key] = self._painted(stamp, right, down)
        return picture

    def _painted(self, stamp: Stamp, right: int, down: int) -> QPixmap:
        side = round(stamp.size) + 14
        picture = QPixmap(round(side * self.device_ratio), round(side * self.device_ratio))
        picture.setDevicePixelRatio(self.device_ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = picture.width() / 2
        painter.scale(1 / self.device_ratio, 1 / self.device_ratio)
        painter.translate(middle + right / _QUARTERS, middle + down / _QUARTERS)
        painter.scale(self.device_ratio, self.device_ratio)
        self._paint(painter, stamp)
        painter.end()
        return picture

    def _paint(self, painter: QPainter, stamp: Stamp) -> None:
        theme, (mark, size, fade, look) = self.theme, stamp
        radius = size / 2
        if look is None or mark not in _POINTS:
            _PAINTERS[mark](painter, radius, theme, fade)
            return
        colour = theme.muted if look.rgb is None else QColor(*look.rgb)
        _POINTS[mark](painter, radius, theme, _faded(colour, theme, fade), look.shape)


def ink_of_points(theme: Theme) -> QColor:
    """The colour of points about which nothing else is to be said."""
    return theme.series[0]


def _faded(colour: QColor, theme: Theme, fade: float) -> QColor:
    return mix(colour, theme.surface, fade)


def _point(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    _draw_point(painter, radius, theme, _faded(ink_of_points(theme), theme, fade), "disc")


def _draw_point(
    painter: QPainter, radius: float, theme: Theme, colour: QColor, shape: Shape
) -> None:
    painter.setPen(QPen(theme.surface, 1))
    painter.setBrush(colour)
    if shape == "disc":
        painter.drawEllipse(QPointF(), radius + 0.5, radius + 0.5)
    else:
        painter.drawPath(path_of(shape, radius + 0.5))


def _pad(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    _draw_pad(painter, radius, theme, _faded(theme.pad, theme, fade), "disc")


def _draw_pad(
    painter: QPainter, radius: float, theme: Theme, colour: QColor, _shape: Shape
) -> None:
    half = max(radius, 3.5)
    box = QRectF(-half, -half, 2 * half, 2 * half)
    painter.fillRect(box, theme.surface)
    painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(colour, 1.5))
    painter.drawRect(box)


def _unknown(painter: QPainter, radius: float, theme: Theme, fade: float) -> None:
    _draw_unknown(painter, radius, theme, _faded(theme.unknown, theme, fade), "disc")


def _draw_unknown(
    painter: QPainter, radius: float, theme: Theme, colour: QColor, _shape: Shape
) -> None:
    half = max(radius, 3.5) * 1.3
    painter.setPen(QPen(colour, 2))
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
# Marks that are points themselves, and take the colour of their value.
_POINTS = {Mark.POINT: _draw_point, Mark.PAD: _draw_pad, Mark.UNKNOWN: _draw_unknown}
