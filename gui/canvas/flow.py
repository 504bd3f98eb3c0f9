"""Places pieces of known width one after the other, in lines, like words on a page."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect


class Sized(NamedTuple):
    """How wide a piece is; one that is `glued` stays in one line with the next."""

    width: int
    glued: bool = False


@dataclass(frozen=True)
class Spaces:
    """Distances in pixels."""

    width: int  # of a line
    line: int  # height of a piece
    between_pieces: int
    between_groups: int
    between_lines: int


class Flow:
    """Where each piece stands. A group stays in one line where it can."""

    def __init__(self, groups: Iterable[Sequence[Sized]], spaces: Spaces) -> None:
        self._spaces = spaces
        self._lefts: list[int] = []
        self._tops: list[int] = []
        self._widths: list[int] = []
        self.group_tops: list[int] = []  # the top of each group's last piece
        self.height = 0
        x = y = 0
        for group in groups:
            needed = sum(piece.width for piece in group) + spaces.between_pieces * (len(group) - 1)
            glued_to_last = False
            for place, piece in enumerate(group):
                if place:
                    needed = piece.width
                    if piece.glued:
                        needed += spaces.between_pieces + group[place + 1].width
                if x and x + needed > spaces.width and not glued_to_last:
                    x, y = 0, y + spaces.line + spaces.between_lines
                glued_to_last = piece.glued
                self._lefts.append(x)
                self._tops.append(y)
                self._widths.append(min(piece.width, spaces.width))
                x += piece.width + spaces.between_pieces
            x += spaces.between_groups - spaces.between_pieces
            self.group_tops.append(y)
            self.height = y + spaces.line

    def __len__(self) -> int:
        return len(self._lefts)

    def rect(self, piece: int) -> QRect:
        """Where piece number `piece` stands."""
        height = self._spaces.line
        return QRect(self._lefts[piece], self._tops[piece], self._widths[piece], height)

    def between(self, top: int, bottom: int) -> Iterator[int]:
        """The pieces that can be seen from `top` to `bottom`."""
        first = bisect_right(self._tops, top - self._spaces.line)
        return iter(range(first, bisect_left(self._tops, bottom)))

    def at(self, place: QPoint) -> int | None:
        """The piece at `place`."""
        for piece in self.between(place.y(), place.y() + 1):
            if self.rect(piece).contains(place):
                return piece
        return None

    def groups_below(self, bottom: int) -> int:
        """How many groups end below `bottom`."""
        last_whole = bottom - self._spaces.line
        return len(self.group_tops) - bisect_right(self.group_tops, last_whole)
