"""The drawing of one-hot(id) × table = row, beside table[id] and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.canvas.heat_cells import CellBlock, paint_cells
from gui.canvas.matrix import MatrixPlaces, MatrixSizes, least_height, place
from gui.canvas.token_card import USUAL_NUMBER
from gui.numbers import shortest
from gui.theme import Theme, number_font, theme_of

if TYPE_CHECKING:
    from gui.canvas.one_hot_product import Product

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, eq=False)
class LookupPicture:
    """What is drawn: the table `rows` (V, D), its tokens, and the row `id` reached both ways.

    `product` is None until it is multiplied. `limit` is the value of full colour.
    """

    rows: NDArray[np.floating]
    tokens: Sequence[str]
    id: int
    limit: float
    padding_idx: int | None = None
    product: Product | None = None
    waiting: str = ""  # what stands in place of the product


class LookupView(QWidget):
    """Draws a `LookupPicture`; tells which row the mouse is on and which was picked."""

    hovered = Signal(object)  # an id, or None
    picked = Signal(int)
    drawn = Signal()  # other rows or columns of the table are drawn than before

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: LookupPicture | None = None
        self._lit: int | None = None
        self._places: MatrixPlaces | None = None
        self._widest = USUAL_NUMBER
        self.setObjectName("lookupView")
        self.setAccessibleName(self.tr("One-hot vector times table"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def places(self) -> MatrixPlaces | None:
        """What is drawn where; None while there is no picture."""
        return self._places

    def show_picture(self, picture: LookupPicture | None) -> None:
        """Draw `picture`, or nothing."""
        self._picture = picture
        self._lay_out()
        self.update()

    def light(self, id: int | None) -> None:
        """Mark the row that the mouse is on, here or elsewhere."""
        if id != self._lit:
            self._lit = id
            self.update()

    def forget_widths(self) -> None:
        """Let cells be as narrow as their numbers allow again."""
        self._widest = USUAL_NUMBER

    def sizeHint(self) -> QSize:
        """Room for a table of eight rows and three columns."""
        sizes = self._sizes(3)
        return QSize(440, least_height(sizes) + 5 * sizes.line)

    def minimumSizeHint(self) -> QSize:
        """Room for a few rows and one column."""
        return QSize(320, least_height(self._sizes(3)))

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def _sizes(self, dimension: int) -> MatrixSizes:
        return MatrixSizes.of(self.font(), self._widest, self._sign(), self._more(dimension))

    def _sign(self) -> str:
        return self.tr("× table =")

    def _more(self, count: int) -> str:
        return self.tr("… {count} more").format(count=f"{count:,}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw as much as fits."""
        self._lay_out()

    def _lay_out(self) -> None:
        before, self._places = self._places, None
        if self._picture is not None:
            rows = self._picture.rows
            places = self._place()
            drawn = rows[places.rows.start : places.rows.stop, places.columns]
            longest = max((shortest(value) for value in drawn.flat), key=len, default="")
            if len(longest) > len(self._widest):
                self._widest = longest
                places = self._place()
            self._places = places
        if _part(before) != _part(self._places):
            self.drawn.emit()

    def _place(self) -> MatrixPlaces:
        assert self._picture is not None
        rows, id = self._picture.rows, self._picture.id
        sizes = self._sizes(rows.shape[1])
        return place(self.width(), self.height(), (len(rows), rows.shape[1]), id, sizes)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self._lay_out()

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the parts that have room."""
        picture, places = self._picture, self._places
        if picture is None or places is None:
            return
        painter = QPainter(self)
        theme = theme_of(self)
        self._paint_table(painter, theme, picture, places)
        self._paint_labels(painter, theme, picture, places)
        self._paint_one_hot(painter, theme, picture, places)
        self._paint_results(painter, theme, picture, places)
        if self.hasFocus():
            painter.setPen(QPen(theme.text, 1, Qt.PenStyle.DotLine))
            painter.drawRect(places.table.adjusted(-3, -3, 2, 2))

    def _paint_table(
        self, painter: QPainter, theme: Theme, picture: LookupPicture, places: MatrixPlaces
    ) -> None:
        rows, columns = places.rows, places.columns
        values = picture.rows[rows.start : rows.stop, : columns.stop]
        painter.setPen(theme.text)
        painter.setFont(self.font())
        count, dimension = picture.rows.shape
        title = self.tr("table  {rows} × {columns}")
        painter.drawText(
            places.title, _RIGHT, title.format(rows=f"{count:,}", columns=f"{dimension:,}")
        )
        painter.setPen(theme.muted)
        for column in columns:
            painter.drawText(self._cell(places.header, places, column), _RIGHT, str(column))
        if columns.stop < dimension:
            painter.drawText(places.more, _LEFT, self._more(dimension - columns.stop))
        pad = picture.padding_idx
        pad_line = pad - rows.start if pad is not None and pad in rows else None
        self._paint_values(painter, theme, values, places.table, pad_line)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._lit is not None and self._lit in rows:
            painter.setPen(QPen(theme.accent, 1))
            painter.drawRect(self._row(places, self._lit).adjusted(-1, -1, 0, 0))
        painter.setPen(QPen(theme.accent, 2))
        painter.drawRect(self._row(places, picture.id).adjusted(-1, -1, 1, 1))

    def _paint_labels(
        self, painter: QPainter, theme: Theme, picture: LookupPicture, places: MatrixPlaces
    ) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        for id in places.rows:
            chosen = id == picture.id
            painter.setFont(bold if chosen else self.font())
            painter.setPen(theme.accent if chosen else theme.text)
            top = places.labels.y() + (id - places.rows.start) * places.product.height()
            box = QRect(0, top, places.labels.width(), places.product.height())
            number = f"  {id}"
            metrics = painter.fontMetrics()
            room = box.width() - metrics.horizontalAdvance(number)
            token = " ".join(picture.tokens[id].split()) if id < len(picture.tokens) else ""
            cut = metrics.elidedText(token, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, _RIGHT, cut + number)

    def _paint_one_hot(
        self, painter: QPainter, theme: Theme, picture: LookupPicture, places: MatrixPlaces
    ) -> None:
        painter.setFont(self.font())
        painter.setPen(theme.text)
        title = self.tr("one-hot({id})  1 × {count}")
        text = title.format(id=picture.id, count=f"{len(picture.rows):,}")
        right = places.one_hot.x() + painter.fontMetrics().horizontalAdvance(text)
        box = places.one_hot_title
        # Over its cells, unless they are so few that it would run into the next title.
        box = box if right > box.right() else box.adjusted(places.one_hot.x(), 0, 0, 0)
        painter.drawText(box, _RIGHT if right > box.right() else _LEFT, text)
        painter.drawText(places.sign, _CENTRE, self._sign())
        painter.setFont(number_font(self.font()))
        for id in places.rows:
            box = self._one_hot_cell(places, id)
            chosen = id == picture.id
            painter.setPen(theme.line)
            painter.setBrush(theme.accent if chosen else theme.surface)
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            painter.setPen(theme.on_accent if chosen else theme.muted)
            painter.drawText(box, _CENTRE, "1" if chosen else "0")
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_results(
        self, painter: QPainter, theme: Theme, picture: LookupPicture, places: MatrixPlaces
    ) -> None:
        painter.setFont(self.font())
        painter.setPen(theme.text)
        painter.drawText(places.product_title, _LEFT, self.tr("the product"))
        for box, text in (
            (places.lookup, self.tr("the lookup, table[{id}] =").format(id=picture.id)),
            (places.difference, self.tr("difference =")),
        ):
            label = QRect(0, box.y(), box.x() - 8, box.height())
            painter.drawText(label, _RIGHT, text)
        shown = slice(places.columns.stop)
        lookup = picture.rows[picture.id, shown]
        self._paint_values(painter, theme, lookup[None], places.lookup)
        if picture.product is None:
            painter.setPen(theme.muted)
            painter.setFont(self.font())
            wide = QRect(places.product.topLeft(), QSize(self.width(), places.product.height()))
            painter.drawText(wide, _LEFT, picture.waiting)
            return
        self._paint_values(painter, theme, picture.product.product[None, shown], places.product)
        difference = picture.product.difference[None, shown]
        self._paint_values(painter, theme, difference, places.difference)

    def _paint_values(
        self,
        painter: QPainter,
        theme: Theme,
        values: NDArray[np.floating],
        box: QRect,
        pad_line: int | None = None,
    ) -> None:
        assert self._picture is not None
        painter.setFont(number_font(self.font()))
        cell = QRect(
            box.x(), box.y(), box.width() // values.shape[1], box.height() // values.shape[0]
        )
        block = CellBlock(values, cell, self._picture.limit, numbers=True, pad_line=pad_line)
        paint_cells(painter, theme, block)

    def _cell(self, line: QRect, places: MatrixPlaces, column: int) -> QRect:
        width = places.table.width() // len(places.columns)
        return QRect(line.x() + column * width, line.y(), width - 4, line.height())

    def _row(self, places: MatrixPlaces, id: int) -> QRect:
        height = places.product.height()
        top = places.table.y() + (id - places.rows.start) * height
        return QRect(places.table.x(), top, places.table.width(), height - 1)

    def _one_hot_cell(self, places: MatrixPlaces, id: int) -> QRect:
        width = places.one_hot.width() // len(places.rows)
        left = places.one_hot.x() + (id - places.rows.start) * width
        return QRect(left, places.one_hot.y(), width, places.one_hot.height())

    # ── mouse and keys ────────────────────────────────────────────────────────────────────────

    def value_at(self, at: QPoint) -> str:
        """The number under `at`, by its exact name and in full; "" where there is none."""
        picture, places = self._picture, self._places
        if picture is None or places is None:
            return ""
        id = picture.id
        if places.one_hot.contains(at):
            entry = self._one_hot_entry(places, at)
            value = int(entry == id)
            return self.tr("one-hot({id})[{entry}] = {value}").format(
                id=id, entry=entry, value=value
            )
        column = self._column(places, at)
        row = self._table_row(places, at)
        if row is not None:
            return self._named(
                self.tr("table[{id}, {column}] = {value}"), row, column, picture.rows[row]
            )
        if places.lookup.contains(at):
            return self._named(
                self.tr("table[{id}, {column}] = {value}"), id, column, picture.rows[id]
            )
        if picture.product is None:
            return ""
        if places.product.contains(at):
            text = self.tr("(one-hot({id}) × table)[{column}] = {value}")
            return self._named(text, id, column, picture.product.product)
        if places.difference.contains(at):
            text = self.tr("difference[{column}] = {value}")
            return self._named(text, id, column, picture.product.difference)
        return ""

    @staticmethod
    def _named(text: str, id: int, column: int, values: NDArray[np.floating]) -> str:
        return text.format(id=id, column=column, value=shortest(values[column]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which row the mouse is on."""
        self.hovered.emit(self._id_at(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is on no row."""
        self.hovered.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the row under the mouse."""
        id = self._id_at(event.position().toPoint())
        if id is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(id)

    def event(self, event: QEvent) -> bool:
        """Show the exact value under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.value_at(event.pos()), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down pick the row before and the row after."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if self._picture is None or event.key() not in steps:
            super().keyPressEvent(event)
            return
        id = self._picture.id + steps[Qt.Key(event.key())]
        if 0 <= id < len(self._picture.rows):
            self.picked.emit(id)

    def _id_at(self, at: QPoint) -> int | None:
        places = self._places
        if places is None:
            return None
        if places.one_hot.contains(at):
            return self._one_hot_entry(places, at)
        row = self._table_row(places, at)
        if row is None and places.labels.contains(at):
            row = places.rows.start + (at.y() - places.labels.y()) // places.product.height()
        return row

    def _table_row(self, places: MatrixPlaces, at: QPoint) -> int | None:
        if not places.table.contains(at):
            return None
        return places.rows.start + (at.y() - places.table.y()) // places.product.height()

    def _one_hot_entry(self, places: MatrixPlaces, at: QPoint) -> int:
        width = places.one_hot.width() // len(places.rows)
        return places.rows.start + (at.x() - places.one_hot.x()) // width

    def _column(self, places: MatrixPlaces, at: QPoint) -> int:
        width = places.table.width() // len(places.columns)
        return max(0, min((at.x() - places.table.x()) // width, len(places.columns) - 1))


def _part(places: MatrixPlaces | None) -> tuple[range, range] | None:
    return None if places is None else (places.rows, places.columns)
