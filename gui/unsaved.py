"""Whether anything is open that was not saved, and whether closing would lose it."""

import time

from PySide6.QtCore import QObject, Signal, Slot

from core.messages import Edit
from gui.live_run import State
from gui.session import Session
from gui.undo import ChangeCommand, EditCommand, ListsCommand, OpenCommand

LONG_TRAINING = 60.0  # seconds: what took less is done again as quickly


class Unsaved(QObject):
    """Compares what is open with what was saved last.

    What never was a project is only worth keeping if it was made by hand, or took long to train:
    an example that was trained for a moment is there again at any time.
    """

    changed = Signal()  # `is_modified` or `is_worth_keeping`

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._saved: tuple[object, ...] | None = None  # None: it never was a project
        self._begun = self._now()
        self._running_since: float | None = None
        self._trained = 0.0
        self._told = (False, False)
        for signal in (
            session.frameShown,
            session.configChanged,
            session.sentencesChanged,
            session.runStarted,
            session.time.changed,
            session.lists.changed,
        ):
            signal.connect(self._look)
        session.stateChanged.connect(self._measure)

    @property
    def is_modified(self) -> bool:
        """Whether anything was done since it was opened or saved."""
        return self._now() != (self._begun if self._saved is None else self._saved)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether something would be lost for good."""
        if self._saved is not None:
            return self.is_modified
        return self._made_by_hand() or self._seconds() >= LONG_TRAINING

    def now(self) -> tuple[object, ...]:
        """What is open, to be noted when it is written."""
        return self._now()

    def note_saved(self, saved: tuple[object, ...]) -> None:
        """Note that what `now` gave is saved."""
        self._saved = saved
        self._trained = 0.0
        self._running_since = None if self._running_since is None else time.monotonic()
        self._look()

    def note_unsaved(self) -> None:
        """Note that what is open is in no file that stays."""
        self._saved = ()
        self._look()

    def forget(self) -> None:
        """Note that something else was opened, which is no project."""
        self._saved = None
        self._begun = self._now()
        self._trained = 0.0
        self._look()

    def _now(self) -> tuple[object, ...]:
        history = self._session.history
        marks = tuple(sorted(history.marks.items()))
        lists = self._session.lists.lists
        return history, history.reach, len(history.events), marks, lists

    def _made_by_hand(self) -> bool:
        stack = self._session.undo_stack
        for index in reversed(range(stack.index())):
            command = stack.command(index)
            match command:
                case OpenCommand() if command.opens_another:
                    return False
                case EditCommand() | ListsCommand():
                    return True
                case ChangeCommand() if isinstance(command.after, Edit):
                    return True
        return bool(self._session.history.marks)

    def _seconds(self) -> float:
        since = self._running_since
        return self._trained + (0.0 if since is None else time.monotonic() - since)

    @Slot()
    def _measure(self) -> None:
        if self._session.state is State.RUNNING:
            self._running_since = self._running_since or time.monotonic()
        elif self._running_since is not None:
            self._trained += time.monotonic() - self._running_since
            self._running_since = None

    @Slot()
    def _look(self) -> None:
        told = (self.is_modified, self.is_worth_keeping)
        if told != self._told:
            self._told = told
            self.changed.emit()
