"""How one token card is measured and painted: token, id, strip of colour, numbers, note.

Cards are painted, not made of widgets: a line of 200 tokens has to appear as fast as a key.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from gui.canvas.shapes import draw_cells
from gui.theme import Theme, mix, number_font

PADDING = 8.0
STRIP_HEIGHT = 12.0
GAP = 4.0
WIDEST_TOKEN = 13.0  # line heights; a longer token is cut with "…", its tooltip has all of it
USUAL_NUMBER = "0.12345678"  # what a trained float32 looks like: cards keep room for it


@dataclass(frozen=True)
class CardMetrics:
    """The fonts of a card and what they measure, in pixels."""

    plain: QFont
    bold: QFont
    figures: QFont
    line: float
    ascent: float
    minus: float

    @classmethod
    def of(cls, font: QFont) -> "CardMetrics":
        """The metrics of cards in a widget whose font is `font`."""
        bold = QFont(font)
        bold.setBold(True)
        figures = number_font(font)
        sizes = [QFontMetricsF(each) for each in (font, bold, figures)]
        return cls(
            plain=font,
            bold=bold,
            figures=figures,
            line=max(size.height() for size in sizes),
            ascent=max(size.ascent() for size in sizes),
            minus=sizes[2].horizontalAdvance("-"),
        )

    def height(self, number_lines: int) -> float:
        """How high a card with `number_lines` lines of numbers is."""
        lines = 2 + number_lines  # token and id, numbers, note
        return 2 * PADDING + lines * self.line + STRIP_HEIGHT + 3 * GAP

    def number_lines(self, height: float) -> int:
        """How many lines of numbers fit into a card of `height`; may be none or less."""
        return int((height - self.height(0)) // self.line)

    def number_width(self, text: str) -> float:
        """The room that the number `text`, without its sign, needs with a place for one."""
        return self.minus + QFontMetricsF(self.figures).horizontalAdvance(text)

    def head(self, token: str) -> tuple[float, str]:
        """The width of `token` at the head of its card, and how it is written there."""
        metrics = QFontMetricsF(self.bold)
        written = " ".join(token.splitlines())
        width = metrics.horizontalAdvance(written)
        widest = WIDEST_TOKEN * self.line
        if width <= widest:
            return width, written
        return widest, metrics.elidedText(written, Qt.TextElideMode.ElideRight, widest)

    def plain_width(self, text: str) -> float:
        """The room that `text` needs on one of the card's other lines."""
        return QFontMetricsF(self.plain).horizontalAdvance(text)


@dataclass(frozen=True)
class CardFace:
    """What stands on one card. `lines` are the numbers, or a word on why there are none."""

    token: str
    id_line: str
    lines: tuple[str, ...]
    more: str = ""  # the last line, where not all numbers fit
    note: str = ""
    button: str = ""
    unknown: bool = False
    pad: bool = False
    touched: bool = False
    moved: bool = False
    picked: bool = False
    hovered: bool = False
    current: bool = False
    button_hovered: bool = False


def button_rect(card: QRectF, metrics: CardMetrics) -> QRectF:
    """Where the button of a card that occupies `card` is."""
    height = metrics.line + 2
    bottom = card.bottom() - PADDING + 3
    return QRectF(card.left() + PADDING, bottom - height, card.width() - 2 * PADDING, height)


def paint_card(
    painter: QPainter,
    card: QRectF,
    face: CardFace,
    metrics: CardMetrics,
    theme: Theme,
    strip: tuple[QImage, int] | None,
) -> None:
    """Paint `face` into `card`; `strip` is an image and which of its rows is this card's."""
    _paint_ground(painter, card, face, metrics, theme)
    left = card.left() + PADDING
    top = card.top() + PADDING
    painter.setFont(metrics.bold)
    painter.setPen(theme.on_accent if face.picked else theme.text)
    painter.drawText(QPointF(left, top + metrics.ascent), face.token)
    painter.setFont(metrics.plain)
    if not face.picked:
        painter.setPen(theme.unknown if face.unknown else theme.muted)
    right = card.right() - PADDING - metrics.plain_width(face.id_line)
    painter.drawText(QPointF(right, top + metrics.ascent), face.id_line)
    top += metrics.line + GAP
    if strip is not None:
        box = QRectF(left, top + 1, card.width() - 2 * PADDING, STRIP_HEIGHT)
        _paint_strip(painter, box, strip, face.pad, theme)
    _paint_numbers(painter, QPointF(left, top + STRIP_HEIGHT + GAP), face, metrics, theme)
    _paint_foot(painter, card, face, metrics, theme)


def _paint_ground(
    painter: QPainter, card: QRectF, face: CardFace, metrics: CardMetrics, theme: Theme
) -> None:
    ground = mix(theme.raised, theme.accent, 0.14) if face.hovered else theme.raised
    colour, width, style = _outline(face, theme)
    painter.setPen(QPen(colour, width, style))
    painter.setBrush(ground)
    inset = width / 2
    painter.drawRoundedRect(card.adjusted(inset, inset, -inset, -inset), 4, 4)
    if face.picked:
        head = QRectF(card.left(), card.top(), card.width(), PADDING + metrics.line + GAP / 2)
        painter.fillRect(head.adjusted(width, width, -width, 0), theme.accent)
    if face.current:
        painter.setPen(QPen(theme.text, 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(card.adjusted(3.5, 3.5, -3.5, -3.5))


def _outline(face: CardFace, theme: Theme) -> tuple[QColor, float, Qt.PenStyle]:
    if face.touched:
        return theme.touched, 2, Qt.PenStyle.SolidLine
    if face.moved:
        return theme.moved, 2, Qt.PenStyle.DashLine
    if face.picked:
        return theme.accent, 2, Qt.PenStyle.SolidLine
    return theme.line, 1, Qt.PenStyle.SolidLine


def _paint_strip(
    painter: QPainter, box: QRectF, strip: tuple[QImage, int], pad: bool, theme: Theme
) -> None:
    image, row = strip
    draw_cells(painter, box, image, row)
    if pad:
        painter.fillRect(box, QBrush(theme.pad, Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(theme.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _paint_numbers(
    painter: QPainter, place: QPointF, face: CardFace, metrics: CardMetrics, theme: Theme
) -> None:
    painter.setFont(metrics.figures)
    painter.setPen(theme.text)
    baseline = place.y() + metrics.ascent
    for line in face.lines:
        # The sign hangs to the left, so that the figures of all lines stand in columns.
        left = place.x() + (0 if line.startswith("-") else metrics.minus)
        painter.drawText(QPointF(left, baseline), line)
        baseline += metrics.line
    if face.more:
        painter.setFont(metrics.plain)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(place.x() + metrics.minus, baseline), face.more)


def _paint_foot(
    painter: QPainter, card: QRectF, face: CardFace, metrics: CardMetrics, theme: Theme
) -> None:
    painter.setFont(metrics.plain)
    if face.button:
        box = button_rect(card, metrics)
        painter.setPen(QPen(theme.accent, 1))
        painter.setBrush(theme.accent if face.button_hovered else theme.surface)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.on_accent if face.button_hovered else theme.accent)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, face.button)
        return
    painter.setPen(theme.touched if face.touched else theme.moved if face.moved else theme.muted)
    baseline = card.bottom() - PADDING - metrics.line + metrics.ascent
    painter.drawText(QPointF(card.left() + PADDING, baseline), face.note)
