"""The table as Qt's model: it reads the rows on screen where they lie in memory, and keeps none."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.canvas.cell_editor import DTYPE_ROLE, read_number
from gui.canvas.heat import short_norm
from gui.canvas.heat_table import FIRST_VALUE, ID, NORM, TOKEN
from gui.canvas.table_headers import RowKind
from gui.numbers import shortest
from gui.session import Session

AnyIndex = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole


class TableModel(QAbstractTableModel):
    """Columns id, token, norm and one for each dimension; a row for each id."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shape = (0, 0)
        self._dtype: np.dtype | None = None

    # ── the table's memory ────────────────────────────────────────────────────────────────────

    @property
    def rows(self) -> NDArray[np.floating] | None:
        """The rows (V, D) of the step on screen; do not keep them past it."""
        shown = self._session.shown
        return None if shown is None else shown.rows

    @property
    def in_shape(self) -> bool:
        """Whether views know the shape and dtype of the step on screen."""
        return self._wanted() == (self._shape, self._dtype)

    def _wanted(self) -> tuple[tuple[int, int], np.dtype | None]:
        rows = self.rows
        return ((0, 0), None) if rows is None else ((rows.shape[0], rows.shape[1]), rows.dtype)

    def follow(self) -> bool:
        """Take on the shape of the step on screen; True if this is another table altogether.

        Rows appended or taken away at the end leave selection and place as they are.
        """
        (count, width), dtype = self._wanted()
        before, before_width = self._shape
        if width != before_width or dtype != self._dtype:
            self.beginResetModel()
            self._shape, self._dtype = (count, width), dtype
            self.endResetModel()
            return True
        if count > before:
            self.beginInsertRows(_NOWHERE, before, count - 1)
            self._shape = (count, width)
            self.endInsertRows()
        elif count < before:
            self.beginRemoveRows(_NOWHERE, count, before - 1)
            self._shape = (count, width)
            self.endRemoveRows()
        return False

    def announce(self, first: int, last: int) -> None:
        """Tell views (and screen readers) that the rows `first` … `last` may hold other values."""
        end = self.columnCount() - 1
        self.dataChanged.emit(self.index(first, NORM), self.index(last, end))

    # ── rows by name ──────────────────────────────────────────────────────────────────────────

    def token(self, row: int) -> str:
        """The token of `row`."""
        tokens = self._session.vocabulary.tokens
        return tokens[row] if row < len(tokens) else ""

    def kind(self, row: int) -> RowKind:
        """What `row` is; the pad row is the one that torch calls padding_idx."""
        if row == self._session.config.table.padding_idx:
            return "pad"
        vocabulary = self._session.vocabulary
        if row == vocabulary.unk_id:
            return "unknown"
        return "vanished" if row < len(vocabulary) and vocabulary.is_vanished(row) else "word"

    def tsv(self, ids: Iterable[int]) -> str:
        """A line for each of `ids`: id, token and exact values, between tabs."""
        rows = self.rows
        if rows is None:
            return ""
        lines = []
        for id_ in ids:
            token = " ".join(self.token(id_).split())
            lines.append("\t".join([str(id_), token, *map(shortest, rows[id_])]))
        return "\n".join(lines)

    # ── Qt's questions ────────────────────────────────────────────────────────────────────────

    def rowCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._shape[0]

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() or not self._shape[1] else FIRST_VALUE + self._shape[1]

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() >= FIRST_VALUE else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role == _ROLE.ToolTipRole:
                return self._row_tip(section)
            return f"{section} {self.token(section)}" if role == _ROLE.DisplayRole else None
        if role == _ROLE.ToolTipRole and section == NORM:
            return self.tr("The length (Euclidean norm) of the row, rounded to 3 digits")
        if role != _ROLE.DisplayRole:
            return None
        titles = {ID: self.tr("id"), TOKEN: self.tr("token"), NORM: self.tr("≈ norm")}
        return titles.get(section, str(section - FIRST_VALUE))

    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        rows = self.rows
        row, column = index.row(), index.column()
        if rows is None or not index.isValid() or row >= len(rows):
            return None
        if role in (_ROLE.DisplayRole, _ROLE.EditRole):
            return self._text(rows, row, column)
        if role in (_ROLE.ToolTipRole, _ROLE.AccessibleTextRole):
            return self._sentence(rows, row, column)
        if role == DTYPE_ROLE:
            return rows.dtype
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = _ROLE.EditRole) -> bool:
        rows = self.rows
        if rows is None or role != _ROLE.EditRole or index.column() < FIRST_VALUE:
            return False
        number = read_number(str(value), rows.dtype)
        if not isinstance(number, float):
            return False
        self._session.set_cell(index.row(), index.column() - FIRST_VALUE, number)
        return True

    def _text(self, rows: NDArray[np.floating], row: int, column: int) -> str:
        if column == ID:
            return str(row)
        if column == TOKEN:
            return self.token(row)
        if column == NORM:
            return short_norm(float(np.linalg.norm(rows[row].astype(np.float64))))
        return shortest(rows[row, column - FIRST_VALUE])

    def _sentence(self, rows: NDArray[np.floating], row: int, column: int) -> str:
        value = self._text(rows, row, column)
        if column == NORM:
            return self.tr("{token}: norm ≈ {value}").format(token=self.token(row), value=value)
        if column < FIRST_VALUE:
            return value
        return self.tr("{token} (id {id}), column {column}: {value}").format(
            token=self.token(row), id=row, column=column - FIRST_VALUE, value=value
        )

    def _row_tip(self, row: int) -> str:
        name = self.tr("{token} (id {id})").format(token=self.token(row), id=row)
        what = {
            "pad": self.tr(
                "padding_idx: torch drops this row's gradient, so training leaves it alone."
            ),
            "unknown": self.tr("Stands for every word that is not in the vocabulary."),
            "vanished": self.tr(
                "No longer in the sentences. Its row stays until you rebuild the vocabulary."
            ),
        }.get(self.kind(row))
        return name if what is None else f"{name}\n{what}"
