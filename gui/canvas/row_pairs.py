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
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
        painter, theme = QPainter(self.viewport()), theme_of(self)
        metrics = QFontMetrics(self.font())
        name = _NAME * metrics.averageCharWidth()
        norm = QFontMetrics(number_font(self.font())).horizontalAdvance("00000")
        room = self.viewport().width() - name - 3 * norm - 4 * SPACING
        dimension = pairs.first.shape[1]
        cell = min(_WIDEST_CELL, max(1, room // 2 // dimension))
        drawn = min(dimension, room // 2 // cell)
        left = name + SPACING
        right = left + drawn * cell + norm + 2 * SPACING
        line, offset = self._line(), self.verticalScrollBar().value()
        order = pairs.order()
        top = offset // line
        for number in range(top, min(len(order), top + self.viewport().height() // line + 2)):
            row, y = order[number], number * line - offset
            painter.setFont(self.font())
            painter.setPen(theme.text)
            text = metrics.elidedText(pairs.names[row], Qt.TextElideMode.ElideRight, name)
            painter.drawText(QRect(0, y, name, line), _RIGHT, text)
            painter.setFont(number_font(self.font()))
            for values, x in ((pairs.first[row], left), (pairs.second[row], right)):
                box = QRect(x, y + 1, cell, line - 2)
                block = CellBlock(
                    values[None, :drawn],
                    box,
                    self._limit,
                    numbers=False,
                    pad_line=0 if row == pairs.pad else None,
                )
                paint_cells(painter, theme, block)
                painter.setPen(theme.muted)
                at = QRect(x + drawn * cell, y, norm, line)
                painter.drawText(at, _RIGHT, short_norm(_norm(values)))
            apart = _norm(pairs.second[row] - pairs.first[row])
            painter.setPen(theme.text if apart else theme.muted)
            at = QRect(right + drawn * cell + norm + SPACING, y, norm + SPACING, line)
            painter.drawText(at, _LEFT, f"Δ {short_norm(apart)}")

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
        lines = 0 if self._pairs is None else len(self._pairs.names)
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
