"""Who gets a key that is both a command of the window and a key of the focused widget.

Space, ← and → are commands unless the focused widget has a use for them; with Ctrl the arrows are
commands always, as Ctrl+Enter is. Qt asks the focused widget first (ShortcutOverride), so the
answer is given there: the filter sits on that one widget only, for one on the application is called
for every event.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)

from gui.session import Session

_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
_USES_SPACE = (*_TEXT, QAbstractItemView, QAbstractButton, QComboBox, QMenu)
_USES_ARROWS = (*_TEXT, QAbstractItemView, QAbstractSlider, QTabBar, QMenu)
# Painted by hand, with a current card that the arrows move.
_USES_ARROWS_BY_NAME = ("tokenStrip", "spaceBars")
_USES_SPACE_BY_NAME = ("spaceBars", "findingCard")
_CONTROL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier
_ALWAYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Left, Qt.Key.Key_Right)
_SINGLE = (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right)


class KeyRouter(QObject):
    """Sits on the widget that has the focus and decides about the window's single keys."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer Qt's question whether `watched` wants a key for itself."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == _CONTROL and event.key() in _ALWAYS:
            event.ignore()
            return True
        if modifiers != _NONE or event.key() not in _SINGLE:
            return False
        if self.keeps(watched, Qt.Key(event.key())):
            event.accept()
        else:
            event.ignore()
        return True

    def keeps(self, widget: QObject, key: Qt.Key) -> bool:
        """Whether `widget` has a use of its own for Space or an arrow."""
        if widget.objectName() == "spaceView":
            return self._session.dimensions == 3 or bool(widget.property("keepsKeys"))
        if key == Qt.Key.Key_Space:
            return isinstance(widget, _USES_SPACE) or widget.objectName() in _USES_SPACE_BY_NAME
        return isinstance(widget, _USES_ARROWS) or widget.objectName() in _USES_ARROWS_BY_NAME
