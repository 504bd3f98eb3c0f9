"""A batch as cells (B, T), each with its number; pads hatched, wrong ids marked with a cross."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from gui.canvas.heat import fit_number
from gui.canvas.row_marks import hatch, outline
from gui.numbers import shortest
from gui.theme import Theme, heat, ink_on, mix

INSET = 4
FIGURES = 3  # of a rounded number
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class BatchCells:
    """What a batch grid shows.

    `ids` int64 and `mask` bool, True at real tokens, are (B, T). `values` (B, T) are the numbers
    in the cells, `limit` the value at which their colour is full; 0 leaves them uncoloured. The
    columns `extra` holds were added to the batch. `wrong` says of a cell (sentence, position)
    what is wrong with its id. `names` (B,) head the lines.
    """

    ids: NDArray[np.int64]
    mask: NDArray[np.bool_]
    values: NDArray[np.number] | NDArray[np.bool_]
    name_of: Callable[[int], str]
    limit: float = 0.0
    extra: range = range(0)
    unk_id: int | None = None
    wrong: dict[tuple[int, int], str] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """(B, T)."""
        lines, across = self.ids.shape
        return lines, across

    def number(self, line: int, column: int) -> str:
        """The number in a cell, in full."""
        value = self.values[line, column]
        if isinstance(value, (np.bool_, np.integer)):
            return str(int(value))
        return shortest(value)

    def number_in(self, line: int, column: int, room: int) -> str:
        """The number in a cell, in at most `room` characters: rounded where it needs more."""
        text, value = self.number(line, column), self.values[line, column]
        if isinstance(value, (np.bool_, np.integer)):
            return text if len(text) <= room else "…"  # an id is never rounded
        return fit_number(text, room, FIGURES)


@dataclass(frozen=True)
class CellMarks:
    """What a cell has besides its token and number."""

    picked: bool = False
    hovered: bool = False
    current: bool = False
    lit: bool = False


class CellPainter:
    """Paints cells of one size, in one theme and font: the token above, its number below."""

    def __init__(self, theme: Theme, font: QFont, numbers: QFont) -> None:
        self._theme, self._font, self._numbers = theme, font, numbers
        self._metrics = QFontMetrics(font)
        self._digit = QFontMetrics(numbers).horizontalAdvance("0")
        self.line = max(self._metrics.height(), QFontMetrics(numbers).height())
        self.width = max(7 * self._digit, self._metrics.horizontalAdvance("padding")) + 2 * INSET
        self.height = 2 * self.line + INSET

    def has_room_in(self, box: QRect) -> bool:
        """Whether a token and a number can be read in `box`."""
        return box.width() >= self.width // 2

    def paint(
        self,
        painter: QPainter,
        box: QRect,
        cells: BatchCells,
        place: tuple[int, int],
        marks: CellMarks,
    ) -> None:
        """Paint the cell at `place` (line, column) into `box`."""
        theme, pad = self._theme, not cells.mask[place]
        inner = box.adjusted(0, 0, -1, -1)
        background = self._background(cells, place)
        painter.fillRect(inner, background)
        if pad:
            hatch(painter, inner, mix(ink_on(background, theme), background, 0.55))
        if place in cells.wrong:
            outline(painter, inner, theme.warning, dashed=False, width=2)
        if self.has_room_in(box):
            self._write(painter, inner, cells, place, background)
        if marks.picked or marks.hovered or marks.lit:
            width = 3 if marks.lit else 2 if marks.picked else 1
            outline(painter, inner, theme.accent, dashed=False, width=width)
        if marks.current:
            outline(painter, inner.adjusted(2, 2, -2, -2), theme.text, dashed=True, width=1)

    def _background(self, cells: BatchCells, place: tuple[int, int]) -> QColor:
        if not cells.limit:
            return self._theme.raised
        value = np.array([[cells.values[place]]], np.float64)
        red, green, blue = heat(value, cells.limit, self._theme)[0, 0, :3].tolist()
        return QColor(red, green, blue)

    def _write(
        self,
        painter: QPainter,
        box: QRect,
        cells: BatchCells,
        place: tuple[int, int],
        background: QColor,
    ) -> None:
        theme, id_ = self._theme, int(cells.ids[place])
        pad = not cells.mask[place]
        ink = ink_on(background, theme)
        words = box.adjusted(INSET, 1, -INSET, -self.line)
        numbers = box.adjusted(INSET, self.line, -INSET, -1)
        unknown = id_ == cells.unk_id
        token = f"✗ {id_}" if place in cells.wrong else cells.name_of(id_)
        text = self._metrics.elidedText(token, Qt.TextElideMode.ElideRight, words.width())
        number = cells.number_in(*place, numbers.width() // self._digit)
        if pad:
            self._patch(painter, words, numbers, text, number, background)
        painter.setFont(self._font)
        painter.setPen(theme.unknown if unknown and not cells.limit else ink)
        painter.drawText(words, _LEFT, text)
        painter.setFont(self._numbers)
        painter.setPen(ink)
        painter.drawText(numbers, _RIGHT, number)

    def _patch(
        self,
        painter: QPainter,
        words: QRect,
        numbers: QRect,
        text: str,
        number: str,
        background: QColor,
    ) -> None:
        """Plain ground under the texts, which hatching would make hard to read."""
        wide = self._metrics.horizontalAdvance(text)
        painter.fillRect(QRect(words.x() - 1, words.y() + 1, wide + 2, self.line - 2), background)
        wide = len(number) * self._digit
        left = numbers.right() - wide
        painter.fillRect(QRect(left, numbers.y() + 1, wide + 2, self.line - 2), background)
