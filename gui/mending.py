"""Does what mends a finding, so that it can be undone."""

from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack

from core.audit.finding import BeginAgain, Remedy, UseOptimizer, ZeroRow
from core.config import OptimizerConfig, RunConfig
from gui.session_sides import WithStep, WithWords


class Place(WithStep, WithWords, Protocol):
    """What is needed of the session."""

    undo_stack: QUndoStack

    def set_cell(self, row: int, column: int, value: float) -> None:
        """Write into the table."""

    def set_optimizer(self, optimizer: OptimizerConfig) -> None:
        """Go on with `optimizer`."""

    def begin_again(self, config: RunConfig) -> None:
        """Begin a new run with `config`."""


class Mending(QObject):
    """Holds the names of what can be undone; a QObject because Qt's tools look for `self.tr`."""

    def mend(self, session: Place, remedy: Remedy) -> None:
        """Do what `remedy` says, as one step of undo."""
        match remedy:
            case ZeroRow(row):
                self._zero(session, row)
            case UseOptimizer(optimizer):
                session.set_optimizer(optimizer)
            case BeginAgain(config):
                session.begin_again(config)

    def _zero(self, session: Place, row: int) -> None:
        shown = session.shown
        if shown is None or not 0 <= row < min(len(shown.rows), len(session.vocabulary)):
            return
        columns = np.flatnonzero(shown.rows[row])
        token = session.vocabulary.token(row)
        session.undo_stack.beginMacro(self.tr("zeroing of {token}").format(token=token))
        for column in columns:
            session.set_cell(row, int(column), 0.0)
        session.undo_stack.endMacro()
