"""The parts of one row's move as arrows in Space, head to tail from where the row was."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainter, QPen

from gui.canvas.part_looks import Kind, part_look
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.space_picture import Picture

_WIDTH = 2.2
_HEAD = 7.0
_SHORTEST = 2.0  # pixels
_LONG_ENOUGH = 30.0  # for the longest part to be drawn to scale
_ENLARGED_TO = 70.0
# Further than the moves of all rows: these are no noise, for rounding is not among them.
_FACTORS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, eq=False)
class PartArrows:
    """What moved row `id`: `ways` (n, k) on the axes of the scene, which together are its move."""

    id: int
    kinds: tuple[Kind, ...]
    names: tuple[str, ...]
    ways: NDArray[np.float64]


@dataclass(frozen=True)
class PartSign:
    """The arrow of a part, as the key shows it."""

    kind: Kind


@dataclass(frozen=True)
class DrawnParts:
    """The arrows that are long enough to be seen, in pixels, `enlarged` times as long."""

    enlarged: int
    lines: tuple[tuple[Kind, str, QLineF], ...]


def drawn_parts(picture: "Picture") -> DrawnParts:
    """Where the arrows of the scene's parts are.

    To scale they lead from the old place of the point to the new one; enlarged they begin at the
    new one, as the arrows of all moves do.
    """
    nothing = DrawnParts(1, ())
    parts = picture.scene.parts
    if parts is None or picture.place(parts.id) is None or not np.isfinite(parts.ways).all():
        return nothing
    ways = parts.ways
    if picture.scene.dimensions == 3:
        ways = ways @ picture.camera.basis()[:, :2]
    ways = ways * np.array([picture.shown.scale, -picture.shown.scale])
    longest = float(np.hypot(*ways.T).max(initial=0.0))
    fitting = [n for n in _FACTORS if n * longest <= _ENLARGED_TO]
    wanted = 1 if longest >= _LONG_ENOUGH else max(fitting, default=1)
    enlarged = max(wanted, picture.enlarged)
    x, y = picture.places([parts.id])[0].tolist()
    at = np.array([x, y]) - (ways.sum(0) if enlarged == 1 else 0)
    lines = []
    for kind, name, way in zip(parts.kinds, parts.names, ways * enlarged, strict=True):
        ahead = at + way
        if np.hypot(*way) >= _SHORTEST:
            ends = [QPointF(*end.clip(-1e5, 1e5).tolist()) for end in (at, ahead)]
            lines.append((kind, name, QLineF(*ends)))
        at = ahead
    return DrawnParts(enlarged, tuple(lines))


def draw_parts(painter: QPainter, picture: "Picture", theme: Theme) -> None:
    """Paint the arrows, each in the colour and the dashes of its part."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for kind, _, line in drawn_parts(picture).lines:
        draw_part(painter, line, kind, theme)


def draw_part(painter: QPainter, line: QLineF, kind: Kind, theme: Theme) -> None:
    """Paint one arrow."""
    look = part_look(kind, theme)
    painter.setPen(QPen(look.colour, _WIDTH, look.line))
    painter.drawLine(line)
    painter.setPen(QPen(look.colour, _WIDTH))
    for side in (-25.0, 25.0):
        barb = QLineF(line.p2(), line.p1())
        barb.setLength(min(_HEAD, 0.5 * line.length()))
        barb.setAngle(barb.angle() + side)
        painter.drawLine(barb)
