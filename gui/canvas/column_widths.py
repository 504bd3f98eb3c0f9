"""How wide the table's columns of values are, and whether their numbers have room."""

from typing import NamedTuple

from gui.canvas.heat_cells import EDGE

WRITTEN_UP_TO = 8  # columns
_NARROWEST, _WIDEST = 5, 40  # pixels of a cell without its number
_FEWEST, _EASY, _MOST = 5, 9, 12  # characters of a cell with its number; easy: when scrolling


class Cells(NamedTuple):
    """The width of each cell in pixels, and whether its number is written in it."""

    width: int
    numbers: bool


def share(room: int, count: int, digit: int, wanted: bool | None) -> Cells:
    """Share `room` pixels among `count` columns; a digit is `digit` pixels wide.

    `wanted` says whether to write numbers; None: where the columns are few and have room.
    """
    each = max(0, room) // count
    fewest, easy, most = (digits * digit + 2 * EDGE for digits in (_FEWEST, _EASY, _MOST))
    numbers = count <= WRITTEN_UP_TO and each >= fewest if wanted is None else wanted
    if numbers:
        return Cells(easy if each < fewest else min(most, each), True)
    return Cells(max(_NARROWEST, min(_WIDEST, each)), False)
