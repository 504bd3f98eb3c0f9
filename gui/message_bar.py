"""A strip across the window that says what went wrong and stays until it is closed or solved.

Not a box over the window: what was open can be looked at, and gone on with, while it is read.
"""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui.theme import SPACING, theme_of


class MessageBar(QFrame):
    """Shows the newest message; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._source = ""
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
        close = QToolButton()
        close.setObjectName("messageCloseButton")
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close the message"))
        close.setToolTip(self.tr("Close this message (Escape)"))
        close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING + 4, SPACING // 2, SPACING, SPACING // 2)
        row.addWidget(self._text, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self._paint_theme()
        self.hide()

    @property
    def text(self) -> str:
        """The message on screen; empty while there is none."""
        return self._text.text()

    def show_message(self, text: str, source: str = "") -> None:
        """Show `text`; `source` says what would solve it, see `solve`."""
        self._text.setText(text)
        self._text.setAccessibleDescription(text)
        self._source = source
        self.show()

    def solve(self, source: str) -> None:
        """Take the message away if it came from `source`."""
        if source == self._source:
            self.dismiss()

    @Slot()
    def dismiss(self) -> None:
        """Take the message away."""
        self._text.clear()
        self._source = ""
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the message."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._paint_theme()

    def _paint_theme(self) -> None:
        theme = theme_of(self)
        sheet = (
            f"#messageBar {{ background: {theme.surface.name()};"
            f" border: 1px solid {theme.line.name()};"
            f" border-left: 4px solid {theme.warning.name()}; border-radius: 3px; }}"
        )
        # Setting a style sheet makes a PaletteChange of its own.
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
