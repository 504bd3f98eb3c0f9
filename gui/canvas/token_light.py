"""Tokens lit in the editor of the sentences: only those in view are ever worked out."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, Slot
from PySide6.QtGui import QTextBlock, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from gui.canvas.sentences_edit import SentencesEdit
from gui.theme import mix, theme_of

Spans = Callable[[str], list[tuple[int, int]]]
"""Where the tokens of a line are, and last where its sentence is."""

ABOVE = 2  # lines that are left above the one that is looked at
SHARE = 0.3  # of the accent colour


class TokenLight(QObject):
    """Marks tokens by the number of their sentence and their position in it, both from 0.

    Sentences are the lines that are not blank. A position behind the last token marks the whole
    sentence.
    """

    def __init__(self, edit: SentencesEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._lines = np.zeros(0, np.int64)  # of the cells, ascending
        self._positions = np.zeros(0, np.int64)
        self._at = 0
        self._spans: Spans = lambda _line: []
        self._seen: tuple[int, int] | None = None
        edit.updateRequest.connect(self._follow)
        edit.installEventFilter(self)

    def light(self, cells: NDArray[np.int64], at: int, spans: Spans) -> None:
        """Light up `cells` (n, 2), in the order of the text, and scroll to the one at `at`."""
        lines = self._edit.text().split("\n") if len(cells) else []
        filled = np.array([number for number, line in enumerate(lines) if line.strip()], np.int64)
        shown = cells[:, 0] < len(filled)  # a long text is shown in part
        self._lines = filled[cells[shown, 0]]
        self._positions = cells[shown, 1]
        self._at, self._spans = at if shown[at : at + 1].any() else -1, spans
        if self._at >= 0:
            self._scroll_to(int(self._lines[self._at]))
        self._show()

    def put_out(self) -> None:
        """Light nothing."""
        self.light(np.zeros((0, 2), np.int64), 0, lambda _line: [])

    @Slot()
    def _follow(self) -> None:
        if len(self._lines) and self._in_view() != self._seen:
            self._show()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._show()
        return False

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    def _in_view(self) -> tuple[int, int]:
        """The first and the last line in view."""
        room = self._edit.viewport().rect()
        last = self._edit.cursorForPosition(QPoint(0, room.bottom())).blockNumber()
        return self._edit.cursorForPosition(QPoint(0, 0)).blockNumber(), last

    def _scroll_to(self, line: int) -> None:
        block = self._edit.document().findBlockByNumber(line)
        first, last = self._in_view()
        if not first <= line < max(last, first + 1):
            self._edit.verticalScrollBar().setValue(max(0, block.firstLineNumber() - ABOVE))

    def _show(self) -> None:
        self._seen = first, last = self._in_view()
        begin, end = np.searchsorted(self._lines, (first, last + 1)).tolist()
        marks, spans, known = [], [], -1
        for index in range(begin, end):
            line = int(self._lines[index])
            block = self._edit.document().findBlockByNumber(line)
            if line != known:
                spans, known = self._spans(block.text()), line
            if spans:
                position = min(int(self._positions[index]), len(spans) - 1)
                marks.append(self._mark(block, spans[position], looked_at=index == self._at))
        if marks or self._edit.extraSelections():
            self._edit.setExtraSelections(marks)

    def _mark(
        self, block: QTextBlock, span: tuple[int, int], *, looked_at: bool
    ) -> QTextEdit.ExtraSelection:
        theme, text = theme_of(self._edit), block.text()
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + _units(text[: span[0]]))
        end = block.position() + _units(text[: span[1]])
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(theme.accent if looked_at else mix(theme.surface, theme.accent, SHARE))
        look.setForeground(theme.on_accent if looked_at else theme.text)
        look.setFontUnderline(True)
        mark.cursor, mark.format = cursor, look
        return mark


def _units(text: str) -> int:
    """The length of `text` in UTF-16 units, as Qt counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
