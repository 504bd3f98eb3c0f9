"""A batch (B, T) as a grid to look at, to point at, and to walk with the arrow keys."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from gui.canvas.batch_cells import BatchCells, CellMarks, CellPainter
from gui.theme import SPACING, number_font, theme_of

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
NARROWEST = 9  # pixels of a column of extra padding
INSET_TOP = 3  # pixels between the positions and the first line
_WIDEST_NAME = 18  # characters' widths
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BatchGrid(QAbstractScrollArea):
    """Paints the cells in view; positions head the columns, the sentences' names the lines.

    Where not all columns have room, those of the extra padding are narrow, and only hatched.
    """

    hovered = Signal(object)  # the id under the cursor, or None
    picked = Signal(int)  # the id of a cell that was clicked or entered

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.viewport().setMouseTracking(True)
        self._cells: BatchCells | None = None
        self._picked_ids: frozenset[int] = frozenset()
        self._hovered_id: int | None = None
        self._current: tuple[int, int] | None = None
        self._lit: frozenset[tuple[int, int]] = frozenset()
        self._painter = self._new_painter()
        self._edges = np.zeros(1, np.int64)  # of the columns, (T + 1,), from the first one's

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    @property
    def cells(self) -> BatchCells | None:
        """What is shown."""
        return self._cells

    @property
    def current(self) -> tuple[int, int] | None:
        """The cell (line, column) that the keys act on."""
        return self._current

    @property
    def lit(self) -> frozenset[tuple[int, int]]:
        """The cells that are lit."""
        return self._lit

    def show_cells(self, cells: BatchCells | None) -> None:
        """Show another batch, or other numbers of it."""
        self._cells = cells
        if cells is None or (self._current is not None and not self._holds(self._current)):
            self._current = None
        self._set_ranges()
        self.viewport().update()

    def show_marks(self, picked: frozenset[int], hovered: int | None) -> None:
        """Light up the cells with these ids."""
        if (picked, hovered) != (self._picked_ids, self._hovered_id):
            self._picked_ids, self._hovered_id = picked, hovered
            self.viewport().update()

    def light(self, places: frozenset[tuple[int, int]]) -> None:
        """Light up these cells (line, column), whatever their ids are."""
        if places != self._lit:
            self._lit = places
            self.viewport().update()

    def rect_of(self, line: int, column: int) -> QRect:
        """Where a cell stands in the viewport."""
        size, (left, right) = self._painter, self._edges[column : column + 2]
        x = self._name_width() + int(left) - self.horizontalScrollBar().value()
        y = size.line + INSET_TOP + line * size.height - self.verticalScrollBar().value()
        return QRect(x, y, int(right - left), size.height)

    def cell_at(self, at: QPoint) -> tuple[int, int] | None:
        """The (line, column) of the cell under a pixel of the viewport."""
        top = self._painter.line + INSET_TOP
        if at.x() < self._name_width() or at.y() < top:
            return None
        down = at.y() - top + self.verticalScrollBar().value()
        place = down // self._painter.height, self._column_at(at.x())
        return place if self._holds(place) else None

    def sizeHint(self) -> QSize:
        return QSize(12 * self._painter.width, 5 * self._painter.height)

    def _holds(self, place: tuple[int, int]) -> bool:
        if self._cells is None:
            return False
        lines, across = self._cells.shape
        return 0 <= place[0] < lines and 0 <= place[1] < across

    def _name_width(self) -> int:
        names = () if self._cells is None else self._cells.names
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(name) for name in names), default=0)
        return min(widest, _WIDEST_NAME * metrics.averageCharWidth()) + SPACING

    def _new_painter(self) -> CellPainter:
        return CellPainter(theme_of(self), self.font(), number_font(self.font()))

    def _column_at(self, x: int) -> int:
        """The column at `x` of the viewport; −1 or T where there is none."""
        across = x - self._name_width() + self.horizontalScrollBar().value()
        return int(np.searchsorted(self._edges, across, "right")) - 1

    def _find_edges(self) -> None:
        across = 0 if self._cells is None else self._cells.shape[1]
        widths = np.full(across, self._painter.width, np.int64)
        extra = range(0) if self._cells is None else self._cells.extra
        if extra:
            room = self.viewport().width() - self._name_width()
            left = (room - (across - len(extra)) * self._painter.width) // len(extra)
            widths[extra.start : extra.stop] = min(max(left, NARROWEST), self._painter.width)
        self._edges = np.concatenate(([0], np.cumsum(widths)))

    def _set_ranges(self) -> None:
        self._find_edges()
        lines = 0 if self._cells is None else self._cells.shape[0]
        seen, size = self.viewport().size(), self._painter
        wide = self._name_width() + int(self._edges[-1])
        high = size.line + INSET_TOP + lines * size.height
        for bar, whole, part, step in (
            (self.horizontalScrollBar(), wide, seen.width(), size.width),
            (self.verticalScrollBar(), high, seen.height(), size.height),
        ):
            bar.setRange(0, max(whole - part, 0))
            bar.setPageStep(part)
            bar.setSingleStep(step)

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, cells = QPainter(self.viewport()), self._cells
        if cells is None or not cells.ids.size:
            return
        lines, columns = self._in_view(event.rect())
        painter.setClipRect(
            self.viewport().rect().adjusted(self._name_width(), self._painter.line, 0, 0)
        )
        for line in lines:
            for column in columns:
                id_ = int(cells.ids[line, column])
                lit = (line, column) in self._lit
                marks = CellMarks(
                    id_ in self._picked_ids,
                    id_ == self._hovered_id,
                    (lit or self.hasFocus()) and (line, column) == self._current,
                    lit,
                )
                box = self.rect_of(line, column)
                self._painter.paint(painter, box, cells, (line, column), marks)
        self._paint_extra(painter, cells)
        painter.setClipping(False)
        self._paint_heads(painter, cells, lines, columns)

    def _in_view(self, rect: QRect) -> tuple[range, range]:
        assert self._cells is not None
        first, (lines, across) = self.rect_of(0, 0), self._cells.shape
        top, bottom = rect.top() - first.y(), rect.bottom() - first.y()
        left, right = self._column_at(rect.left()), self._column_at(rect.right())
        return (
            range(max(0, top // first.height()), min(lines, bottom // first.height() + 1)),
            range(max(0, left), min(across, right + 1)),
        )

    def _paint_extra(self, painter: QPainter, cells: BatchCells) -> None:
        """A dashed line where the padding that was added begins or ends."""
        if not cells.extra:
            return
        last = cells.shape[0] - 1
        on_the_right = cells.extra.start > 0
        column = cells.extra.start if on_the_right else cells.extra.stop - 1
        top, bottom = self.rect_of(0, column), self.rect_of(last, column)
        x = top.left() - 1 if on_the_right else top.right()
        painter.setPen(QPen(theme_of(self).text, 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(x, top.top(), x, bottom.bottom())

    def _paint_heads(
        self, painter: QPainter, cells: BatchCells, lines: range, columns: range
    ) -> None:
        theme, room = theme_of(self), self._name_width()
        painter.setPen(theme.muted)
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        for line in lines if cells.names else ():
            box = self.rect_of(line, 0)
            box.setLeft(0)
            box.setRight(room - SPACING // 2)
            if box.top() >= self._painter.line:
                name = metrics.elidedText(
                    cells.names[line], Qt.TextElideMode.ElideRight, box.width()
                )
                painter.drawText(box, _RIGHT, name)
        painter.setFont(number_font(self.font()))
        for column in columns:
            box = self.rect_of(0, column)
            if box.left() >= room and self._painter.has_room_in(box):
                head = QRect(box.x(), 0, box.width() - 4, self._painter.line)
                painter.drawText(head, _RIGHT, str(column))

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self._id_at(self.cell_at(event.position().toPoint())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.cell_at(event.position().toPoint())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.go_to(place)
            self._pick()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and self._cells is not None and self._cells.ids.size:
            lines, across = self._cells.shape
            line, column = self._current or (0, 0)
            if self._current is not None:
                line, column = line + step[0], column + step[1]
            self.go_to((min(max(line, 0), lines - 1), min(max(column, 0), across - 1)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            self._pick()
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            assert isinstance(event, QHelpEvent)
            place = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), "" if place is None else self.about(place))
            return True
        return super().viewportEvent(event)

    def about(self, place: tuple[int, int]) -> str:
        """A cell in words, as its tooltip and a screen reader have it."""
        cells = self._cells
        assert cells is not None
        id_ = int(cells.ids[place])
        if place in cells.wrong:
            return cells.wrong[place]
        kind = self.tr("padding") if not cells.mask[place] else cells.name_of(id_)
        return self.tr("sentence {line}, position {column}: {kind}, id {id}, {number}").format(
            line=place[0] + 1, column=place[1], kind=kind, id=id_, number=cells.number(*place)
        )

    def go_to(self, place: tuple[int, int]) -> None:
        """Make the cell at `place` (line, column) the current one, and scroll to it."""
        self._current = place
        self._scroll_to(place)
        self.setAccessibleDescription(self.about(place))
        self.viewport().update()

    def _scroll_to(self, place: tuple[int, int]) -> None:
        box, room = self.rect_of(*place), self.viewport().rect()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        left, top = self._name_width(), self._painter.line + INSET_TOP
        across.setValue(across.value() + min(0, box.left() - left))
        across.setValue(across.value() + max(0, box.right() - room.right()))
        down.setValue(down.value() + min(0, box.top() - top))
        down.setValue(down.value() + max(0, box.bottom() - room.bottom()))

    def _pick(self) -> None:
        id_ = self._id_at(self._current)
        if id_ is not None:
            self.picked.emit(id_)

    def _id_at(self, place: tuple[int, int] | None) -> int | None:
        if place is None or self._cells is None or place in self._cells.wrong:
            return None
        return int(np.asarray(self._cells.ids)[place])

    # ── the window around it ──────────────────────────────────────────────────────────────────

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_ranges()
        if self._current in self._lit and self._current is not None:
            self._scroll_to(self._current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._painter = self._new_painter()
            self._set_ranges()
            self.viewport().update()
