"""Shapes of points that stand for groups, so that colour is not the only sign of one.

None of them is like the pad (a hatched square), the unknown token (a diamond) or a ring.
"""

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

from gui.canvas.tints import Shape

_ARM = 0.38  # half the width of a plus's arm, as a share of its half


@lru_cache(maxsize=256)
def path_of(shape: Shape, radius: float) -> QPainterPath:
    """The outline of `shape` around (0, 0), about as large as a disc of `radius`."""
    path = QPainterPath()
    if shape == "disc":
        path.addEllipse(QPointF(), radius, radius)
    elif shape in ("triangle", "upturned"):
        path.addPolygon(_star(3, 1, 1.45 * radius, turned=shape == "upturned"))
        path.closeSubpath()
    elif shape == "star":
        path.addPolygon(_star(5, 0.45, 1.45 * radius))
        path.closeSubpath()
    elif shape in ("plus", "cross"):
        path.addPath(_plus(1.3 * radius))
        if shape == "cross":
            path = QTransform().rotate(45).map(path)
    else:
        long, short = 1.45 * radius, 0.6 * radius
        across, down = (long, short) if shape == "bar" else (short, long)
        path.addRect(QRectF(-across, -down, 2 * across, 2 * down))
    return path


def _star(points: int, inner: float, radius: float, turned: bool = False) -> QPolygonF:
    """A star with its first point up, or down; a polygon if `inner` is 1."""
    corners = []
    step = 1 if inner == 1 else 2
    for number in range(points * step):
        angle = math.tau * number / (points * step)
        length = radius * (inner if number % step else 1)
        y = length * math.cos(angle) * (1 if turned else -1)
        corners.append(QPointF(length * math.sin(angle), y))
    return QPolygonF(corners)


def _plus(half: float) -> QPainterPath:
    arm = _ARM * half
    upright, level = QPainterPath(), QPainterPath()
    upright.addRect(QRectF(-arm, -half, 2 * arm, 2 * half))
    level.addRect(QRectF(-half, -arm, 2 * half, 2 * arm))
    return upright.united(level)
