"""The headers of the table: ids and tokens at the left, column numbers above.

Both are painted at once rather than section by section: a table may have 4,096 columns a few
pixels wide, and ids and tokens must stay in sight however far the columns are scrolled.
"""

from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygon,
)
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from core.row_order import RowOrder
from gui.canvas.row_marks import ChangedRows, no_ids, outline, pad_badge, unknown_badge
from gui.theme import SPACING, Theme, mix, number_font, theme_of

RowKind = Literal["word", "pad", "unknown", "vanished"]

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
_BADGE = 12
ARROW = 3  # pixels that a title needs besides its margins, to have an arrow beside it
_EDGE = 6
_BAR = 3
_SAMPLE = 500  # tokens measured for the width; longer ones among the others are cut
_STEPS = (1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 50, 64, 100, 128, 200, 256, 500, 512, 1000)


class RowNames(Protocol):
    """What the token header asks of the table."""

    @property
    def order(self) -> RowOrder:
        """Which id stands at which place."""

    def token(self, id_: int) -> str:
        """The token of `id_`."""

    def kind(self, id_: int) -> RowKind:
        """What the row `id_` is."""


class _Line(NamedTuple):
    """A row as it is painted: the colours are those of its token and of its id."""

    box: QRect
    id: int
    ink: QColor
    faint: QColor


class Sorted(NamedTuple):
    """The column that the rows are sorted by, and which way."""

    column: int
    descending: bool


