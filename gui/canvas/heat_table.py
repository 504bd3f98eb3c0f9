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
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from gui.canvas.cell_editor import CellDelegate
from gui.canvas.column_widths import share
from gui.canvas.heat import HeatLimit
from gui.canvas.heat_cells import EDGE, CellBlock, paint_cells
from gui.canvas.row_lines import HOVERED, PICKED, Lines, paint_marks, paint_norms
from gui.canvas.row_marks import ChangedRows, outline
from gui.canvas.table_headers import (
    ARROW,
    ColumnHeader,
    HeaderCorner,
    RowNames,
    Sorted,
    TokenHeader,
)
from gui.theme import Theme, number_font, theme_of

ID, TOKEN, NORM, FIRST_VALUE = range(4)  # the model's columns; the values follow
_FLASH = 600  # ms


class HeatTable(QTableView):
    """A table whose rows are read from memory as they are painted, never copied.

    Its model says which id stands at which place. `rowHovered` carries an id, or −1; `cellHovered`
    an id and a column of values, or −1 for none; `typed` a character typed to find a token;
    `titleClicked` a column with a title.
    """

    rowHovered = Signal(int)
    cellHovered = Signal(int, int)
    typed = Signal(str)
    copyWanted = Signal()
    numbersShown = Signal(bool)
    limitChanged = Signal()  # by what came into sight
    titleClicked = Signal(int)

    def __init__(
        self, names: RowNames, titles: tuple[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = names
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
        self._corner.clicked.connect(self.titleClicked)
        self.columns.sectionClicked.connect(self._click_title)
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
        for header in (self.tokens, self.columns):
            header.setFont(self.font())  # Qt leaves one behind where the application's changes back
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

    def show_sorted(self, by: Sorted | None) -> None:
        """Mark the title of the column that the rows are sorted by."""
        self.columns.sorted = self._corner.sorted = by
        self.columns.viewport().update()
        self._corner.update()

    def set_hovered(self, id_: int | None) -> None:
        """Light up the row `id_`."""
        if id_ != self._hovered:
            before, self._hovered, self.tokens.hovered = self._hovered, id_, id_
            places = (self._names.order.place(each) for each in (before, id_) if each is not None)
            self._update_rows(place for place in places if place is not None)

    @property
    def hovered_cell(self) -> tuple[int, int]:
        """The id and the column of values under the mouse, −1 for none."""
        return self._cell

    @property
    def is_edited(self) -> bool:
        """Whether a value is being typed."""
        return self.state() == QAbstractItemView.State.EditingState

    def show_row(self, row: int) -> None:
        """Bring the place `row` into sight without moving sideways."""
        aside = self.horizontalScrollBar().value()
        seen = self.rows_in_sight()
        hint = QAbstractItemView.ScrollHint
        near = seen is not None and seen[0] - 1 <= row <= seen[1] + 1
        place = hint.EnsureVisible if near else hint.PositionAtCenter
        self.scrollTo(self.model().index(row, NORM), place)
        self.horizontalScrollBar().setValue(aside)

    def rows_in_sight(self) -> tuple[int, int] | None:
        """The first and the last place in sight."""
        return self._rows_between(0, self.viewport().height() - 1)

    def _rows_between(self, top: int, bottom: int) -> tuple[int, int] | None:
        count = 0 if self._rows is None else len(self._names.order)
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
            touched, moved = self._changed.among(self._names.order.between(*seen))
            self._update_rows((np.flatnonzero(touched | moved) + seen[0]).tolist())

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def lay_out_columns(self) -> None:
        """Share the width among the columns of values; the norm keeps its own."""
        if self._rows is None or not self._rows.shape[1]:
            return
        digit = QFontMetrics(self._figures).horizontalAdvance("0")
        title = str(self.model().headerData(NORM, Qt.Orientation.Horizontal))
        norm = max(5 * digit, self.columns.fontMetrics().horizontalAdvance(title) + ARROW)
        norm += 3 * EDGE
        count = self._rows.shape[1]
        room = self.viewport().width() - norm
        width, numbers = share(room, count, digit, self._wanted_numbers)
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
        order = self._names.order
        self.picked = frozenset(
            id_ for each in ranges for id_ in order.between(each.top(), each.bottom()).tolist()
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
        lines = self._lines(seen)
        self._paint_values(painter, theme, event.rect(), lines)
        if event.rect().left() < self.columnViewportPosition(FIRST_VALUE):
            side = self.columnViewportPosition(NORM), self.columnWidth(NORM)
            paint_norms(painter, theme, lines, self._rows[lines.ids], side)
        flash = float(self._flash.currentValue()) if self.flashing else 0.0
        paint_marks(painter, theme, lines, self._right_edge(), flash)
        self._paint_current(painter, theme)

    def _paint_values(self, painter: QPainter, theme: Theme, rect: QRect, lines: Lines) -> None:
        assert self._rows is not None
        left = max(self.columnAt(rect.left()), FIRST_VALUE)
        right = self.columnAt(rect.right())
        right = right if right >= 0 else self._last_column()
        values = self._rows[lines.ids, left - FIRST_VALUE : right - FIRST_VALUE + 1]
        before = self.limit.value
        self.limit.look_at(values)
        if self.limit.value != before:
            self.viewport().update()
            self.limitChanged.emit()
        cell = QRect(
            self.columnViewportPosition(left),
            lines.top,
            self.columns.defaultSectionSize(),
            lines.height,
        )
        pad = np.flatnonzero(lines.ids == self.padding_idx)
        pad_line = int(pad[0]) if len(pad) else None
        paint_cells(
            painter, theme, CellBlock(values, cell, self.limit.value, self.numbers, pad_line)
        )

    def _lines(self, seen: tuple[int, int]) -> Lines:
        first, last = seen
        ids = self._names.order.between(first, last)
        touched, alone = self._changed.among(ids)
        return Lines(
            ids,
            self.rowViewportPosition(first),
            self.rowHeight(first),
            [self._tint(id_) for id_ in ids.tolist()],
            touched,
            alone,
        )

    def _tint(self, id_: int) -> float:
        if id_ in self.picked:
            return PICKED
        return HOVERED if id_ == self._hovered else 0.0

    def _paint_current(self, painter: QPainter, theme: Theme) -> None:
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            box = self.visualRect(index).adjusted(-1, -1, 0, 0)
            outline(painter, box.adjusted(-1, -1, 1, 1), theme.surface, dashed=False, width=1)
            outline(painter, box, theme.text, dashed=False, width=2)

    def _right_edge(self) -> int:
        """The pixel after the last column, or a little after what is in sight."""
        last = self._last_column()
        right = self.columnViewportPosition(last) + self.columnWidth(last)
        return min(right, self.viewport().width() + 2 * EDGE + 1)

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

    @Slot(int)
    def _click_title(self, column: int) -> None:
        if column < FIRST_VALUE:
            self.titleClicked.emit(column)

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
        id_ = self._names.order.id(row) if row >= 0 else -1
        before, self._cell = self._cell, (id_, column)
        if before[0] != id_:
            self.rowHovered.emit(id_)
        if before != self._cell:
            self.cellHovered.emit(id_, column)
