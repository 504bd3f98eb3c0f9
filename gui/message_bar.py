"""A strip across the window that says what went wrong and stays until it is closed or solved.

Not a box over the window: what was open can be looked at, and gone on with, while it is read.
"""

from typing import NamedTuple

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui.small_label import SmallLabel
from gui.theme import SPACING, theme_of

MOST = 5  # messages that are kept until somebody closes them


class _Message(NamedTuple):
    text: str
    source: str


class MessageBar(QWidget):
    """Shows the newest message, and those before it as it goes; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._messages: list[_Message] = []  # the newest at the end
        self._text = QLabel()
        self._text.setObjectName("messageText")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setAccessibleName(self.tr("Message"))
        self._more = SmallLabel("messageMore", self)
        self._more.setWordWrap(False)
        self._more.setToolTip(self.tr("Close this message to read the one before it"))
        close = QToolButton()
        close.setObjectName("messageCloseButton")
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the message"))
        close.setToolTip(self.tr("Close this message (Escape)"))
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING + 4, SPACING // 2, SPACING, SPACING // 2)
        row.addWidget(self._text, 1)
        end = QHBoxLayout()
        end.setSpacing(SPACING)
        end.addWidget(self._more)
        end.addWidget(close)
        row.addLayout(end)
        row.setAlignment(end, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def text(self) -> str:
        """The message on screen; empty while there is none."""
        return self._text.text()

    def show_message(self, text: str, source: str = "") -> None:
        """Show `text`, in the place of what came from the same `source`.

        The source says what the message is about, for `solve`; what has none stands for itself.
        """
        self._forget(source)
        message = _Message(text, source)
        others = [each for each in self._messages if each != message]
        self._messages = [*others, message][-MOST:]
        self._show()

    def solve(self, source: str) -> None:
        """Take the message away that came from `source`."""
        self._forget(source)
        self._show()

    @Slot()
    def dismiss(self) -> None:
        """Take the message away that is on screen."""
        del self._messages[-1:]
        self._show()

    def _forget(self, source: str) -> None:
        if source:
            self._messages = [each for each in self._messages if each.source != source]

    def _show(self) -> None:
        text = self._messages[-1].text if self._messages else ""
        more = len(self._messages) - 1
        self._text.setText(text)
        self._text.setAccessibleDescription(text)
        self._more.setText(self.tr("{n} more").format(n=more))
        self._more.setVisible(more > 0)
        self.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the message."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground by hand: a style sheet would keep the font and palette of before."""
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setPen(theme.line)
        painter.setBrush(theme.surface)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.fillRect(QRect(0, 0, SPACING // 2, self.height()), theme.warning)
        painter.end()
