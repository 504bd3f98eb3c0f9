"""The undo commands: each knows what to go back to, and only calls the session."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtGui import QUndoCommand

from core.messages import Change
from gui.document import Document
from gui.opened import Opened

T = TypeVar("T")
NO_NUMBER = -1


class SessionCommand(QUndoCommand):
    """A command that the engine may refuse; undoing a `refused` one leaves nothing to redo.

    `number` is what the engine will name it by, 0 for an opening, −1 for what it never hears of.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.number = 0
        self.refused = False


class OpenCommand(SessionCommand):
    """Shows another document or run; undone, the one before is shown at the step it had reached."""

    def __init__(
        self, text: str, before: Opened, after: Opened, show: Callable[[Opened], None]
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._show = before, after, show

    @property
    def opens_another(self) -> bool:
        """Whether the new one has another text, and is not the same one begun again."""
        return self._after.document.text != self._before.document.text

    def redo(self) -> None:
        """Show the new one."""
        self._show(self._after)

    def undo(self) -> None:
        """Show the old one."""
        self.setObsolete(self.refused)
        self._show(self._before)


class EditCommand(SessionCommand):
    """Edits the sentences; undone, the rows that were appended are removed again."""

    def __init__(
        self, text: str, before: Document, after: Document, use: Callable[[Document], int]
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._use = before, after, use

    def redo(self) -> None:
        """Use the edited document."""
        self.number = self._use(self._after)

    def undo(self) -> None:
        """Use the document before the edit."""
        self.setObsolete(self.refused)
        self.number = self._use(self._before)


class ListsCommand(SessionCommand):
    """Changes the kept lists of tokens, which the engine knows nothing of."""

    def __init__(self, text: str, before: T, after: T, use: Callable[[T], None]) -> None:
        super().__init__(text)
        self.number = NO_NUMBER
        self._undone, self._done = partial(use, before), partial(use, after)

    def redo(self) -> None:
        """Use the lists after the change."""
        self._done()

    def undo(self) -> None:
        """Use those before."""
        self._undone()


class ChangeCommand(SessionCommand):
    """Makes one change to the run; undone, the change that puts back what was there.

    Changes of the same `kind` one after another (a rate being turned) are one step of undo;
    `kind` −1 stands alone.
    """

    def __init__(
        self,
        text: str,
        before: Change,
        after: Change,
        make: Callable[[Change], int],
        kind: int = -1,
    ) -> None:
        super().__init__(text)
        self._before, self.after, self._make, self._kind = before, after, make, kind

    def redo(self) -> None:
        """Make the change."""
        self.number = self._make(self.after)

    def undo(self) -> None:
        """Make the change that takes it back."""
        self.setObsolete(self.refused)
        self.number = self._make(self._before)

    def id(self) -> int:
        """The kind, by which Qt finds what may be merged."""
        return self._kind

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take `other`, which came right after, into this one."""
        if not isinstance(other, ChangeCommand):
            return False
        self.after, self.number = other.after, other.number
        return True
