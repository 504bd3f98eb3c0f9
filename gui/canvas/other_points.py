"""The points of another branch beside those on screen: hollow, and tied to those that matter."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.space_picture import Picture

MOST_HOLLOW = 3_000  # above this many only those that matter are drawn
_RADIUS = 3.5


@dataclass(frozen=True, eq=False)
class OtherPoints:
    """`points` (n, k) of the rows 0 … n − 1 of what is called `name`."""

    points: NDArray[np.float32]
    name: str


def draw_hollow(painter: QPainter, centre: QPointF, theme: Theme) -> None:
    """The sign of a point of another branch."""
    painter.setPen(QPen(theme.series[1], 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, _RADIUS, _RADIUS)


def draw_other(painter: QPainter, picture: "Picture", theme: Theme) -> None:
    """All of them where they are few; a line from each that matters to where it is here."""
    scene = picture.scene
    other = scene.other
    if other is None:
        return
    matter = [id_ for id_ in scene.that_matter() if id_ < len(other.points)]
    ids = np.arange(len(other.points)) if len(other.points) <= MOST_HOLLOW else np.array(matter)
    if not len(ids):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    places = dict(zip(ids.tolist(), picture.to_screen(other.points[ids]), strict=True))
    painter.setPen(QPen(theme.series[1], 1, Qt.PenStyle.DotLine))
    for id_ in matter:
        here, there = picture.place(id_), places[id_]
        if here is not None and np.isfinite(there).all():
            painter.drawLine(QLineF(QPointF(*here), _point(there)))
    for place in places.values():
        if np.isfinite(place).all():
            draw_hollow(painter, _point(place), theme)


def _point(place: NDArray[np.float32]) -> QPointF:
    x, y = place.clip(-1e5, 1e5).tolist()
    return QPointF(x, y)
