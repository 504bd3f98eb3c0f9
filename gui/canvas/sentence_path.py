"""Paints the typed line in Space: a path through its tokens in reading order, and their mean."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import SentencePath
from gui.theme import Theme

MOST_PASSED = 200  # tokens of a path: more is a thicket
_MEAN = 6.0  # radius
_HEAD = 7.0
_SLENDER = 0.43  # half the width of a head, as a share of its length
_LOOP = 7.0  # radius of the loop at a token that comes twice in a row
_APART = 3.0  # pixels to the side of a way that is also gone back
_WIDTH = 1.6


def draw_sentence(painter: QPainter, picture: Picture, theme: Theme) -> list[QRectF]:
    """Paint the path and the means of the scene's sentence; where the means are."""
    sentence, means = picture.scene.sentence, list[QRectF]()
    if sentence is None:
        return means
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = list(ways(picture, sentence))
    draw_ways(painter, [line for line in lines if not line.isNull()], theme)
    for line in lines:
        if line.isNull():
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
    ids = list(dict.fromkeys(sentence.ids))
    pixels = picture.places(ids)
    seen = np.asarray(np.isfinite(pixels).all(axis=1)).tolist()
    at = {
        id_: QPointF(x, y)
        for id_, finite, (x, y) in zip(ids, seen, pixels.clip(-1e5, 1e5).tolist(), strict=True)
        if finite
    }
    steps = dict.fromkeys(pairwise(sentence.ids))
    for start, end in steps:
        if start in at and end in at:
            line = QLineF(at[start], at[end])
            if not line.isNull():
                _beside_and_between(line, picture.radius + 2, back=(end, start) in steps)
            yield line


def _beside_and_between(line: QLineF, gap: float, *, back: bool) -> None:
    """Move `line` aside if it is also gone `back`; end it before the mark of a point."""
    length = line.length()
    if back:
        line.translate(_APART * line.dy() / length, -_APART * line.dx() / length)
    if length > 2 * (gap + _HEAD):  # otherwise it would be all but gone
        line.setLength(length - gap)


def draw_ways(painter: QPainter, lines: Sequence[QLineF], theme: Theme) -> None:
    """An arrow along each of `lines`."""
    painter.setPen(QPen(theme.accent, _WIDTH))
    painter.drawLines(lines)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    for line in lines:
        painter.drawPolygon(_head(line))


def _draw_loop(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """A way that ends where it began."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.accent, _WIDTH))
    painter.drawEllipse(centre, _LOOP, _LOOP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.accent)
    tip = centre + QPointF(_HEAD / 2, -_LOOP)
    painter.drawPolygon(_head(QLineF(tip - QPointF(2 * _HEAD, 0), tip)))


def _head(line: QLineF) -> list[QPointF]:
    """The corners of the arrowhead at the end of `line`."""
    length, tip = line.length(), line.p2()
    along = line.unitVector()
    dx, dy = along.dx(), along.dy()
    long = min(_HEAD, 0.7 * length)
    wide = _SLENDER * long
    back = tip - QPointF(long * dx, long * dy)
    aside = QPointF(-wide * dy, wide * dx)
    return [tip, back + aside, back - aside]


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
