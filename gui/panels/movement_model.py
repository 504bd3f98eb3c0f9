"""The parts of a move as a list: a line for each, and what is left over."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPixmap

from core.movement.parts import PARTS, Movement
from gui.canvas.part_looks import Kind, fill_part
from gui.movement_words import PartWords
from gui.numbers import rounded
from gui.theme import Theme

NAME, ALONG, LENGTH = range(3)
_SWATCH = 12
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Line:
    """One part: how far it goes along the move (negative: against it), and how long it is."""

    kind: Kind
    name: str
    along: float
    length: float
    explanation: str


class PartsModel(QAbstractTableModel):
    """The parts; what is left over comes last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()
        self._words = PartWords(self)
        self._theme: Theme | None = None

    def show_movement(self, movement: Movement | None, theme: Theme) -> None:
        """Show the parts of `movement`; None: no line."""
        lines = () if movement is None else self._lines_of(movement)
        same = [line.kind for line in lines] == [line.kind for line in self.lines]
        if same and theme is self._theme:
            self.lines = lines
            if lines:
                self.dataChanged.emit(self.index(0, NAME), self.index(len(lines) - 1, LENGTH))
            return
        self.beginResetModel()
        self.lines, self._theme = lines, theme
        self.endResetModel()

    def _lines_of(self, movement: Movement) -> tuple[Line, ...]:
        parts = movement.parts
        vectors: dict[Kind, Any] = {part: parts[part] for part in PARTS if part in parts}
        vectors["rounding" if movement.is_explained else "unexplained"] = movement.residual
        return tuple(
            Line(
                kind,
                self._words.name(kind, movement),
                movement.along(vector),
                float(np.linalg.norm(vector)),
                self._words.explanation(kind, movement),
            )
            for kind, vector in vectors.items()
        )

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == _ROLE.DisplayRole:
            return (self.tr("part"), self.tr("along"), self.tr("length"))[section]
        if role == _ROLE.ToolTipRole:
            return (
                self.tr("What moved the row"),
                self.tr(
                    "How far the part points along the move, negative against it; together "
                    "these are the length of the move"
                ),
                self.tr("How long the part is itself, whichever way it points"),
            )[section]
        if role == _ROLE.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == NAME else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        line, column = self.lines[index.row()], index.column()
        match role:
            case _ROLE.DisplayRole:
                return (line.name, rounded(line.along), rounded(line.length))[column]
            case _ROLE.TextAlignmentRole if column != NAME:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case _ROLE.DecorationRole if column == NAME:
                return self._swatch(line.kind)
            case _ROLE.ToolTipRole | _ROLE.AccessibleDescriptionRole:
                return line.explanation
        return None

    def _swatch(self, kind: Kind) -> QPixmap | None:
        if self._theme is None:
            return None
        picture = QPixmap(_SWATCH, _SWATCH)
        picture.fill(self._theme.surface)
        painter = QPainter(picture)
        fill_part(painter, picture.rect().toRectF(), kind, self._theme)
        painter.end()
        return picture
