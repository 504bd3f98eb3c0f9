"""The marks of a row: touched, moved without a gradient, padding_idx, unknown, hovered.

Each mark has a shape of its own, so that none depends on colour.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import SPACING, Theme, theme_of

SWATCH = 12
GAP = 12  # between two entries of the legend
_TOUCHED, _ALONE = 1, 2


def no_ids() -> NDArray[np.int32]:
    """No row at all."""
    return np.empty(0, np.int32)


@dataclass(frozen=True)
class ChangedRows:
    """Which rows a frame changed: ids int32, in any order.

    A row is *touched* when it got a gradient, and *moved* when its bits changed.
    """

    touched: NDArray[np.int32] = field(default_factory=no_ids)
    moved: NDArray[np.int32] = field(default_factory=no_ids)

    @property
    def some_moved_alone(self) -> bool:
        """Whether any row moved without a gradient."""
        return bool((self._marks == _ALONE).any())

    def among(self, ids: NDArray[np.integer]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of the rows `ids` (n,) were touched, and which moved untouched: 2 × (n,)."""
        marks = np.zeros(len(ids), np.uint8)
        known = ids < len(self._marks)
        marks[known] = self._marks[ids[known]]
        return marks == _TOUCHED, marks == _ALONE

    @cached_property
    def _marks(self) -> NDArray[np.uint8]:
        """What each row is, up to the last one changed: found once, and asked for by each paint."""
        last = max(int(self.touched.max(initial=-1)), int(self.moved.max(initial=-1)))
        marks = np.zeros(last + 1, np.uint8)
        marks[self.moved] = _ALONE
        marks[self.touched] = _TOUCHED
        return marks


def hatch(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """Fine diagonal lines over `rect`: a row of padding."""
    painter.fillRect(rect, QBrush(colour, Qt.BrushStyle.BDiagPattern))


def outline(painter: QPainter, rect: QRect, colour: QColor, *, dashed: bool, width: int) -> None:
    """A frame just inside `rect`: solid for touched, dashed for moved without a gradient."""
    pen = QPen(colour, width, Qt.PenStyle.CustomDashLine if dashed else Qt.PenStyle.SolidLine)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dashed:
        pen.setDashPattern([3, 2])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRect(QRectF(rect).adjusted(half, half, -half, -half))


def unknown_badge(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """A question mark in a circle: the row of unknown words."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5))
    font = painter.font()
    font.setPixelSize(max(7, rect.height() - 3))
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "?")
    painter.restore()


def pad_badge(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """A hatched square: the row of padding_idx."""
    hatch(painter, rect.adjusted(1, 1, -1, -1), colour)
    outline(painter, rect, colour, dashed=False, width=1)


class MarkLegend(QWidget):
    """What the marks mean, in small type, over as many lines as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[tuple[str, str], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_entries(self, **entries: str) -> None:
        """Explain these marks, in this order: touched, moved, pad, unknown → text."""
        shown = tuple(entries.items())
        if shown != self._entries:
            self._entries = shown
            self.setAccessibleDescription(", ".join(entries.values()))
            self._claim_height()
            self.update()

    def sizeHint(self) -> QSize:
        """All in one line."""
        width = sum(self._width(text) for _, text in self._entries)
        return QSize(width, self._line_height())

    def minimumSizeHint(self) -> QSize:
        """The longest entry."""
        widest = max((self._width(text) for _, text in self._entries), default=0)
        return QSize(widest, self._line_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._claim_height()

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs more lines, and higher ones."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._claim_height()
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint each mark and its meaning."""
        painter = QPainter(self)
        theme = theme_of(self)
        middle = Qt.AlignmentFlag.AlignVCenter
        for (mark, text), place in zip(self._entries, self._places(self.width()), strict=True):
            swatch = QRect(place.left(), place.center().y() - SWATCH // 2 + 1, SWATCH, SWATCH)
            self._paint_mark(painter, mark, swatch, theme)
            painter.setPen(theme.muted)
            painter.drawText(place.adjusted(SWATCH + SPACING // 2, 0, 0, 0), middle, text)

    @staticmethod
    def _paint_mark(painter: QPainter, mark: str, swatch: QRect, theme: Theme) -> None:
        if mark == "pad":
            pad_badge(painter, swatch, theme.pad)
        elif mark == "unknown":
            unknown_badge(painter, swatch, theme.unknown)
        else:
            colour = theme.touched if mark == "touched" else theme.moved
            outline(painter, swatch, colour, dashed=mark == "moved", width=2)

    def _claim_height(self) -> None:
        places = self._places(self.width())
        self.setFixedHeight(places[-1].bottom() + 1 if places else 0)

    def _places(self, width: int) -> list[QRect]:
        x = y = 0
        places = []
        for _, text in self._entries:
            wide = self._width(text)
            if x and x + wide - GAP > width:
                x, y = 0, y + self._line_height()
            places.append(QRect(x, y, wide, self._line_height()))
            x += wide
        return places

    def _width(self, text: str) -> int:
        return SWATCH + SPACING // 2 + self.fontMetrics().horizontalAdvance(text) + GAP

    def _line_height(self) -> int:
        return max(SWATCH, self.fontMetrics().height()) + 2
