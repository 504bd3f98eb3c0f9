"""The pooled vector of each sentence in Space: where it was in its own batch, and where it went."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.space_picture import Picture

_HALF = 5.0
_ARROW = 7.0


@dataclass(frozen=True, eq=False)
class PooledPoints:
    """`base` and `now` (B, k) on the axes of the scene, of the sentences called `names` (B,)."""

    base: NDArray[np.float32]
    now: NDArray[np.float32]
    names: tuple[str, ...]


def draw_pooled(painter: QPainter, picture: "Picture", theme: Theme) -> None:
    """An open square where each vector was, a filled one where it is, and an arrow between."""
    pooled = picture.scene.pooled
    if pooled is None or not len(pooled.now):
        return
    base = picture.to_screen(pooled.base).clip(-1e5, 1e5)
    now = picture.to_screen(pooled.now).clip(-1e5, 1e5)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for number, name in enumerate(pooled.names):
        if not (np.isfinite(base[number]).all() and np.isfinite(now[number]).all()):
            continue
        start, end = QPointF(*base[number].tolist()), QPointF(*now[number].tolist())
        colour = theme.series[number % len(theme.series)]
        _draw_way(painter, start, end, colour)
        _draw_name(painter, end, name, theme)


def _draw_name(painter: QPainter, at: QPointF, name: str, theme: Theme) -> None:
    """On a ground of its own: points and their names may lie below."""
    metrics = QFontMetrics(painter.font())
    box = metrics.boundingRect(name).toRectF()
    place = at + QPointF(_HALF + 3, metrics.ascent() / 2)
    ground = QColor(theme.surface)
    ground.setAlphaF(0.8)
    painter.fillRect(box.translated(place).adjusted(-1, 0, 1, 0), ground)
    painter.setPen(theme.text)
    painter.drawText(place, name)


def _draw_way(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    way = QLineF(start, end)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_square(start))
    if way.length() > 2 * _HALF:
        painter.drawLine(way)
    if way.length() > 2 * _HALF + _ARROW:
        back = QLineF(end, start)
        back.setLength(_HALF + _ARROW)
        for turn in (25, -25):
            side = QLineF(end, back.p2())
            side.setAngle(back.angle() + turn)
            tip = QLineF(end, start)
            tip.setLength(_HALF)
            painter.drawLine(tip.p2(), side.p2())
    painter.setBrush(colour)
    painter.drawRect(_square(end))


def _square(middle: QPointF) -> QRectF:
    return QRectF(middle.x() - _HALF, middle.y() - _HALF, 2 * _HALF, 2 * _HALF)
