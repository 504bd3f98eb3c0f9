"""Why the row that was picked last moved, kept up to date; asked only while somebody looks."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.messages import Explain
from core.movement.parts import Movement
from gui.session_sides import WithSelection, WithStep


class Place(WithStep, WithSelection, Protocol):
    """What is needed of the session."""


class RowMovement(QObject):
    """Asks the engine about one row, and holds its answer about the step on screen."""

    changed = Signal()
    answered = Signal()  # it changed, and the step on screen did not

    def __init__(
        self, session: Place, ask: Callable[[Explain], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._ask = session, ask
        self._watched = False
        session.selectionChanged.connect(self._follow)
        session.frameShown.connect(self.changed)

    @property
    def id(self) -> int | None:
        """The row: the one that was picked last."""
        picked = self._session.selection
        return picked[-1] if picked else None

    @property
    def movement(self) -> Movement | None:
        """How it moved in the step on screen; None while nobody looks, or while that is unknown."""
        shown, id_ = self._session.shown, self.id
        if not self._watched or shown is None or shown.movements is None or id_ is None:
            return None
        return shown.movements.get(id_)

    @property
    def is_awaited(self) -> bool:
        """Whether the engine has yet to answer about the step on screen."""
        shown = self._session.shown
        # An answer without any row says that there is none to be had.
        return self.movement is None and (shown is None or shown.movements != {})

    def watch(self, watched: bool) -> None:
        """Whether somebody looks."""
        if watched != self._watched:
            self._watched = watched
            self._follow()

    @Slot()
    def take(self) -> None:
        """Something else is known about the step on screen."""
        self.answered.emit()
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        id_ = self.id
        self._ask(Explain((id_,) if self._watched and id_ is not None else ()))
        self.take()
