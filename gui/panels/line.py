"""The line that a person types, over the cards of its tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.panels.token_strip import TokenStrip
from gui.theme import SPACING

if TYPE_CHECKING:
    from gui.session import Session


class LineEdit(QLineEdit):
    """A field for one line of text; dropped files are the window's affair."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let files through: a file manager also sends their names as text."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)


class LinePanel(QWidget):
    """A field for one line and a strip of token cards that follows each key."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("linePanel")
        self._session = session
        self._edit = LineEdit(session.line, self)
        self._edit.setObjectName("lineEdit")
        self._edit.setAccessibleName(self.tr("Line to look up"))
        self._edit.setPlaceholderText(self.tr("Type words to see their ids and rows"))
        self._edit.setClearButtonEnabled(True)
        self._strip = TokenStrip(session, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING // 2, SPACING, 0)
        layout.setSpacing(SPACING // 2)
        layout.addWidget(self._edit)
        layout.addWidget(self._strip, 1)
        self._edit.textEdited.connect(self._send)
        self._edit.cursorPositionChanged.connect(self._reveal)
        session.lineChanged.connect(self._take)

    @Slot(str)
    def _send(self, text: str) -> None:
        self._session.set_line(text)

    @Slot()
    def _take(self) -> None:
        line = self._session.line
        if self._edit.text() != line:
            self._edit.setText(line)
            self._edit.home(False)  # shows the first card, where the end would show the last

    @Slot(int, int)
    def _reveal(self, _old: int, position: int) -> None:
        self._strip.reveal_character(_characters(self._edit.text(), position))


def _characters(text: str, position: int) -> int:
    """How many characters lie before `position`, which Qt counts in UTF-16 units."""
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * position]
    return len(before.decode("utf-16-le", "ignore"))
