"""Scales that let a distance be read: round numbers along the edges, a bar, an orientation mark."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.canvas.view_range import Area, ViewRange
from gui.theme import Theme, mix

TICK = 4.0
_FEWEST_PIXELS = 52.0  # between two numbers
_MOST_TICKS = 200


def round_step(least: float) -> float:
    """The smallest of 1, 2, 5 × a power of ten that is not below `least` (> 0)."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= least * (1 - 1e-9))


def ticks(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`."""
    first, last = math.ceil(low / step), math.floor(high / step)
    return [number * step for number in range(first, min(last, first + _MOST_TICKS) + 1)]


def tick_text(value: float, step: float) -> str:
    """`value`, a multiple of the round `step`, without more places than the step has."""
    if value == 0:
        return "0"
    last = math.floor(math.log10(step) + 1e-9)  # the power of ten of the last figure that counts
    if last < -5 or abs(value) >= 1e6:
        figures = math.floor(math.log10(abs(value)) + 1e-9) - last
        return f"{value:.{min(max(figures, 0), 12)}e}".replace("-", "−")
    places = max(-last, 0)
    return f"{value:.{places}f}".replace("-", "−")


@dataclass(frozen=True)
class Numbers:
    """Where the numbers along two edges go, their marks, and the lines through the picture."""

    faint: list[QLineF]
    origin: list[QLineF]
    marks: list[QLineF]
    texts: list[tuple[QPointF, str]]


class Scales:
    """Numbers along the lower and the left edge of a frame, and lines through 0.

    What they are is worked out again only when another part of the plane is shown: while a table
    trains, most pictures show the same one.
    """

    def __init__(self) -> None:
        self._asked: tuple[object, ...] = ()
        self._numbers = Numbers([], [], [], [])

    def draw(
        self,
        painter: QPainter,
        shown: ViewRange,
        area: Area,
        frame: QRectF,
        theme: Theme,
        grid: bool,
    ) -> None:
        """Paint them; with `grid` faint lines at every number too."""
        font = painter.font()
        asked = (shown, area, frame.getRect(), font.key(), grid)
        if asked != self._asked:
            self._numbers = numbers_of(shown, area, frame, QFontMetricsF(font), grid)
            self._asked = asked
        numbers = self._numbers
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for lines, colour in (
            (numbers.faint, mix(theme.line, theme.surface, 0.55)),
            (numbers.origin, theme.line),
            (numbers.marks, theme.muted),
        ):
            if lines:
                painter.setPen(QPen(colour, 1))
                painter.drawLines(lines)
        painter.setPen(theme.muted)
        for place, text in numbers.texts:
            painter.drawText(place, text)


def numbers_of(
    shown: ViewRange, area: Area, frame: QRectF, metrics: QFontMetricsF, grid: bool
) -> Numbers:
    """The numbers in `frame`, far enough from one another and from the names of the axes."""
    step = round_step(_FEWEST_PIXELS / shown.scale)
    left, high = shown.to_plane(frame.left(), frame.top(), area)
    right, low = shown.to_plane(frame.right(), frame.bottom(), area)
    across = [(v, (v - shown.x) * shown.scale + area.centre[0]) for v in ticks(left, right, step)]
    down = [(v, (shown.y - v) * shown.scale + area.centre[1]) for v in ticks(low, high, step)]
    found = Numbers([], [], [], [])
    free, base = frame.left() + 30, frame.bottom() - TICK
    for value, x in across:
        if grid or value == 0:
            lines = found.faint if value else found.origin
            lines.append(QLineF(x, frame.top(), x, frame.bottom()))
        found.marks.append(QLineF(x, frame.bottom(), x, base))
        text = tick_text(value, step)
        wide = metrics.horizontalAdvance(text)
        if free < x - wide / 2 and x + wide / 2 < frame.right() - 2:
            free = x + wide / 2 + 8
            found.texts.append((QPointF(x - wide / 2, base - 3), text))
    above, below = frame.top() + 2 * metrics.height(), frame.bottom() - 2 * metrics.height()
    for value, y in down:
        if grid or value == 0:
            lines = found.faint if value else found.origin
            lines.append(QLineF(frame.left(), y, frame.right(), y))
        found.marks.append(QLineF(frame.left(), y, frame.left() + TICK, y))
        if above < y < below:
            baseline = QPointF(frame.left() + TICK + 3, y + metrics.ascent() / 2 - 1)
            found.texts.append((baseline, tick_text(value, step)))
    return found


def draw_names(painter: QPainter, names: Sequence[str], frame: QRectF, theme: Theme) -> None:
    """What the axes are: the first at the right end below, the second at the upper left."""
    painter.setPen(theme.text)
    inside = frame.adjusted(8, 6, -8, -8)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
    above = inside.adjusted(0, 0, 0, -QFontMetricsF(painter.font()).height() - TICK)
    for name, box, place in zip(
        names, (above, inside), (right, Qt.AlignmentFlag.AlignLeft), strict=False
    ):
        painter.drawText(box, place, name)


def draw_bar(painter: QPainter, scale: float, right: float, bottom: float, theme: Theme) -> None:
    """A bar of a round length, ending at (`right`, `bottom`), and that length in numbers."""
    step = round_step(_FEWEST_PIXELS / scale)
    pixels = step * scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.muted, 1))
    painter.drawLine(QLineF(right - pixels, bottom, right, bottom))
    for x in (right - pixels, right):
        painter.drawLine(QLineF(x, bottom - TICK, x, bottom))
    text_box = QRectF(right - pixels, bottom - TICK - 20, pixels, 18)
    painter.drawText(text_box, Qt.AlignmentFlag.AlignCenter, tick_text(step, step))


_BELOW = 22.0  # pixels that names have below the longest axis
_END_ON = 0.2  # an axis that is seen no longer than this share of its length


def draw_orientation(
    painter: QPainter,
    directions: NDArray[np.floating],
    names: Sequence[str],
    centre: QPointF,
    length: float,
    theme: Theme,
) -> None:
    """Where the axes point: `directions` (3, 3) holds for each axis right, up and towards us.

    An axis that points away is drawn fainter and beneath the others.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    metrics, taken = QFontMetricsF(painter.font()), list[QRectF]()
    for axis in np.argsort(directions[:, 2]).tolist():
        right, up, towards = directions[axis].tolist()
        tip = centre + QPointF(right * length, -up * length)
        colour = mix(theme.text, theme.surface, 0.25 - 0.35 * min(towards, 0.0))
        painter.setPen(QPen(colour, 1.6))
        painter.drawLine(QLineF(centre, tip))
        if axis < len(names):
            box = name_box(names[axis], right, up, centre, length, metrics, taken)
            taken.append(box)
            painter.drawText(QPointF(box.left(), box.top() + metrics.ascent()), names[axis])


def name_box(
    name: str,
    right: float,
    up: float,
    centre: QPointF,
    length: float,
    metrics: QFontMetricsF,
    taken: Sequence[QRectF],
) -> QRectF:
    """Where the name of an axis goes that leads `right` and `up`: beyond its end.

    It gives way to the names in `taken`, up or down, whichever is nearer.
    """
    wide = metrics.horizontalAdvance(name)
    middle = centre + QPointF(right, -up) * (length + 6 + wide / 2 * abs(right))
    if abs(right) + abs(up) < _END_ON:
        middle = centre + QPointF(0, length + 8)
    left = max(TICK, middle.x() - wide / 2)
    box = QRectF(left, middle.y() - metrics.ascent() / 2 - 1, wide, metrics.height())
    lowest = centre.y() + length + _BELOW
    for shift in range(math.ceil((len(taken) + 2) * box.height())):
        for down in (shift, -shift):
            moved = box.translated(0, down)
            free = not any(moved.intersects(other) for other in taken)
            if free and moved.bottom() <= lowest:
                return moved
    return box
