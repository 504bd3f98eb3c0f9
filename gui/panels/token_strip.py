"""The typed line as a strip of token cards: one painted widget that draws only what is seen."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from gui.canvas.card_faces import CardFaces
from gui.canvas.token_card import PADDING, USUAL_NUMBER, CardMetrics, button_rect, paint_card
from gui.theme import theme_of

if TYPE_CHECKING:
    from core.vocabulary import Token
    from gui.session import Session

BETWEEN = 6  # pixels from card to card
USUAL_LINES = 4  # lines of numbers that the strip asks room for
FEWEST_ASKED = 3  # where the window is low
FEWEST_LINES = 2  # a number, and how many more there are; lower views scroll
_TO_MANY = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class TokenStrip(QAbstractScrollArea):
    """A card for each token of the session's line: its text, its id and its row as it is now."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._faces = CardFaces(session, self)
        self._metrics = CardMetrics.of(self.font())
        self._tokens: tuple[Token, ...] = ()
        self._rights: list[int] = []
        self._cut: dict[str, str] = {}  # tokens that are too long for a card, as they fit
        self._widest_number = USUAL_NUMBER
        self._current = 0
        self._button_under_mouse = -1
        self._scrolls = False
        self.setObjectName("tokenStrip")
        self.setAccessibleName(self.tr("Token cards"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        session.lineChanged.connect(self._take_line)
        session.vocabularyChanged.connect(self._take_line)
        session.frameShown.connect(self._take_frame)
        session.runStarted.connect(self._forget_widths)
        session.selectionChanged.connect(self._repaint)
        session.hoverChanged.connect(self._repaint)
        self._take_line()

    # ── what others ask ───────────────────────────────────────────────────────────────────────

    @property
    def current(self) -> int:
        """The index of the card that the keys act on."""
        return self._current

    def card_rect(self, index: int) -> QRectF:
        """Where card `index` is, in pixels of the viewport; it may lie outside of it."""
        left = self._left(index)
        x, y = left - self.horizontalScrollBar().value(), -self.verticalScrollBar().value()
        height = self._metrics.height(self._number_lines())
        return QRectF(x, y, self._rights[index] - left, height)

    def button_rect(self, index: int) -> QRectF:
        """Where the button of card `index`, if unknown, is, in pixels of the viewport."""
        return button_rect(self.card_rect(index), self._metrics)

    def index_at(self, place: QPointF) -> int:
        """The card under `place` in the viewport; −1 where there is none."""
        index = bisect_right(self._rights, place.x() + self.horizontalScrollBar().value())
        inside = index < len(self._rights) and self.card_rect(index).contains(place)
        return index if inside else -1

    def reveal_character(self, position: int) -> None:
        """Make the token at or after character `position` of the line current, and show it."""
        ends = [token.end for token in self._tokens]
        self._make_current(bisect_right(ends, position - 1))

    def sizeHint(self) -> QSize:
        """Room for a few cards with the usual lines of numbers, and for the bar if they scroll."""
        lines = min(USUAL_LINES, self._dimension())
        bar = self.horizontalScrollBar().sizeHint().height() if self._scrolls else 0
        return QSize(420, int(self._metrics.height(lines)) + bar + 4)

    def minimumSizeHint(self) -> QSize:
        """One card with nearly the usual lines: cut off, it would show half a vector."""
        spared = max(0, min(USUAL_LINES, self._dimension()) - FEWEST_ASKED)
        return QSize(160, self.sizeHint().height() - int(spared * self._metrics.line))

    # ── the session's news ────────────────────────────────────────────────────────────────────

    @Slot()
    def _take_line(self) -> None:
        self._tokens = self._session.line_tokens
        self._button_under_mouse = -1
        self._current = max(0, min(self._current, len(self._tokens) - 1))
        self._lay_out()
        self._take_frame()

    @Slot()
    def _take_frame(self) -> None:
        self._faces.read()
        self._make_room_for_numbers()
        self._describe_current()
        self.viewport().update()

    @Slot()
    def _forget_widths(self) -> None:
        self._widest_number = USUAL_NUMBER
        self._faces.forget_colours()
        self.updateGeometry()
        self._take_line()

    @Slot()
    def _repaint(self) -> None:
        self.viewport().update()

    # ── layout ────────────────────────────────────────────────────────────────────────────────

    def _lay_out(self) -> None:
        notes = (self._faces.touched_note(), self._faces.moved_note())
        shared = max(
            self._metrics.number_width(self._widest_number),
            *(self._metrics.plain_width(note) for note in notes),
        )
        button = self._metrics.plain_width(self._faces.button()) + 2 * PADDING
        widths: dict[str, int] = {}
        self._cut = {}
        for token in self._tokens:
            if token.text not in widths:
                written, cut = self._metrics.head(token.text)
                if cut != token.text:
                    self._cut[token.text] = cut
                id_line = self._metrics.plain_width(self._faces.id_line(token))
                head = written + PADDING + id_line
                foot = 0.0 if token.known else button
                widths[token.text] = int(2 * PADDING + max(shared, head, foot)) + 1
        self._rights = [
            right - BETWEEN
            for right in accumulate(widths[token.text] + BETWEEN for token in self._tokens)
        ]
        self._set_scroll_range()

    def _make_room_for_numbers(self) -> None:
        """Widen all cards where a number has become longer; they never narrow during a run."""
        count = self._number_lines()
        seen = {self._tokens[index].id for index in self._visible()}
        texts = [text for id in seen for text in self._faces.numbers(id, count)]
        longest = max((text.removeprefix("-") for text in texts), key=len, default="")
        if len(longest) > len(self._widest_number):
            self._widest_number = longest
            self._lay_out()

    def _set_scroll_range(self) -> None:
        bar = self.horizontalScrollBar()
        seen = self.viewport().width()
        beyond = max(0, self._rights[-1] - seen) if self._rights else 0
        bar.setRange(0, beyond)
        if self._scrolls != (beyond > 0):
            self._scrolls = beyond > 0
            self.updateGeometry()
        bar.setPageStep(seen)
        bar.setSingleStep(40)
        high = math.ceil(self._metrics.height(self._number_lines()))
        self.verticalScrollBar().setRange(0, max(0, high - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())

    def _left(self, index: int) -> int:
        return self._rights[index - 1] + BETWEEN if index else 0

    def _visible(self) -> range:
        start = self.horizontalScrollBar().value()
        last = bisect_right(self._rights, start + self.viewport().width())
        return range(bisect_right(self._rights, start), min(last + 1, len(self._rights)))

    def _dimension(self) -> int:
        return max(1, self._session.shown_config.table.embedding_dim)

    def _number_lines(self) -> int:
        fitting = self._metrics.number_lines(self.viewport().height())
        return min(max(fitting, FEWEST_LINES), self._dimension())

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cards that are in view."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = theme_of(self)
        visible = self._visible()
        if not visible:
            painter.setPen(theme.muted)
            hint = self.tr("Each word typed above gets a card: its id and its row of the table.")
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.viewport().rect()), flags, hint)
            return
        lines = self._number_lines()
        with_rows = [i for i in visible if self._faces.has_row(self._tokens[i])]
        pixels = self._strip_pixels(visible)
        image = self._faces.strip_image([self._tokens[i] for i in with_rows], pixels, theme)
        current = self._current if self.hasFocus() else -1
        lines_of_image = {index: line for line, index in enumerate(with_rows)}
        for index in visible:
            face = self._faces.face(self._tokens[index], lines)
            if face.token in self._cut:
                face = replace(face, token=self._cut[face.token])
            if index in (current, self._button_under_mouse):
                on_button = index == self._button_under_mouse
                face = replace(face, current=index == current, button_hovered=on_button)
            line = lines_of_image.get(index)
            strip = None if image is None or line is None else (image, line)
            paint_card(painter, self.card_rect(index), face, self._metrics, theme, strip)

    def _strip_pixels(self, visible: range) -> int:
        narrowest = min(self._rights[i] - self._left(i) for i in visible)
        return int((narrowest - 2 * PADDING) * self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bar and the numbers to the new size."""
        self._set_scroll_range()
        self._make_room_for_numbers()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Repaint at the new place; rows that come into view may hold longer numbers."""
        self._make_room_for_numbers()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the cards anew when the font changes."""
        if event.type() == QEvent.Type.FontChange:
            self._metrics = CardMetrics.of(self.font())
            self.updateGeometry()
            self._take_line()
        super().changeEvent(event)

    # ── mouse ─────────────────────────────────────────────────────────────────────────────────

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the token under the mouse everywhere."""
        index = self.index_at(event.position())
        on_button = index if self._is_on_button(index, event.position()) else -1
        if on_button != self._button_under_mouse:
            self._button_under_mouse = on_button
            self.viewport().update()
        shape = Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        self._hover(self._tokens[index].id if index >= 0 else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the token under the mouse, or add it to the sentences by its button."""
        index = self.index_at(event.position())
        if index < 0 or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._make_current(index)
        if self._is_on_button(index, event.position()):
            self._session.add_to_sentences(self._tokens[index].text)
        else:
            self._pick(index, to_many=bool(event.modifiers() & _TO_MANY))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click; the press did all there was to do."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways with any wheel."""
        turn = event.pixelDelta() if event.hasPixelDelta() else event.angleDelta()
        distance = turn.x() if abs(turn.x()) > abs(turn.y()) else turn.y()
        bar = self.horizontalScrollBar() if self.horizontalScrollBar().maximum() else None
        bar = bar or self.verticalScrollBar()
        bar.setValue(bar.value() - distance)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a card's tooltip; put the light out when the mouse leaves."""
        if isinstance(event, QHelpEvent):
            index = self.index_at(QPointF(event.pos()))
            text = ""
            if index >= 0:
                pixels = self._strip_pixels(range(index, index + 1))
                text = self._faces.tooltip(self._tokens[index], pixels)
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        if event.type() == QEvent.Type.Leave:
            self._button_under_mouse = -1
            self._hover(None)
            self.viewport().update()
        return super().viewportEvent(event)

    def _is_on_button(self, index: int, place: QPointF) -> bool:
        unknown = index >= 0 and not self._tokens[index].known
        return unknown and self.button_rect(index).contains(place)

    def _hover(self, id: int | None) -> None:
        if id != self._session.hovered:
            self._session.hover(id)

    def _pick(self, index: int, *, to_many: bool) -> None:
        id, picked = self._tokens[index].id, self._session.selection
        if not to_many:
            self._session.select((id,))
        elif id in picked:
            self._session.select(tuple(each for each in picked if each != id))
        else:
            self._session.select((*picked, id))

    # ── keys ──────────────────────────────────────────────────────────────────────────────────

    def event(self, event: QEvent) -> bool:
        """Claim the strip's own keys before they act as shortcuts of the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_own_key(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose a card; Enter picks it; A adds an unknown token."""
        if not self._is_own_key(event):
            super().keyPressEvent(event)
            return
        last = len(self._tokens) - 1
        match event.key():
            case Qt.Key.Key_Left:
                self._make_current(self._current - 1)
            case Qt.Key.Key_Right:
                self._make_current(self._current + 1)
            case Qt.Key.Key_Home:
                self._make_current(0)
            case Qt.Key.Key_End:
                self._make_current(last)
            case Qt.Key.Key_A:
                if not self._tokens[self._current].known:
                    self._session.add_to_sentences(self._tokens[self._current].text)
            case _:
                to_many = bool(event.modifiers() & _TO_MANY)
                self._pick(self._current, to_many=to_many)

    def _is_own_key(self, event: QKeyEvent) -> bool:
        if not self._tokens:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_A)
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return event.key() in keys and plain == Qt.KeyboardModifier.NoModifier

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which card the keys act on."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide which card the keys act on."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _make_current(self, index: int) -> None:
        if not self._tokens:
            return
        self._current = max(0, min(index, len(self._tokens) - 1))
        bar, left = self.horizontalScrollBar(), self._left(self._current)
        right = self._rights[self._current]
        seen = self.viewport().width()
        if left < bar.value() or right - left > seen:
            bar.setValue(left)
        elif right > bar.value() + seen:
            bar.setValue(right - seen)
        self._describe_current()
        self.viewport().update()

    def _describe_current(self) -> None:
        if not self._tokens:
            self.setAccessibleDescription(self.tr("No token is typed."))
            return
        self.setAccessibleDescription(self._faces.spoken(self._tokens[self._current]))