class TokenHeader(QHeaderView):
    """The id and the token of each row, with the row's marks.

    `hovered` and `picked` are ids.
    """

    def __init__(self, names: RowNames, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, table)
        self._names = names
        self._table = table
        self._longest = 0
        self.figures = number_font(self.font())
        self.changed = ChangedRows()
        self.hovered: int | None = None
        self.picked: frozenset[int] = frozenset()
        self._matches = no_ids()
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSectionsClickable(True)
        self.setHighlightSections(True)
        self.setMouseTracking(True)

    def show_matches(self, ids: NDArray[np.int32]) -> None:
        """Put a bar before these ids, ascending: they fit what is searched for."""
        self._matches = ids
        self.viewport().update()

    def measure_tokens(self) -> None:
        """Fit the width to the tokens; call when the vocabulary has changed."""
        count = self._names.order.rows
        ids = {0, 1, *range(0, count, max(1, count // _SAMPLE))}.intersection(range(count))
        self._longest = max((self._token_width(id_) for id_ in ids), default=0)
        self.updateGeometry()

    def _token_width(self, id_: int) -> int:
        width = self.fontMetrics().horizontalAdvance(self._names.token(id_)) + 2
        return width if self._names.kind(id_) in ("word", "vanished") else width + _EDGE + _BADGE

    def id_width(self) -> int:
        """The pixels of the longest id."""
        digits = len(str(max(0, self._names.order.rows - 1)))
        return _EDGE + QFontMetrics(self.figures).horizontalAdvance("0" * digits)

    def sizeHint(self) -> QSize:
        """Ids and tokens, but tokens over at most three tenths of the table."""
        room = max(8 * self.fontMetrics().averageCharWidth(), 3 * self._table.width() // 10)
        return QSize(self.id_width() + SPACING + min(self._longest, room) + _EDGE, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in sight."""
        painter = QPainter(self.viewport())
        theme = theme_of(self)
        painter.fillRect(event.rect(), theme.surface)
        first, last = self._rows(event.rect())
        if first > last:
            return
        ids = self._names.order.between(first, last).tolist()
        lines = [
            _Line(self._box(row), id_, *self._paint_ground(painter, theme, row, id_))
            for row, id_ in enumerate(ids, first)
        ]
        # All ids, then all tokens: changing the painter's font for each row costs most of the time.
        self._paint_ids(painter, lines)
        self._paint_tokens(painter, theme, lines)
        self._paint_changes(painter, theme, lines)
        self._paint_matches(painter, theme, lines)

    def _rows(self, rect: QRect) -> tuple[int, int]:
        first, last = self.logicalIndexAt(rect.top()), self.logicalIndexAt(rect.bottom())
        return max(0, first), last if last >= 0 else self.count() - 1

    def _box(self, row: int) -> QRect:
        return QRect(0, self.sectionViewportPosition(row), self.width(), self.sectionSize(row) - 1)

    def _paint_ground(
        self, painter: QPainter, theme: Theme, row: int, id_: int
    ) -> tuple[QColor, QColor]:
        """Paint what lies behind `row`; the colours of its token and of its id on that."""
        if id_ in self.picked:
            painter.fillRect(self._box(row), theme.accent)
            return theme.on_accent, theme.on_accent
        if id_ == self.hovered:
            painter.fillRect(self._box(row), mix(theme.surface, theme.accent, 0.2))
        return theme.text, theme.muted

    def _paint_ids(self, painter: QPainter, lines: "list[_Line]") -> None:
        painter.setFont(self.figures)
        width = self.id_width()
        for box, id_, _, faint in lines:
            painter.setPen(faint)
            painter.drawText(0, box.top(), width, box.height(), _RIGHT, str(id_))

    def _paint_tokens(self, painter: QPainter, theme: Theme, lines: "list[_Line]") -> None:
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        left = self.id_width() + SPACING
        for box, id_, ink, faint in lines:
            kind = self._names.kind(id_)
            words = box.adjusted(left, 0, -_EDGE, 0)
            if kind in ("pad", "unknown"):
                badge = QRect(words.right() - _BADGE, 0, _BADGE, _BADGE)
                badge.moveTop(words.center().y() - _BADGE // 2 + 1)
                words.setRight(badge.left() - 2)
                plain = ink is theme.text
                if kind == "pad":
                    pad_badge(painter, badge, theme.pad if plain else ink)
                else:
                    unknown_badge(painter, badge, theme.unknown if plain else ink)
            token = self._names.token(id_)
            if metrics.horizontalAdvance(token) > words.width():
                token = metrics.elidedText(token, Qt.TextElideMode.ElideRight, words.width())
            painter.setPen(faint if kind == "vanished" else ink)
            if kind == "vanished":
                self._paint_italic(painter, words, token)
            else:
                painter.drawText(words, Qt.AlignmentFlag.AlignLeft | _MIDDLE, token)

    def _paint_italic(self, painter: QPainter, words: QRect, token: str) -> None:
        font = self.font()
        font.setItalic(True)
        painter.setFont(font)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | _MIDDLE, token)
        painter.setFont(self.font())

    def _paint_changes(self, painter: QPainter, theme: Theme, lines: "list[_Line]") -> None:
        marks = self.changed.among(np.array([line.id for line in lines]))
        for line, touched, moved in zip(lines, *marks, strict=True):
            box = line.box.adjusted(0, 0, SPACING, 0)  # the table closes the frame
            if touched:
                outline(painter, box, theme.touched, dashed=False, width=2)
            elif moved:
                outline(painter, box, theme.moved, dashed=True, width=2)

    def _paint_matches(self, painter: QPainter, theme: Theme, lines: "list[_Line]") -> None:
        """Over all else, so that it is seen on a row that is picked or touched, too."""
        for line in lines:
            place = int(np.searchsorted(self._matches, line.id))
            if place < len(self._matches) and self._matches[place] == line.id:
                bar = QRect(line.box.left(), line.box.top(), _BAR, line.box.height())
                painter.fillRect(bar, theme.text)


class ColumnHeader(QHeaderView):
    """The number of each column; of narrow columns every second, fourth, … is written."""

    def __init__(self, first_value: int, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._first_value = first_value
        self.figures = number_font(self.font())
        self.over_numbers = False
        self.sorted: Sorted | None = None
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(2)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(0, self.fontMetrics().height() + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the numbers that have room."""
        painter = QPainter(self.viewport())
        theme = theme_of(self)
        painter.fillRect(event.rect(), theme.raised)
        painter.setPen(theme.muted)
        for column in range(self._first_value):
            if not self.isSectionHidden(column):
                box = self._box(column).adjusted(0, 0, -_EDGE, 0)
                title = str(self.model().headerData(column, Qt.Orientation.Horizontal))
                painter.drawText(box, _RIGHT, title)
                if self.sorted is not None and self.sorted.column == column:
                    arrow(painter, QPoint(box.left() + 1, box.center().y()), self.sorted.descending)
        if self.count() > self._first_value:
            self._paint_numbers(painter, event.rect())

    def _paint_numbers(self, painter: QPainter, rect: QRect) -> None:
        painter.setFont(self.figures)
        step = self._step(painter.fontMetrics())
        reach = step * self.sectionSize(self._first_value)
        first = max(self._first_value, self.logicalIndexAt(rect.left() - reach))
        last = self.logicalIndexAt(rect.right())
        last = last if last >= 0 else self.count() - 1
        start = first + -(first - self._first_value) % step
        for column in range(start, last + 1, step):
            box = self._box(column)
            text = str(column - self._first_value)
            if step > 1:
                box.setWidth(reach)
                painter.drawLine(box.left(), box.bottom() - 3, box.left(), box.bottom())
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | _MIDDLE, text)
            elif self.over_numbers:
                painter.drawText(box.adjusted(0, 0, -_EDGE, 0), _RIGHT, text)
            else:
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _step(self, metrics: QFontMetrics) -> int:
        widest = metrics.horizontalAdvance("0" * len(str(self.count()))) + SPACING
        size = max(1, self.sectionSize(self._first_value))
        return next((step for step in _STEPS if step * size >= widest), _STEPS[-1])

    def _box(self, column: int) -> QRect:
        left = self.sectionViewportPosition(column)
        return QRect(left, 0, self.sectionSize(column), self.height())


class HeaderCorner(QWidget):
    """The titles above ids and tokens, where Qt has its corner button."""

    clicked = Signal(int)  # 0 for the ids, 1 for the tokens

    def __init__(self, header: TokenHeader, titles: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.sorted: Sorted | None = None
        self._header = header
        self._titles = titles

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint both titles over their columns."""
        painter = QPainter(self)
        theme = theme_of(self)
        painter.fillRect(self.rect(), theme.raised)
        painter.setPen(theme.muted)
        ids, tokens = self._titles
        left = QRect(0, 0, self._header.id_width(), self.height())
        painter.drawText(left, _RIGHT, ids)
        right = self.rect().adjusted(left.width() + SPACING, 0, 0, 0)
        painter.drawText(right, Qt.AlignmentFlag.AlignLeft | _MIDDLE, tokens)
        if self.sorted is not None and self.sorted.column in (0, 1):
            ends = left.right(), right.left() + self.fontMetrics().horizontalAdvance(tokens)
            x = ends[self.sorted.column] + 2
            arrow(painter, QPoint(x, self.rect().center().y()), self.sorted.descending)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which title was clicked."""
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(place):
            self.clicked.emit(int(place.x() > self._header.id_width() + SPACING // 2))


def arrow(painter: QPainter, place: QPoint, descending: bool) -> None:
    """A small triangle in the pen's colour, its left middle at `place`: down when descending."""
    x, y = place.x(), place.y()
    tip, base = (y + 2, y - 2) if descending else (y - 2, y + 2)
    painter.save()
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QPolygon([QPoint(x, base), QPoint(x + 6, base), QPoint(x + 3, tip)]))
    painter.restore()
