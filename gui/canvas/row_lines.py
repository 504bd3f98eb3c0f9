"""The rows of the table that are in sight: what is painted beside and over their cells."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.heat import short_norm
from gui.canvas.heat_cells import EDGE
from gui.canvas.row_marks import outline
from gui.theme import Theme, mix

PICKED, HOVERED = 0.25, 0.12  # how much of the accent
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Lines(NamedTuple):
    """The rows `ids` (n,) under one another from the pixel `top`, each `height` high.

    `tints` say how strongly each is lit up; `touched` and `alone` (n,) which got a gradient and
    which moved without one.
    """

    ids: NDArray[np.integer]
    top: int
    height: int
    tints: list[float]
    touched: NDArray[np.bool_]
    alone: NDArray[np.bool_]

    def box(self, line: int, left: int, width: int) -> QRect:
        """The part of a line from `left` on."""
        return QRect(left, self.top + line * self.height, width, self.height - 1)


def paint_norms(
    painter: QPainter,
    theme: Theme,
    lines: Lines,
    rows: NDArray[np.floating],
    side: tuple[int, int],
) -> None:
    """Write the norm of each of `rows` (n, D) into the column at `side`, its left and its width."""
    norms = np.linalg.norm(rows.astype(np.float64), axis=1)
    painter.setPen(theme.text)
    for line, (norm, tint) in enumerate(zip(norms.tolist(), lines.tints, strict=True)):
        box = lines.box(line, *side)
        if tint:
            painter.fillRect(box, mix(theme.surface, theme.accent, tint))
        painter.drawText(box.adjusted(0, 0, -2 * EDGE, 0), _RIGHT, short_norm(norm))


def paint_marks(painter: QPainter, theme: Theme, lines: Lines, right: int, flash: float) -> None:
    """Frame the lines that changed, and light up those that are picked or hovered.

    The lines' left side is the header's to frame; they end before the pixel `right`. `flash` is
    how much is left of a flash, 0 … 1.
    """
    marks = zip(lines.tints, lines.touched, lines.alone, strict=True)
    for line, (tint, touched, alone) in enumerate(marks):
        box = lines.box(line, -2 * EDGE, right + 2 * EDGE)
        if tint:
            painter.setPen(QPen(theme.accent, 2 if tint == PICKED else 1))
            painter.drawLine(box.topLeft(), box.topRight())
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        if touched or alone:
            colour = theme.touched if touched else theme.moved
            if flash:
                wash = QColor(colour)
                wash.setAlphaF(0.45 * flash)
                painter.fillRect(box, wash)
            outline(painter, box, colour, dashed=not touched, width=2)
