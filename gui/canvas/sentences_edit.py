"""A plain text editor whose undo belongs to the document, and that lets dropped files through."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
    QUndoStack,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

PARAGRAPH = "\u2029"  # what Qt keeps at the end of a line


class SentencesEdit(QPlainTextEdit):
    """An editor without an undo of its own: its undo keys act on `undo_stack`.

    `edited` tells of a change by the user, never of `show_text`; `left` comes before anything
    that must see all that was typed: the loss of focus, and undo.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, undo_stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._undo_stack = undo_stack
        self._showing = False
        self.setUndoRedoEnabled(False)
        self.textChanged.connect(self._tell)

    def text(self) -> str:
        """The text, to the character: `toPlainText` would turn hard spaces into soft ones."""
        return self.document().toRawText().replace(PARAGRAPH, "\n")

    def show_text(self, text: str) -> None:
        """Show `text`; where just a part of it is new, with the cursor there, else from its top."""
        self._showing = True
        prefix, old, new = difference(self.text(), _lines(text))
        # Two texts that have nothing to do with each other may still begin or end alike.
        if 2 * old >= self.document().characterCount() - 1:  # Qt counts a last line end
            self.setPlainText(text)
        else:
            cursor = QTextCursor(self.document())
            cursor.setPosition(prefix)
            cursor.setPosition(prefix + old, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(new)
            self.setTextCursor(cursor)
        self._showing = False

    def set_tab_width(self, characters: int) -> None:
        """Let text after a tab begin at this column at least, so that labels have one."""
        width = self.fontMetrics().averageCharWidth()
        self.setTabStopDistance(float(max(characters, 4) * width))

    @Slot()
    def _tell(self) -> None:
        if not self._showing:
            self.edited.emit()

    # ── keys, menu, focus and drops ───────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo act on the document; Esc leaves; Shift+Enter is Enter."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.left.emit()
            self._undo_stack.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.left.emit()
            self._undo_stack.redo()
        elif event.key() == Qt.Key.Key_Escape:
            self.focusNextChild()
        elif event.matches(QKeySequence.StandardKey.InsertLineSeparator):
            self.textCursor().insertBlock()  # a line that is none would not be a sentence
            self.ensureCursorVisible()
        else:
            if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.setTabChangesFocus(False)
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab passes through; it goes into the text (between label and sentence) once one types."""
        super().focusInEvent(event)
        by_tab = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.setTabChangesFocus(event.reason() in by_tab)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Who clicks in the text is there to write."""
        self.setTabChangesFocus(False)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the document's undo in place of the editor's, which is off."""
        self.left.emit()
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in menu.actions():
            if action.objectName() in ("edit-undo", "edit-redo"):
                menu.removeAction(action)
        first = menu.actions()[0]
        menu.insertAction(first, self._undo_stack.createUndoAction(menu))
        menu.insertAction(first, self._undo_stack.createRedoAction(menu))
        menu.popup(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the user has gone on to something else."""
        super().focusOutEvent(event)
        self.left.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files through to the window: a file manager also sends their names as text."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)


def _lines(text: str) -> str:
    """`text` with the line ends that the editor gives back."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace(PARAGRAPH, "\n")


def difference(old: str, new: str) -> tuple[int, int, str]:
    """Where `new` differs from `old`, in UTF-16 units, as Qt counts.

    Gives how many units stay at the beginning, how many then go, and the text that comes there.
    """
    before, after = (np.frombuffer(_units(text), np.uint16) for text in (old, new))
    room = min(len(before), len(after))
    prefix = _equal(before[:room], after[:room])
    room -= prefix
    ends = (units[len(units) - room :][::-1] for units in (before, after))
    suffix = _equal(*ends)
    if prefix and _is_high(before[prefix - 1]):  # never between the halves of one character
        prefix -= 1
    if suffix and _is_low(before[len(before) - suffix]):
        suffix -= 1
    middle = after[prefix : len(after) - suffix].tobytes()
    return prefix, len(before) - suffix - prefix, middle.decode("utf-16-le", "surrogatepass")


def _units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _equal(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> int:
    """How many units at the beginning of both, which are equally long, are the same."""
    differ = np.flatnonzero(one != other)
    return int(differ[0]) if len(differ) else len(one)


def _is_high(unit: int) -> bool:
    return 0xD800 <= unit < 0xDC00


def _is_low(unit: int) -> bool:
    return 0xDC00 <= unit < 0xE000
