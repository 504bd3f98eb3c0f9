"""The labels that panels have alike: a title, and words that stand where there is nothing yet."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy


def title_label(name: str) -> QLabel:
    """One in bold, for plain text only: a token may look like markup."""
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def token_title_label(name: str) -> QLabel:
    """A title that names a token, which may be long: it makes no panel wider."""
    label = title_label(name)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


def waiting_label(name: str, text: str = "") -> QLabel:
    """One in muted type, in the middle: what to do, or what will come, until there is something."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
