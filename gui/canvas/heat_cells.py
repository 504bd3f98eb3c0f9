"""Painting a block of values as heat cells: one image, one pixel a cell, scaled up."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter

from gui.canvas.heat import fit_number
from gui.canvas.row_marks import hatch
from gui.canvas.shapes import draw_cells
from gui.numbers import shortest
from gui.theme import DARK, LIGHT, Theme, heat, ink_on, mix

EDGE = 3  # pixels between a number and the sides of its cell
GAPS_FROM = 12  # pixels; narrower cells touch each other
# Blue, green, red: the order that Qt scales quickest, and QRgb as one little-endian number.
_QT_ORDER = (2, 1, 0, 3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class CellBlock:
    """`values` (n, m) to paint; `cell` is where the first one goes, the others follow it.

    `pad_line` is the line of `values` that holds the row of padding_idx.
    """

    values: NDArray[np.floating]
    cell: QRect
    limit: float
    numbers: bool
    pad_line: int | None = None

    @property
    def box(self) -> QRect:
        """All cells together."""
        lines, across = self.values.shape
        size = self.cell.size()
        return QRect(self.cell.x(), self.cell.y(), across * size.width(), lines * size.height())


def paint_cells(painter: QPainter, theme: Theme, block: CellBlock) -> None:
    """Paint `block`, in the font that `painter` has."""
    lines, across = block.values.shape
    if not lines or not across:
        return
    colours = np.ascontiguousarray(heat(block.values, block.limit, theme)[..., _QT_ORDER])
    image = QImage(colours.data, across, lines, 4 * across, QImage.Format.Format_RGB32)
    draw_cells(painter, QRectF(block.box), image)
    _paint_gaps(painter, theme, block)
    if block.pad_line is not None:
        top = block.cell.y() + block.pad_line * block.cell.height()
        row = QRect(block.cell.x(), top, block.box.width(), block.cell.height() - 1)
        hatch(painter, row, mix(theme.pad, theme.middle, 0.3))
    if block.numbers:
        _write_numbers(painter, theme, block, colours)
    else:
        _cross_out(painter, theme, block)


def _paint_gaps(painter: QPainter, theme: Theme, block: CellBlock) -> None:
    box, width, height = block.box, block.cell.width(), block.cell.height()
    painter.setPen(theme.surface)
    for y in range(box.top() + height - 1, box.bottom() + 1, height):
        painter.drawLine(box.left(), y, box.right(), y)
    if width >= GAPS_FROM:
        for x in range(box.left() + width - 1, box.right() + 1, width):
            painter.drawLine(x, box.top(), x, box.bottom())


def _write_numbers(
    painter: QPainter, theme: Theme, block: CellBlock, colours: NDArray[np.uint8]
) -> None:
    metrics = QFontMetrics(painter.font())
    room = (block.cell.width() - 2 * EDGE) // metrics.horizontalAdvance("0")
    backgrounds = colours.view("<u4")[..., 0].tolist()
    width, height = block.cell.width(), block.cell.height()
    for line, numbers in enumerate(block.values):
        y = block.cell.y() + line * height
        for column, number in enumerate(numbers):
            text = fit_number(shortest(number), room)
            box = QRect(block.cell.x() + column * width, y, width - EDGE, height - 1)
            background = backgrounds[line][column]
            if line == block.pad_line:
                wide = metrics.horizontalAdvance(text)
                patch = QRect(box.right() - wide - 1, y + 2, wide + 3, height - 5)
                painter.fillRect(patch, QColor.fromRgb(background))
            painter.setPen(_ink(background, theme.name == "dark"))
            painter.drawText(box, _RIGHT, text)


def _cross_out(painter: QPainter, theme: Theme, block: CellBlock) -> None:
    """Cross the cells that hold no finite number: colour alone must not say so."""
    broken = ~np.isfinite(block.values)
    if not broken.any():
        return
    painter.setPen(ink_on(theme.not_finite, theme))
    for line, column in np.argwhere(broken).tolist():
        shift = (column * block.cell.width(), line * block.cell.height())
        box = block.cell.translated(*shift).adjusted(1, 4, -2, -5)
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.bottomLeft(), box.topRight())


@cache  # a theme's map of values has 512 colours, and the contrast of each takes a while
def _ink(rgb: int, dark: bool) -> QColor:
    return ink_on(QColor.fromRgb(rgb), DARK if dark else LIGHT)
