"""The table's view: ids and tokens that stay in sight, and values as heat cells.

Qt would ask Python for each cell through a delegate: at 60 frames a second that alone takes most
of the time there is. So the cells in sight are painted at once, from the table's memory;
selection, keys, editing and accessibility remain Qt's.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QObject,
    QRect,
    Qt,
    QVariantAnimation,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from gui.canvas.cell_editor import CellDelegate
from gui.canvas.heat import HeatLimit, short_norm
from gui.canvas.heat_cells import EDGE, CellBlock, paint_cells
from gui.canvas.row_marks import ChangedRows, outline
from gui.canvas.table_headers import ColumnHeader, HeaderCorner, RowNames, TokenHeader
from gui.theme import Theme, mix, number_font, theme_of

ID, TOKEN, NORM, FIRST_VALUE = range(4)  # the model's columns; the values follow
WRITTEN_UP_TO = 8  # columns
_FLASH = 600  # ms
_NARROWEST, _WIDEST = 5, 40  # pixels of a cell without its number
_FEWEST, _EASY, _MOST = 5, 9, 12  # characters of a cell with its number; easy: when scrolling
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class HeatTable(QTableView):
    """A table whose rows are read from memory as they are painted, never copied.

    `rowHovered` carries a row, or −1; `cellHovered` a row and a column of values, or −1 for none;
    `typed` a character typed to find a token.
    """

    rowHovered = Signal(int)
    cellHovered = Signal(int, int)
    typed = Signal(str)
    copyWanted = Signal()
    numbersShown = Signal(bool)
    limitChanged = Signal()  # by what came into sight

    def __init__(
        self, names: RowNames, titles: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.limit = HeatLimit()
        self.padding_idx: int | None = None
        self.numbers = False
        self._wanted_numbers: bool | None = None
        self._changed = ChangedRows()
        self._rows: NDArray[np.floating] | None = None
        self._hovered: int | None = None
        self._cell = (-1, -1)
        self.picked: frozenset[int] = frozenset()
        self._flash = QVariantAnimation(self)
        self._flash.setDuration(_FLASH)
        self._flash.setStartValue(1.0)
        self._flash.setEndValue(0.0)
        self._flash.valueChanged.connect(self._flash_on)
        self.tokens = TokenHeader(names, self)
        self.setVerticalHeader(self.tokens)
        self.columns = ColumnHeader(FIRST_VALUE, self)
        self.setHorizontalHeader(self.columns)
        self._corner = HeaderCorner(self.tokens, titles, self)
        self.delegate = CellDelegate(self)
        self.setItemDelegate(self.delegate)
        self._set_up()

    def _set_up(self) -> None:
        mode = QAbstractItemView.ScrollMode.ScrollPerPixel
        self.setVerticalScrollMode(mode)
        self.setHorizontalScrollMode(mode)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.viewport().setMouseTracking(True)
        self.tokens.viewport().installEventFilter(self)
        self._take_font()

    def _take_font(self) -> None:
        # Finding the font of numbers takes longer than painting a row: once is enough.
        self._figures = self.tokens.figures = self.columns.figures = number_font(self.font())
        self.tokens.setDefaultSectionSize(self.fontMetrics().height() + 6)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    def write_numbers(self, wanted: bool | None) -> None:
        """Write the values in their cells or not; None: where they are few and have room."""
        self._wanted_numbers = wanted
        self.lay_out_columns()

    def show_rows(self, rows: NDArray[np.floating] | None, changed: ChangedRows) -> None:
        """Show `rows` (V, D) of one whole step, of which its frame `changed` some."""
        self._rows = rows
        self._changed = self.tokens.changed = changed
        if rows is not None:
            self.limit.read(rows)
        self.viewport().update()
        self.tokens.viewport().update()

    @property
    def flashing(self) -> bool:
        """Whether a flash is on its way out."""
        return self._flash.state() == QVariantAnimation.State.Running

    def flash(self) -> None:
        """Let the touched and moved rows flash once."""
        self._flash.stop()
        self._flash.start()

    def end_flash(self) -> None:
        """Leave the marks without their flash: while running they change too often for it."""
        self._flash.stop()

    def set_hovered(self, row: int | None) -> None:
        """Light up `row`."""
        if row != self._hovered:
            before, self._hovered, self.tokens.hovered = self._hovered, row, row
            self._update_rows(row for row in (before, row) if row is not None)

    @property
    def hovered_cell(self) -> tuple[int, int]:
        """The row and the column of values under the mouse, −1 for none."""
        return self._cell

    def show_row(self, row: int) -> None:
        """Bring `row` into sight without moving sideways."""
        aside = self.horizontalScrollBar().value()
        seen = self.rows_in_sight()
        hint = QAbstractItemView.ScrollHint
        near = seen is not None and seen[0] - 1 <= row <= seen[1] + 1
        place = hint.EnsureVisible if near else hint.PositionAtCenter
        self.scrollTo(self.model().index(row, NORM), place)
        self.horizontalScrollBar().setValue(aside)

    def rows_in_sight(self) -> tuple[int, int] | None:
        """The first and the last row in sight."""
        return self._rows_between(0, self.viewport().height() - 1)

    def _rows_between(self, top: int, bottom: int) -> tuple[int, int] | None:
        count = 0 if self._rows is None else len(self._rows)
        first, last = self.rowAt(top), self.rowAt(bottom)
        if not 0 <= first < count:
            return None
        return first, min(last if last >= 0 else count - 1, count - 1)

    def _update_rows(self, rows: Iterable[int]) -> None:
        for row in rows:
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            self.viewport().update(0, top, self.viewport().width(), height)
            self.tokens.viewport().update(0, top, self.tokens.width(), height)

    @Slot(object)
    def _flash_on(self, _share: object) -> None:
        seen = self.rows_in_sight()
        if seen is not None:
            touched, moved = self._changed.between(*seen)
            self._update_rows((np.flatnonzero(touched | moved) + seen[0]).tolist())

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def lay_out_columns(self) -> None:
        """Share the width among the columns of values; the norm keeps its own."""
        if self._rows is None or not self._rows.shape[1]:
            return
        digit = QFontMetrics(self._figures).horizontalAdvance("0")
        title = str(self.model().headerData(NORM, Qt.Orientation.Horizontal))
        norm = max(5 * digit, self.columns.fontMetrics().horizontalAdvance(title)) + 3 * EDGE
        count = self._rows.shape[1]
        room = max(0, self.viewport().width() - norm) // count
        fewest, easy, most = (each * digit + 2 * EDGE for each in (_FEWEST, _EASY, _MOST))
        numbers = self._wanted_numbers
        if numbers is None:
            numbers = count <= WRITTEN_UP_TO and room >= fewest
        width = max(_NARROWEST, min(_WIDEST, room))
        if numbers:
            width = easy if room < fewest else min(most, room)
        self.columns.setDefaultSectionSize(width)
        self.columns.resizeSection(NORM, norm)
        self.setColumnHidden(ID, True)  # they are in the header that stays in sight
        self.setColumnHidden(TOKEN, True)
        self.viewport().update()
        if numbers != self.numbers:
            self.numbers = self.columns.over_numbers = numbers
            self.numbersShown.emit(numbers)

    def updateGeometries(self) -> None:
        """Keep the corner's titles over the ids and tokens."""
        super().updateGeometries()
        frame = self.frameWidth()
        self._corner.setGeometry(frame, frame, self.tokens.width(), self.columns.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self.lay_out_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_font()
            self.tokens.measure_tokens()
            self.updateGeometries()
            self.lay_out_columns()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Note which rows are selected: asking Qt row by row takes longer than painting."""
        super().selectionChanged(selected, deselected)
        selection = self.selectionModel().selection()
        ranges = [selection.at(n) for n in range(selection.count())]
        self.picked = frozenset(
            row for each in ranges for row in range(each.top(), each.bottom() + 1)
        )
        self.tokens.picked = self.picked
        self.viewport().update()
        self.tokens.viewport().update()

    def reset(self) -> None:
        """Forget the selection with the model's rows; Qt does not tell of that."""
        self.picked = self.tokens.picked = frozenset()
        super().reset()

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells in sight from the table's memory."""
        painter = QPainter(self.viewport())
        theme = theme_of(self)
        painter.fillRect(event.rect(), theme.surface)
        seen = self._rows_between(event.rect().top(), event.rect().bottom())
        if seen is None or self._rows is None or not self._rows.shape[1]:
            return
        painter.setFont(self._figures)
        self._paint_values(painter, theme, event.rect(), seen)
        if event.rect().left() < self.columnViewportPosition(FIRST_VALUE):
            self._paint_norms(painter, theme, seen)
        self._paint_marks(painter, theme, seen)
        self._paint_current(painter, theme)

    def _paint_values(
        self, painter: QPainter, theme: Theme, rect: QRect, seen: tuple[int, int]
    ) -> None:
        assert self._rows is not None
        first, last = seen
        left = max(self.columnAt(rect.left()), FIRST_VALUE)
        right = self.columnAt(rect.right())
        right = right if right >= 0 else self._last_column()
        values = self._rows[first : last + 1, left - FIRST_VALUE : right - FIRST_VALUE + 1]
        before = self.limit.value
        self.limit.look_at(values)
        if self.limit.value != before:
            self.viewport().update()
            self.limitChanged.emit()
        cell = QRect(
            self.columnViewportPosition(left),
            self.rowViewportPosition(first),
            self.columns.defaultSectionSize(),
            self.rowHeight(first),
        )
        pad = self.padding_idx
        pad_line = pad - first if pad is not None and first <= pad <= last else None
        paint_cells(
            painter, theme, CellBlock(values, cell, self.limit.value, self.numbers, pad_line)
        )

    def _paint_norms(self, painter: QPainter, theme: Theme, seen: tuple[int, int]) -> None:
        assert self._rows is not None
        first, last = seen
        norms = np.linalg.norm(self._rows[first : last + 1].astype(np.float64), axis=1)
        x, width = self.columnViewportPosition(NORM), self.columnWidth(NORM)
        painter.setPen(theme.text)
        for row, norm in enumerate(norms.tolist(), first):
            box = QRect(x, self.rowViewportPosition(row), width, self.rowHeight(row) - 1)
            tint = self._tint(row)
            if tint:
                painter.fillRect(box, mix(theme.surface, theme.accent, tint))
            painter.drawText(box.adjusted(0, 0, -2 * EDGE, 0), _RIGHT, short_norm(norm))

    def _tint(self, row: int) -> float:
        if row in self.picked:
            return 0.25
        return 0.12 if row == self._hovered else 0.0

    def _paint_marks(self, painter: QPainter, theme: Theme, seen: tuple[int, int]) -> None:
        first, last = seen
        touched, moved = self._changed.between(first, last)
        for row in range(first, last + 1):
            box = self._row_box(row)
            strength = self._tint(row)
            if strength:
                painter.setPen(QPen(theme.accent, 2 if strength > 0.2 else 1))
                painter.drawLine(box.topLeft(), box.topRight())
                painter.drawLine(box.bottomLeft(), box.bottomRight())
            if touched[row - first]:
                self._paint_change(painter, box, theme.touched, dashed=False)
            elif moved[row - first]:
                self._paint_change(painter, box, theme.moved, dashed=True)

    def _paint_change(self, painter: QPainter, box: QRect, colour: QColor, *, dashed: bool) -> None:
        if self.flashing:
            wash = QColor(colour)
            wash.setAlphaF(0.45 * float(self._flash.currentValue()))
            painter.fillRect(box, wash)
        outline(painter, box, colour, dashed=dashed, width=2)

    def _paint_current(self, painter: QPainter, theme: Theme) -> None:
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            box = self.visualRect(index).adjusted(-1, -1, 0, 0)
            outline(painter, box.adjusted(-1, -1, 1, 1), theme.surface, dashed=False, width=1)
            outline(painter, box, theme.text, dashed=False, width=2)

    def _row_box(self, row: int) -> QRect:
        """The row's part right of the header; its left side is the header's to frame."""
        last = self._last_column()
        right = self.columnViewportPosition(last) + self.columnWidth(last) - 1
        width = min(right, self.viewport().width() + 2 * EDGE) + 2 * EDGE
        return QRect(-2 * EDGE, self.rowViewportPosition(row), width, self.rowHeight(row) - 1)

    def _last_column(self) -> int:
        return FIRST_VALUE - 1 + (0 if self._rows is None else self._rows.shape[1])

    # ── keys and the mouse ────────────────────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies whole rows; the rest is Qt's."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copyWanted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Leave the finding to the vocabulary: Qt would ask each of a million rows."""
        self.typed.emit(search)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which row and cell the mouse is over."""
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        column = self.columnAt(place.x()) - FIRST_VALUE
        self._hover(self.rowAt(place.y()), column if column >= 0 else -1)

    def viewportEvent(self, event: QEvent) -> bool:
        """Notice when the mouse leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1, -1)
        return super().viewportEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse over the header of tokens hovers rows too."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._hover(self.rowAt(event.position().toPoint().y()), -1)
        elif event.type() == QEvent.Type.Leave:
            self._hover(-1, -1)
        return super().eventFilter(watched, event)

    def _hover(self, row: int, column: int) -> None:
        before, self._cell = self._cell, (row, column)
        if before[0] != row:
            self.rowHovered.emit(row)
        if before != self._cell:
            self.cellHovered.emit(row, column)
