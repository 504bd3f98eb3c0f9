"""The button that says how tokens are matched, with the three ways in its menu."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from core.search import SearchMode
from gui.session import Session


class SearchModeButton(QToolButton):
    """Shows the way in a word or two, and whole in its tip and to screen readers."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = session.search
        self.setObjectName("searchMode")
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._short: dict[SearchMode, str] = {
            "prefix": self.tr("begins with"),
            "plain": self.tr("contains"),
            "regex": self.tr("regex"),
        }
        names: dict[SearchMode, str] = {
            "prefix": self.tr("Tokens that begin with the text"),
            "plain": self.tr("Tokens with the text anywhere in them"),
            "regex": self.tr("Tokens that match a regular expression"),
        }
        menu = QMenu(self)
        menu.setObjectName("searchModes")
        group = QActionGroup(self)
        self._choices: dict[SearchMode, QAction] = {}
        for mode, name in names.items():
            choice = menu.addAction(name)
            choice.setCheckable(True)
            choice.setData(mode)
            group.addAction(choice)
            self._choices[mode] = choice
        group.triggered.connect(self._choose)
        self.setMenu(menu)
        self._search.changed.connect(self._show)
        self._show()

    @Slot(QAction)
    def _choose(self, choice: QAction) -> None:
        self._search.set_mode(choice.data())

    @Slot()
    def _show(self) -> None:
        mode = self._search.mode
        choice = self._choices[mode]
        choice.setChecked(True)
        self.setText(self._short[mode])
        self.setToolTip(choice.text())
        self.setAccessibleName(self.tr("How tokens are matched"))
        self.setAccessibleDescription(choice.text())
