"""What can be done with a list of tokens, or with what is picked."""

from typing import Protocol

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QWidget

from gui.panels.lists_model import Entry, chip
from gui.selection import How
from gui.session import Session
from gui.theme import theme_of


class Doer(Protocol):
    """What does it: the panel."""

    @property
    def entry(self) -> Entry:
        """The current line."""

    def keep(self) -> None:
        """Keep what is picked as a list."""

    def change_picked(self, how: How) -> None:
        """Pick the tokens of the list."""

    def show_only(self) -> None:
        """Show them alone."""

    def copy(self) -> None:
        """Copy them."""

    def save(self) -> None:
        """Save them."""

    def rename(self) -> None:
        """Give the list another name."""

    def remove(self) -> None:
        """Forget the list."""


class ListsMenu(QMenu):
    """Opens once; what is chosen is told to the panel by its name."""

    def __init__(self, session: Session, doer: Doer, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("listsMenu")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session, self._doer = session, doer
        entry = doer.entry
        kept, there = entry.number is not None, bool(entry.ids)
        if kept:
            self._add("pick", self.tr("Pick\tEnter"), there)
            self._add("add", self.tr("Add to what is picked\t+"), there)
            self._add("subtract", self.tr("Take away from what is picked\t−"), there)
        else:
            self._add("keep", self.tr("Keep as list"), there)
        self._add("only", self.tr("Show only these"), there)
        self.addSeparator()
        self._add("copy", self.tr("Copy tokens\tCtrl+C"), bool(entry.tokens))
        self._add("save", self.tr("Save tokens…"), bool(entry.tokens))
        if kept:
            self.addSeparator()
            self._add("rename", self.tr("Rename\tF2"))
            self._add_colours()
            self._add("remove", self.tr("Remove\tDelete"))
        self.triggered.connect(self._do)

    def _add(self, name: str, text: str, enabled: bool = True) -> None:
        action = self.addAction(text)
        action.setObjectName(name)
        action.setEnabled(enabled)

    def _add_colours(self) -> None:
        number = self._doer.entry.number
        menu = self.addMenu(self.tr("Colour"))
        for colour, shade in enumerate(theme_of(self).series):
            action = menu.addAction(self.tr("Colour {n}").format(n=colour + 1))
            action.setIcon(QIcon(chip(shade, self)))
            action.setObjectName("colour")
            action.setData(colour)
            action.setCheckable(True)
            action.setChecked(
                number is not None and self._session.lists.lists[number].colour == colour
            )

    @Slot(QAction)
    def _do(self, action: QAction) -> None:
        doer, number = self._doer, self._doer.entry.number
        match action.objectName():
            case "pick":
                doer.change_picked("replace")
            case "add" | "subtract" as how:
                doer.change_picked(how)
            case "keep":
                doer.keep()
            case "only":
                doer.show_only()
            case "copy":
                doer.copy()
            case "save":
                doer.save()
            case "rename":
                doer.rename()
            case "remove":
                doer.remove()
            case "colour" if number is not None:
                self._session.lists.recolour(number, action.data())
