"""The rows of two tables side by side, the pad row first, and how far apart each pair is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.canvas.heat import largest_magnitude, rounded_up, short_norm
from gui.canvas.heat_cells import CellBlock, paint_cells
from gui.theme import SPACING, number_font, theme_of

_WIDEST_CELL = 26
_NAME = 14  # characters' widths
_LONGEST = "0.0000"  # of the numbers, which are rounded
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, eq=False)
class RowPairs:
    """`first` and `second` (n, D): the rows of the tokens `names` (n,); `pad` is one of them."""

    names: tuple[str, ...]
    first: NDArray[Any]
    second: NDArray[Any]
    pad: int | None = None

    def order(self) -> list[int]:
        """The pad row, then the others."""
        rest = [line for line in range(len(self.names)) if line != self.pad]
        return rest if self.pad is None else [self.pad, *rest]


@dataclass(frozen=True)
class _Columns:
    """Where things stand, in pixels: `drawn` cells of `cell` in each strip."""

    name: int
    number: int
    cell: int
    drawn: int

    @property
    def strip(self) -> int:
        return self.drawn * self.cell

    @property
    def first(self) -> int:
        return self.name + SPACING

    @property
    def second(self) -> int:
        return self.first + self.strip + self.number + 2 * SPACING

    @property
    def apart(self) -> int:
        return self.second + self.strip + self.number + SPACING


class RowPairsView(QAbstractScrollArea):
    """Strips of colour, norms, and distances; all to one scale of colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._pairs: RowPairs | None = None
        self._limit = 1.0

    def show_pairs(self, pairs: RowPairs | None) -> None:
        """Show other rows, or none."""
        self._pairs = pairs
        if pairs is not None:
            largest = max(largest_magnitude(pairs.first), largest_magnitude(pairs.second))
            self._limit = rounded_up(largest)
            self.setAccessibleDescription(self._in_words(pairs))
        self._set_range()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(480, 8 * self._line())

    def paintEvent(self, event: QPaintEvent) -> None:
        pairs = self._pairs
        if pairs is None:
            return
        painter = QPainter(self.viewport())
        columns = self._columns(pairs.first.shape[1])
        line, offset = self._line(), self.verticalScrollBar().value()
        order = pairs.order()
        top = offset // line
        for number in range(top, min(len(order), top + self.viewport().height() // line + 2)):
            self._paint_pair(painter, columns, order[number], (number + 1) * line - offset)
        self._paint_head(painter, columns)

    def _columns(self, dimension: int) -> _Columns:
        width = self.viewport().width()
        name = min(_NAME * QFontMetrics(self.font()).averageCharWidth(), width // 5)
        number = QFontMetrics(number_font(self.font())).horizontalAdvance(_LONGEST)
        room = width - name - 3 * number - 5 * SPACING
        cell = min(_WIDEST_CELL, max(1, room // 2 // dimension))
        drawn = max(0, min(dimension, room // 2 // cell))
        return _Columns(name, number, cell, drawn)

    def _paint_head(self, painter: QPainter, columns: _Columns) -> None:
        """What stands below, over whatever was scrolled there."""
        line, theme = self._line(), theme_of(self)
        painter.fillRect(0, 0, self.viewport().width(), line, theme.surface)
        painter.setFont(self.font())
        painter.setPen(theme.muted)
        heads = (self.tr("first, ≈ norm"), self.tr("second, ≈ norm"))
        short = (self.tr("≈ first"), self.tr("≈ second"))
        metrics, wide = painter.fontMetrics(), columns.strip + columns.number
        if max(map(metrics.horizontalAdvance, heads)) > wide:
            heads = short
        for text, x in zip(heads, (columns.first, columns.second), strict=True):
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(QRect(x, 0, wide, line), _RIGHT, text)
        box = QRect(columns.apart - SPACING, 0, columns.number + SPACING, line)
        painter.drawText(box, _RIGHT, self.tr("≈ apart"))

    def _paint_pair(self, painter: QPainter, columns: _Columns, row: int, y: int) -> None:
        pairs, theme, line = self._pairs, theme_of(self), self._line()
        assert pairs is not None
        painter.setFont(self.font())
        painter.setPen(theme.text)
        text = painter.fontMetrics().elidedText(
            pairs.names[row], Qt.TextElideMode.ElideRight, columns.name
        )
        painter.drawText(QRect(0, y, columns.name, line), _RIGHT, text)
        painter.setFont(number_font(self.font()))
        both = (pairs.first[row], pairs.second[row])
        for values, x in zip(both, (columns.first, columns.second), strict=True):
            block = CellBlock(
                values[None, : columns.drawn],
                QRect(x, y + 1, columns.cell, line - 2),
                self._limit,
                numbers=False,
                pad_line=0 if row == pairs.pad else None,
            )
            paint_cells(painter, theme, block)
            painter.setPen(theme.muted)
            at = QRect(x + columns.strip, y, columns.number, line)
            painter.drawText(at, _RIGHT, short_norm(_norm(values)))
        apart = _norm(both[1] - both[0])
        painter.setPen(theme.text if apart else theme.muted)
        painter.drawText(QRect(columns.apart, y, columns.number, line), _RIGHT, short_norm(apart))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_range()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._set_range()
            self.viewport().update()

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def _line(self) -> int:
        return QFontMetrics(self.font()).height() + 4

    def _set_range(self) -> None:
        lines = 0 if self._pairs is None else len(self._pairs.names) + 1
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(lines * self._line() - seen, 0))
        bar.setPageStep(seen)
        bar.setSingleStep(self._line())

    def _in_words(self, pairs: RowPairs) -> str:
        farthest = [
            (pairs.names[row], _norm(pairs.second[row] - pairs.first[row])) for row in pairs.order()
        ]
        return "; ".join(f"{name}: Δ {short_norm(apart)}" for name, apart in farthest[:20])


def _norm(row: NDArray[Any]) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.linalg.norm(row.astype(np.float64)))
