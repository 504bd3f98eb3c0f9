"""One vector in full: a line for each of its numbers, and all of it as a strip of colour."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.canvas.heat import largest_magnitude, rounded_up
from gui.canvas.shapes import draw_cells
from gui.numbers import shortest
from gui.theme import Theme, heat_colour, heat_image, ink_on, theme_of

AnyIndex = QModelIndex | QPersistentModelIndex
Vector = NDArray[np.floating]
VALUE, GRADIENT = range(2)
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole


class VectorModel(QAbstractTableModel):
    """A line for each dimension: the value and, where there is one, the gradient."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._row: Vector | None = None
        self._gradient: Vector | None = None
        self._theme: Theme | None = None
        self._limits = (1.0, 1.0)
        self._size = 0

    def show_vector(
        self, row: Vector | None, gradient: Vector | None, limit: float, theme: Theme
    ) -> None:
        """Show `row` (D,) in colours that are full at ±`limit`, and `gradient` (D,) in its own."""
        self._row, self._gradient, self._theme = row, gradient, theme
        own = 1.0 if gradient is None else rounded_up(largest_magnitude(gradient))
        self._limits = (limit, own)
        size = 0 if row is None else len(row)
        if size != self._size:
            self.beginResetModel()
            self._size = size
            self.endResetModel()
        elif size:
            self.dataChanged.emit(self.index(0, VALUE), self.index(size - 1, GRADIENT))

    def tsv(self) -> str:
        """A line for each dimension: its number, the value and the gradient, between tabs."""
        lines = range(self._size)
        return "\n".join(f"{i}\t{self._text(i, VALUE)}\t{self._text(i, GRADIENT)}" for i in lines)

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._size

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if role != _ROLE.DisplayRole:
            return None
        if orientation == Qt.Orientation.Vertical:
            return str(section)
        return self.tr("value") if section == VALUE else self.tr("gradient")

    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        numbers = self._numbers(index.column())
        if role == _ROLE.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if numbers is None or self._theme is None:
            return None
        if role in (_ROLE.DisplayRole, _ROLE.ToolTipRole):
            return self._text(index.row(), index.column())
        if role not in (_ROLE.BackgroundRole, _ROLE.ForegroundRole):
            return None
        limit = self._limits[index.column()]
        colour = heat_colour(float(numbers[index.row()]), limit, self._theme)
        return QBrush(colour if role == _ROLE.BackgroundRole else ink_on(colour, self._theme))

    def _numbers(self, column: int) -> Vector | None:
        return self._row if column == VALUE else self._gradient

    def _text(self, line: int, column: int) -> str:
        numbers = self._numbers(column)
        return "" if numbers is None else shortest(numbers[line])


class HeatStrip(QWidget):
    """A whole vector as one strip of colour."""

    HEIGHT = 14

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = np.zeros(0, np.float32)
        self._limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_values(self, values: Vector, limit: float) -> None:
        """Show `values` (D,), whose colours are full at ±`limit`."""
        self._values, self._limit = values.copy(), limit
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(8 * self.HEIGHT, self.HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip and its frame."""
        if not len(self._values):
            return
        painter = QPainter(self)
        theme = theme_of(self)
        image = heat_image(self._values[None], self._limit, theme)
        draw_cells(painter, QRectF(self.rect()), image)
        painter.setPen(theme.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
