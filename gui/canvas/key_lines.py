"""The lines of the key to a picture: which entry goes where, and what has no room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from gui.canvas.movement_arrows import PartSign
from gui.canvas.point_marks import Mark
from gui.canvas.tint_key import PADDING, SWATCH, Ramp, Swatch

MORE = "more"  # the sign of what stands for entries that have no room
_GAP = 10.0
_MARGIN = 8.0
_AXIS_NAME = 110.0  # pixels on the left, which belong to the name of the upright axis


@dataclass(frozen=True)
class Entry:
    """One line of the key.

    `sign` is a mark, of colours by point too, or "arrow", "dashed arrow", "trail", "cross", "way",
    "mean", "padded mean", "other"; "" is none. `of_colours`: it belongs to the key to the colours.
    """

    sign: Mark | Swatch | Ramp | PartSign | str
    text: str
    of_colours: bool = False


def line_height(metrics: QFontMetricsF) -> float:
    """Of one line."""
    return max(metrics.height() + 2, 18.0)


def width_of(entry: Entry, metrics: QFontMetricsF) -> float:
    """Pixels that an entry takes, with the gap after it."""
    if isinstance(entry.sign, Ramp):
        return entry.sign.width(metrics) + _GAP
    return before_text(entry) + metrics.horizontalAdvance(entry.text) + _GAP


def before_text(entry: Entry) -> float:
    """Pixels that the sign of an entry takes."""
    return 0.0 if entry.sign in ("", MORE) else SWATCH + PADDING


def lines_of(entries: Sequence[Entry], width: float, metrics: QFontMetricsF) -> list[list[Entry]]:
    """`entries` in lines of at most `width`; the first leaves room for the name of the axis.

    The key to colours begins a line of its own. What is wider than any line is cut short.
    """
    lines: list[list[Entry]] = []
    left = 0.0
    for entry in entries:
        wide = width_of(entry, metrics)
        if not lines or wide > left or entry.sign == "" or isinstance(entry.sign, Ramp):
            left = width - (_MARGIN if lines else _AXIS_NAME)
            lines.append([])
        lines[-1].append(_fitted(entry, width - _MARGIN, metrics))
        left -= wide
    return lines


def _fitted(entry: Entry, width: float, metrics: QFontMetricsF) -> Entry:
    if isinstance(entry.sign, Ramp) or width_of(entry, metrics) <= width:
        return entry
    room = width - before_text(entry) - _GAP
    text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
    return replace(entry, text=text)


def folded(
    entries: Sequence[Entry],
    width: float,
    metrics: QFontMetricsF,
    most: int,
    more: Callable[[int], str],
) -> list[list[Entry]]:
    """`entries` in at most `most` lines (at least 2, one for marks and one for colours).

    Where they have no room, what ends the marks or the colours says `more` of a number instead.
    """
    lines = lines_of(entries, width, metrics)
    if len(lines) <= max(most, 2):
        return lines
    colours = [entry for entry in entries if entry.of_colours]
    marks = [entry for entry in entries if not entry.of_colours]
    # The colours were asked for: they have the room that they need, but for one line of marks.
    left = max(most, 2) - min(len(marks), 1)
    for_colours = min(len(lines_of(colours, width, metrics)), left)
    for_marks = max(most, 2) - for_colours
    return [
        *_cut(marks, width, metrics, for_marks, more),
        *_cut(colours, width, metrics, for_colours, more),
    ]


def _cut(
    entries: list[Entry],
    width: float,
    metrics: QFontMetricsF,
    most: int,
    more: Callable[[int], str],
) -> list[list[Entry]]:
    """As many of `entries` as have room in `most` lines, with the number of the others."""
    for kept in range(len(entries), -1, -1):
        hidden = len(entries) - kept
        rest = [Entry(MORE, more(hidden), entries[0].of_colours)] if hidden else []
        lines = lines_of([*entries[:kept], *rest], width, metrics)
        if len(lines) <= most:
            return lines
    return []
