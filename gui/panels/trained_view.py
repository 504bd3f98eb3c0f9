"""The examples of a step as chips that wrap like words; one painted widget, however many."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from gui.canvas.chip_painter import ChipMarks, ChipPainter
from gui.canvas.example_pieces import Examples, Piece
from gui.canvas.flow import Flow, Spaces
from gui.session import Session
from gui.theme import SPACING, theme_of

INSET = SPACING


class TrainedView(QAbstractScrollArea):
    """Chips can be hovered, clicked, and reached with the arrow keys."""

    movedOn = Signal()  # other examples, or another part of them, are in view

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainedView")
        self.setAccessibleName(self.tr("What the step trained on"))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self._session = session
        self._when_empty = ""
        self._examples: Examples | None = None
        self._most = 0
        self._pieces: list[Piece] = []
        self._current: int | None = None
        self._painter = self._new_painter()
        self._lay_out()
        session.selectionChanged.connect(self.viewport().update)
        session.hoverChanged.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(self.movedOn)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    def show_examples(self, examples: Examples | None, most: int, when_empty: str) -> None:
        """Show the first `most` of other examples; nothing is kept of those before.

        Where there are none, say `when_empty`.
        """
        self._examples, self._most = examples, most
        self._when_empty = when_empty
        self.setAccessibleDescription("" if examples else when_empty)
        self._current = None
        self._lay_out()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is drawn, in reading order."""
        return tuple(self._pieces)

    @property
    def left_out(self) -> int:
        """How many examples are not drawn at all."""
        return 0 if self._examples is None else max(len(self._examples) - self._most, 0)

    @property
    def below(self) -> int:
        """How many drawn examples are below what can be seen."""
        return self._flow.groups_below(self._offset() + self.viewport().height() - INSET)

    def rect_of(self, piece: int) -> QRect:
        """Where a piece stands in the viewport."""
        return self._flow.rect(piece).translated(INSET, INSET - self._offset())

    def _lay_out(self) -> None:
        examples = self._examples
        count = 0 if examples is None else min(len(examples), self._most)
        groups = [examples.pieces(number) for number in range(count)] if examples else []
        self._painter.unk_id = self._session.vocabulary.unk_id
        self._pieces = [piece for group in groups for piece in group]
        self._flow = Flow(
            [[self._painter.sized(piece) for piece in group] for group in groups],
            Spaces(
                width=max(self.viewport().width() - 2 * INSET, 1),
                line=self._painter.height,
                between_pieces=SPACING // 2,
                between_groups=3 * SPACING,
                between_lines=SPACING - 2,
            ),
        )
        self._set_range()
        self.viewport().update()
        self.movedOn.emit()

    def _new_painter(self) -> ChipPainter:
        return ChipPainter(theme_of(self), self.font(), self._session.vocabulary.unk_id)

    def _set_range(self) -> None:
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(self._flow.height + 2 * INSET - seen, 0))
        bar.setPageStep(seen)
        bar.setSingleStep(self._painter.height)

    def _offset(self) -> int:
        return self.verticalScrollBar().value()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._painter = self._new_painter()
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._examples is None:
            painter.setPen(theme_of(self).muted)
            room = self.viewport().rect().adjusted(INSET, INSET, -INSET, -INSET)
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, wrapped, self._when_empty)
            return
        top = event.rect().top() + self._offset() - INSET
        selection, hovered = set(self._session.selection), self._session.hovered
        for number in self._flow.between(top, top + event.rect().height()):
            piece = self._pieces[number]
            marks = ChipMarks(
                picked=piece.id in selection,
                hovered=piece.id is not None and piece.id == hovered,
                current=number == self._current and self.hasFocus(),
            )
            self._painter.paint(painter, self.rect_of(number), piece, marks)

    # ── mouse and keys ────────────────────────────────────────────────────────────────────────

    def _at(self, place: QPoint) -> Piece | None:
        number = self._flow.at(place + QPoint(-INSET, self._offset() - INSET))
        return None if number is None else self._pieces[number]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        piece = self._at(event.position().toPoint())
        self._session.hover(None if piece is None else piece.id)

    def leaveEvent(self, event: QEvent) -> None:
        self._session.hover(None)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        piece = self._at(event.position().toPoint())
        if piece is not None and piece.id is not None:
            add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self._pick(piece.id, add=add)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            piece = self._at(event.pos())
            QToolTip.showText(event.globalPos(), self._told(piece) if piece else "")
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._move(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current is not None:
            id = self._pieces[self._current].id
            if id is not None:
                self._pick(id, add=False)
        else:
            super().keyPressEvent(event)

    def _move(self, direction: int) -> None:
        """Make the next chip that stands for a row the current one."""
        start = -1 if self._current is None else self._current
        places = range(start + 1, len(self._pieces)) if direction > 0 else range(start - 1, -1, -1)
        for place in places:
            if self._pieces[place].id is not None:
                self._current = place
                self.setAccessibleDescription(self._told(self._pieces[place]))
                self._scroll_to(place)
                self.viewport().update()
                return

    def _scroll_to(self, place: int) -> None:
        rect, bar, seen = self.rect_of(place), self.verticalScrollBar(), self.viewport().height()
        if rect.top() < INSET:
            bar.setValue(bar.value() + rect.top() - INSET)
        elif rect.bottom() > seen - INSET:
            bar.setValue(bar.value() + rect.bottom() - seen + INSET)

    def _pick(self, id: int, *, add: bool) -> None:
        others = tuple(other for other in self._session.selection if other != id)
        if not add:
            self._session.select((id,))
        elif id in self._session.selection:
            self._session.select(others)
        else:
            self._session.select((*others, id))

    def _told(self, piece: Piece) -> str:
        """A piece in words, for a tip and for screen readers."""
        words = {
            "input": self.tr("{token}, id {id}: looked up"),
            "pad": self.tr("pad, id {id}: fills the sentence up to the longest"),
            "target": self.tr("{token}, id {id}: to be predicted"),
            "negative": self.tr("{token}, id {id}: a negative, to be told from the neighbour"),
            "label": self.tr("{token}: the label to be predicted"),
            "arrow": "",
        }
        return words[piece.kind].format(token=piece.text, id=piece.id)
