"""Paints the typed line in Space: a path through its tokens in reading order, and their mean."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import SentencePath
from gui.theme import Theme

MOST_PASSED = 200  # tokens of a path: more is a thicket
_MEAN = 6.0  # radius
_HEAD = 7.0
_LOOP = 7.0  # radius of the loop at a token that comes twice in a row
_APART = 3.0  # pixels to the side of a way that is also gone back
_WIDTH = 1.6


def draw_sentence(painter: QPainter, picture: Picture, theme: Theme) -> list[QRectF]:
    """Paint the path and the means of the scene's sentence; where the means are."""
    sentence, means = picture.scene.sentence, list[QRectF]()
    if sentence is None:
        return means
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for line in ways(picture, sentence):
        if line.length():
            draw_way(painter, line, theme)
        else:
            _draw_loop(painter, line.p1() - QPointF(0, picture.radius + _LOOP), theme)
    for point, hollow in ((sentence.padded_mean, True), (sentence.mean, False)):
        if point is not None and np.isfinite(point).all():
            x, y = picture.to_screen(point[None])[0].clip(-1e5, 1e5).tolist()
            draw_mean(painter, QPointF(x, y), theme, hollow=hollow)
            means.append(QRectF(x - _MEAN, y - _MEAN, 2 * _MEAN, 2 * _MEAN))
    return means


def ways(picture: Picture, sentence: SentencePath) -> Iterator[QLineF]:
    """The pixels of each way from a token to the next; of no length where it is the same token.

    Ways from or to a row that has no point are left out. A way that is also gone back lies beside
    that one.
    """
    steps = list(pairwise(sentence.ids))
    both_ways = set(steps)
    for start, end in steps:
        places = picture.places([start, end])
        if not np.isfinite(places).all():
            continue
        line = _line(places)
        if start == end:
            yield line
            continue
        if (end, start) in both_ways and line.length():
            aside = line.normalVector().unitVector()
            line.translate(_APART * aside.dx(), _APART * aside.dy())
        yield _between_marks(line, picture.radius + 2)


def _line(places: NDArray[np.floating]) -> QLineF:
    (x0, y0), (x1, y1) = places.clip(-1e5, 1e5).tolist()
    return QLineF(x0, y0, x1, y1)


def _between_marks(line: QLineF, gap: float) -> QLineF:
    """`line` without `gap` pixels at its end, where the mark of a point would hide the arrow."""
    if line.length() > 2 * (gap + _HEAD):
        line.setLength(line.length() - gap)
    return line


def draw_way(painter: QPainter, line: QLineF, theme: Theme) -> None:
    """An arrow from one token to the next."""
    painter.setPen(QPen(theme.accent, _WIDTH))
    painter.drawLine(line)
    _draw_head(painter, line, theme)


def _draw_loop(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """A way that ends where it began."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, _WIDTH))
    painter.drawEllipse(centre, _LOOP, _LOOP)
    top = centre - QPointF(0, _LOOP)
    half = QPointF(_HEAD / 2, 0)
    _draw_head(painter, QLineF(top - half * 2, top + half), theme)


def _draw_head(painter: QPainter, line: QLineF, theme: Theme) -> None:
    back = QLineF(line.p2(), line.p1())
    back.setLength(min(_HEAD, 0.7 * line.length()))
    head = [line.p2()]
    for side in (-24.0, 24.0):
        barb = QLineF(back)
        barb.setAngle(back.angle() + side)
        head.append(barb.p2())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    painter.drawPolygon(QPolygonF(head))


def draw_mean(painter: QPainter, centre: QPointF, theme: Theme, *, hollow: bool) -> None:
    """The mark of a mean, as of a centre of mass: filled without the pads, hollow with them."""
    cross, fill = (theme.accent, theme.surface) if hollow else (theme.surface, theme.accent)
    painter.setPen(QPen(theme.accent, 1.8))
    painter.setBrush(fill)
    painter.drawEllipse(centre, _MEAN, _MEAN)
    painter.setPen(QPen(cross, 1.6))
    reach = _MEAN - 0.9
    painter.drawLine(QLineF(centre - QPointF(reach, 0), centre + QPointF(reach, 0)))
    painter.drawLine(QLineF(centre - QPointF(0, reach), centre + QPointF(0, reach)))
