"""Does what mends a finding, so that it can be undone."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from core.audit.finding import BeginAgain, Remedy, UseOptimizer, ZeroRow
from core.config import OptimizerConfig, RunConfig
from gui.session_sides import WithStep, WithWords


class Place(WithStep, WithWords, Protocol):
    """What is needed of the session."""

    def set_row(self, row: int, values: NDArray[np.floating], name: str) -> None:
        """Write into the table; `name` is what is undone."""

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
        name = self.tr("zeroing of {token}").format(token=session.vocabulary.token(row))
        session.set_row(row, np.zeros_like(shown.rows[row]), name)
