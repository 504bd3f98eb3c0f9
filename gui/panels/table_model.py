"""The table as Qt's model: it reads the rows on screen where they lie in memory, and keeps none."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.row_order import RowOrder
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
    """Columns id, token, norm and one for each dimension; the rows in the order of `order`."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._order = RowOrder(0)
        self._filtered = False
        self._width = 0
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
        return self._wanted() == ((self._order.rows, self._width), self._dtype)

    def _wanted(self) -> tuple[tuple[int, int], np.dtype | None]:
        rows = self.rows
        return ((0, 0), None) if rows is None else ((rows.shape[0], rows.shape[1]), rows.dtype)

    def follow(self) -> bool:
        """Take on the shape of the step on screen; True if this is another table altogether.

        Rows appended or taken away at the end leave selection and place as they are.
        """
        (count, width), dtype = self._wanted()
        order = self._order.fitted(count, grows=not self._filtered)
        if width != self._width or dtype != self._dtype:
            self.beginResetModel()
            self._order, self._width, self._dtype = order, width, dtype
            self.endResetModel()
            return True
        self._take(order)
        return False

    @property
    def order(self) -> RowOrder:
        """Which id stands at which place."""
        return self._order

    def show_order(self, order: RowOrder, *, filtered: bool) -> None:
        """Show the rows in this order; `filtered` if new rows of a growing table do not belong.

        To views, rows come or go at the end and all others hold something else: moving each of a
        million rows by a signal of its own would take seconds.
        """
        self._filtered = filtered
        both = min(len(self._order), len(order))
        self._take(order.fitted(self._order.rows, grows=not filtered))
        if both and self._width:
            self.announce(0, both - 1)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, both - 1)

    def _take(self, order: RowOrder) -> None:
        before, count = len(self._order), len(order)
        if count > before:
            self.beginInsertRows(_NOWHERE, before, count - 1)
            self._order = order
            self.endInsertRows()
        elif count < before:
            self.beginRemoveRows(_NOWHERE, count, before - 1)
            self._order = order
            self.endRemoveRows()
        else:
            self._order = order

    def announce(self, first: int, last: int) -> None:
        """Tell views (and screen readers) that these places may hold other values."""
        end = self.columnCount() - 1
        self.dataChanged.emit(self.index(first, NORM), self.index(last, end))

    # ── rows by name ──────────────────────────────────────────────────────────────────────────

    def token(self, id_: int) -> str:
        """The token of `id_`."""
        tokens = self._session.vocabulary.tokens
        return tokens[id_] if id_ < len(tokens) else ""

    def kind(self, id_: int) -> RowKind:
        """What the row `id_` is; the pad row is the one that torch calls padding_idx."""
        if id_ == self._session.shown_config.table.padding_idx:
            return "pad"
        vocabulary = self._session.vocabulary
        if id_ == vocabulary.unk_id:
            return "unknown"
        return "vanished" if id_ < len(vocabulary) and vocabulary.is_vanished(id_) else "word"

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
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: AnyIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() or not self._width else FIRST_VALUE + self._width

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() >= FIRST_VALUE else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            if role not in (_ROLE.ToolTipRole, _ROLE.DisplayRole) or section >= len(self._order):
                return None
            id_ = self._order.id(section)
            return self._row_tip(id_) if role == _ROLE.ToolTipRole else f"{id_} {self.token(id_)}"
        if role == _ROLE.ToolTipRole and section == NORM:
            return self.tr("The length (Euclidean norm) of the row, rounded to 3 digits")
        if role != _ROLE.DisplayRole:
            return None
        titles = {ID: self.tr("id"), TOKEN: self.tr("token"), NORM: self.tr("≈ norm")}
        return titles.get(section, str(section - FIRST_VALUE))

    def data(self, index: AnyIndex, role: int = _ROLE.DisplayRole) -> Any:
        rows = self.rows
        place, column = index.row(), index.column()
        if rows is None or not index.isValid() or place >= len(self._order):
            return None
        row = self._order.id(place)
        if row >= len(rows):
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
        self._session.set_cell(self._order.id(index.row()), index.column() - FIRST_VALUE, number)
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
            "pad": self._pad_tip(),
            "unknown": self.tr("Stands for every word that is not in the vocabulary."),
            "vanished": self.tr(
                "No longer in the sentences. Its row stays until you rebuild the vocabulary."
            ),
        }.get(self.kind(row))
        return name if what is None else f"{name}\n{what}"

    def _pad_tip(self) -> str:
        if self._session.shown_config.objective.is_tied:
            return self.tr(
                "padding_idx: torch drops this row's gradient by lookup; that by the tied output "
                "weights moves it all the same."
            )
        return self.tr("padding_idx: torch drops this row's gradient, so training leaves it alone.")
