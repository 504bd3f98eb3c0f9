"""Python to read: numbered, coloured by its grammar, the lines in play lit, with notes beside."""

from functools import cache
from typing import TYPE_CHECKING

from pygments.token import Comment, Keyword, Name, Number, String
from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from gui.theme import SPACING, Theme, mix, theme_of

if TYPE_CHECKING:
    from pygments.lexers.python import PythonLexer


class CodeView(QPlainTextEdit):
    """Read-only; text can be picked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF())
        self.setFont(fixed)
        self._lit: tuple[int, ...] = ()
        self._notes: dict[int, str] = {}
        self._colours = _Colours(self.document(), theme_of(self))

    def show_code(self, text: str) -> None:
        """Show `text`, at the place that was looked at before."""
        if text == self.toPlainText():
            return
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self.setPlainText(text)
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)

    def light(self, lines: tuple[int, ...], notes: dict[int, str]) -> None:
        """Light up `lines`, from 0, and write `notes` behind their lines."""
        if (lines, notes) == (self._lit, self._notes):
            return
        self._lit, self._notes = lines, notes
        self._show_lit()
        self.viewport().update()

    def _show_lit(self) -> None:
        theme = theme_of(self)
        marks = []
        for line in self._lit:
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(mix(theme.surface, theme.accent, 0.16))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            cursor = QTextCursor(self.document().findBlockByNumber(line))
            mark.cursor = cursor
            marks.append(mark)
        self.setExtraSelections(marks)

    def show_line(self, line: int) -> None:
        """Scroll so that `line` is in the middle."""
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line)))
        self.centerCursor()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._notes:
            return
        painter, theme = QPainter(self.viewport()), theme_of(self)
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        block = self.firstVisibleBlock()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > event.rect().bottom():
                break
            note = self._notes.get(block.blockNumber())
            if note:
                self._write(painter, metrics, block, box, note, theme)
            block = block.next()

    def _write(
        self,
        painter: QPainter,
        metrics: QFontMetrics,
        block: QTextBlock,
        box: QRectF,
        note: str,
        theme: Theme,
    ) -> None:
        left = box.left() + metrics.horizontalAdvance(block.text()) + 3 * SPACING
        painter.setPen(theme.accent)
        place = QRectF(left, box.top(), 4000, box.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"◂ {note}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours.use(theme_of(self))
            self._show_lit()


class _Colours(QSyntaxHighlighter):
    """Colours a whole document at once by pygments, since strings go over lines."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._text = ""
        self._lines: list[list[tuple[int, int, QColor]]] = []

    def use(self, theme: Theme) -> None:
        """Colour in another theme."""
        if theme is not self._theme:
            self._theme, self._text = theme, ""
            self.rehighlight()

    def highlightBlock(self, _text: str) -> None:
        whole = self.document().toPlainText()
        if whole != self._text:
            self._text, self._lines = whole, _coloured(whole, self._theme)
        number = self.currentBlock().blockNumber()
        if number >= len(self._lines):
            return
        for start, length, colour in self._lines[number]:
            look = QTextCharFormat()
            look.setForeground(colour)
            self.setFormat(start, length, look)


def _coloured(text: str, theme: Theme) -> list[list[tuple[int, int, QColor]]]:
    """For each line the (start, length, colour) of its coloured pieces."""
    lines: list[list[tuple[int, int, QColor]]] = [[]]
    column = 0
    for kind, value in _lexer().get_tokens(text):
        colour = _colour(kind, theme)
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if piece and colour is not None:
                lines[-1].append((column, len(piece), colour))
            column += len(piece)
    return lines


def _colour(kind: tuple[str, ...], theme: Theme) -> QColor | None:
    for kinds, colour in (
        ((Comment,), theme.muted),
        ((String,), theme.positive),
        ((Number,), theme.moved),
        ((Keyword, Name.Builtin), theme.accent),
    ):
        if any(kind in each for each in kinds):
            return colour
    return None


@cache
def _lexer() -> "PythonLexer":
    # Here, for the window to be on screen sooner.
    from pygments.lexers.python import PythonLexer

    return PythonLexer(ensurenl=False, stripnl=False)
