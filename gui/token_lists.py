"""The lists of tokens that somebody keeps: named, coloured, and the same under any numbering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from gui.session_sides import WithWords
from gui.shown_only import Ids, ids_of
from gui.undo import ListsCommand

COLOURS = 8
"""As many as `Theme.series` has."""


class Place(WithWords, Protocol):
    """What is needed of the session."""

    undo_stack: QUndoStack


@dataclass(frozen=True)
class TokenList:
    """Tokens in the order they were picked; `colour` is the number of one in `Theme.series`."""

    name: str
    tokens: tuple[str, ...]
    colour: int = 0


class TokenLists(QObject):
    """All lists, in the order they were made. Whatever is done to them can be undone.

    A list may have tokens that the table lacks: they may be in another text, or come later.
    """

    changed = Signal()  # the lists, or which of their tokens the table has

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.lists: tuple[TokenList, ...] = ()
        self._ids: dict[int, Ids] = {}
        session.vocabularyChanged.connect(self._find_ids_again)

    def ids(self, number: int) -> Ids:
        """The ids, ascending, of those tokens of list `number` that the table has."""
        if number not in self._ids:
            self._ids[number] = ids_of(self._session.vocabulary, self.lists[number].tokens)
        return self._ids[number]

    def keep(self, tokens: Sequence[str], name: str = "") -> int:
        """Make a list; returns its number. Another of the same name gets a number after it."""
        used = {each.colour for each in self.lists}
        free = [colour for colour in range(COLOURS) if colour not in used]
        colour = free[0] if free else len(self.lists) % COLOURS
        kept = tuple(dict.fromkeys(tokens))
        made = TokenList(self._free_name(name or self.tr("List")), kept, colour)
        self._push(self.tr("new list of tokens"), (*self.lists, made))
        return len(self.lists) - 1

    def rename(self, number: int, name: str) -> None:
        """Call it `name`; what is not a name, or another's, changes nothing."""
        name = name.strip()
        if name and name not in {each.name for each in self.lists}:
            self._replace(number, replace(self.lists[number], name=name))

    def recolour(self, number: int, colour: int) -> None:
        """Give it another colour."""
        self._replace(number, replace(self.lists[number], colour=colour))

    def remove(self, number: int) -> None:
        """Forget it."""
        self._push(self.tr("removal of a list"), (*self.lists[:number], *self.lists[number + 1 :]))

    def use_saved(self, lists: Sequence[TokenList]) -> None:
        """Have these lists, which were saved, in the place of those there are."""
        self._push(self.tr("lists of a project"), tuple(lists))

    def _free_name(self, name: str) -> str:
        names = {each.name for each in self.lists}
        if name not in names and name != self.tr("List"):
            return name
        number = 1 if name == self.tr("List") else 2
        while f"{name} {number}" in names:
            number += 1
        return f"{name} {number}"

    def _replace(self, number: int, changed: TokenList) -> None:
        lists = (*self.lists[:number], changed, *self.lists[number + 1 :])
        self._push(self.tr("change of a list"), lists)

    def _push(self, text: str, after: tuple[TokenList, ...]) -> None:
        if after != self.lists:
            self._session.undo_stack.push(ListsCommand(text, self.lists, after, self._use))

    def _use(self, lists: tuple[TokenList, ...]) -> None:
        self.lists = lists
        self._find_ids_again()

    @Slot()
    def _find_ids_again(self) -> None:
        self._ids = {}
        self.changed.emit()
