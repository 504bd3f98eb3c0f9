"""The first rows of a table that is about to be opened: id, token, and the first numbers."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from core.formats.opened_table import OpenedTable
from core.number_text import shortest

COLUMNS = 4


class FirstRows(QTableWidget):
    """Read-only; a last column of dots says that there are more numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("firstRows")
        self.setAccessibleName(self.tr("The first rows"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)

    def show_table(self, table: OpenedTable | None) -> None:
        """Show the rows of `table`, or nothing."""
        self.clear()
        if table is None:
            self.setRowCount(0)
            self.setColumnCount(0)
            return
        shown = min(COLUMNS, table.rows.shape[1])
        more = table.rows.shape[1] > shown
        titles = [self.tr("token"), *map(str, range(shown)), *(["…"] if more else [])]
        self.setColumnCount(len(titles))
        self.setRowCount(len(table.rows))
        self.setHorizontalHeaderLabels(titles)
        self.setVerticalHeaderLabels([str(row) for row in range(len(table.rows))])
        for row, numbers in enumerate(np.asarray(table.rows)):
            token = str(row) if table.tokens is None else table.tokens[row]
            self._put(row, 0, token, Qt.AlignmentFlag.AlignLeft)
            for column in range(shown):
                self._put(row, 1 + column, shortest(numbers[column]), Qt.AlignmentFlag.AlignRight)
            if more:
                self._put(row, 1 + shown, "…", Qt.AlignmentFlag.AlignLeft)

    def _put(self, row: int, column: int, text: str, side: Qt.AlignmentFlag) -> None:
        item = QTableWidgetItem(text)
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(row, column, item)
