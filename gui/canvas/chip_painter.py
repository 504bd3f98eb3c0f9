"""How a token looks as a chip: pads hatched, unknowns dashed, negatives behind a ×."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPen

from gui.canvas.example_pieces import Piece
from gui.canvas.flow import Sized
from gui.theme import Theme, mix

PADDING = 7
HATCHED_WIDTH = 16
MOST_WIDTHS = 20_000  # kept; measuring a text takes longer than placing it
ROUND = 4.0
WIDEST = 240


@dataclass(frozen=True)
class ChipMarks:
    """What a chip has besides its token."""

    picked: bool = False
    hovered: bool = False
    current: bool = False


class ChipPainter:
    """Measures and paints chips in one theme and font."""

    def __init__(self, theme: Theme, font: QFont, unk_id: int | None) -> None:
        self._theme, self._font, self.unk_id = theme, font, unk_id
        self._metrics = QFontMetrics(font)
        self._widths: dict[str, int] = {}
        self.height = self._metrics.height() + 4

    def sized(self, piece: Piece) -> Sized:
        """How `piece` is placed: an arrow never ends a line."""
        return Sized(self.width(piece), glued=piece.kind == "arrow")

    def width(self, piece: Piece) -> int:
        """How wide `piece` is drawn, in pixels; a very long token is elided."""
        if piece.kind == "pad":
            return HATCHED_WIDTH
        text = _text(piece)
        width = self._widths.get(text)
        if width is None:
            if len(self._widths) >= MOST_WIDTHS:
                self._widths.clear()
            width = self._widths[text] = min(self._metrics.horizontalAdvance(text), WIDEST)
        return width if piece.kind == "arrow" else width + 2 * PADDING

    def paint(self, painter: QPainter, rect: QRect, piece: Piece, marks: ChipMarks) -> None:
        """Draw `piece` into `rect`."""
        if piece.kind == "arrow":
            painter.setPen(self._theme.muted)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, piece.text)
            return
        painter.setPen(self._border(piece, marks))
        painter.setBrush(self._fill(piece, marks))
        radius = rect.height() / 2 if piece.kind == "label" else ROUND
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if marks.current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.text, 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(QRectF(rect).adjusted(2.5, 2.5, -2.5, -2.5), 2, 2)
        painter.setPen(self._ink(piece))
        painter.setFont(self._font)
        room = rect.width() - 2 * PADDING + 1
        text = self._metrics.elidedText(_text(piece), Qt.TextElideMode.ElideRight, room)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _border(self, piece: Piece, marks: ChipMarks) -> QPen:
        if marks.picked or marks.hovered:
            return QPen(self._theme.accent, 2.0 if marks.picked else 1.5)
        if piece.id is not None and piece.id == self.unk_id:
            return QPen(self._theme.unknown, 1, Qt.PenStyle.DashLine)
        if piece.kind == "pad":
            return QPen(self._theme.pad, 1)
        return QPen(self._theme.line, 1)

    def _fill(self, piece: Piece, marks: ChipMarks) -> QBrush:
        theme = self._theme
        if piece.kind == "pad":
            return QBrush(theme.pad, Qt.BrushStyle.BDiagPattern)
        if marks.picked:
            return QBrush(mix(theme.raised, theme.accent, 0.18))
        if piece.kind in ("target", "label"):
            return QBrush(mix(theme.raised, theme.accent, 0.08))
        return QBrush(theme.raised)

    def _ink(self, piece: Piece) -> QColor:
        if piece.id is not None and piece.id == self.unk_id:
            return self._theme.unknown
        return self._theme.muted if piece.kind == "negative" else self._theme.text


def _text(piece: Piece) -> str:
    return f"× {piece.text}" if piece.kind == "negative" else piece.text
