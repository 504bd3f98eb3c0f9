"""The finding that is lit: its rows are picked, and whoever shows cells marks those it names."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from core.audit.finding import Finding
from core.audit.subject import StudiedBatch


class Place(Protocol):
    """What is needed of the session."""

    selectionChanged: SignalInstance
    sentencesChanged: SignalInstance
    runStarted: SignalInstance

    def select(self, ids: Iterable[int]) -> None:
        """Pick these ids."""


class LitFinding(QObject):
    """`finding` is lit until something else is picked, or what it is about becomes another.

    `at` says which of its cells is looked at. `batch` is the one that a finding about a batch under
    study was found in.
    """

    changed = Signal()

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.finding: Finding | None = None
        self.batch: StudiedBatch | None = None
        self.at = 0
        self._picking = False
        session.selectionChanged.connect(self._follow_selection)
        session.sentencesChanged.connect(self.put_out)
        session.runStarted.connect(self.put_out)

    @property
    def is_about_cells(self) -> bool:
        """Whether it is in a batch, cell by cell, that one sees what is meant."""
        finding = self.finding
        return finding is not None and (finding.of_batch or len(finding.cells) > 0)

    @property
    def cell(self) -> tuple[int, int] | None:
        """The sentence and the position, from 0, that are looked at; None where there are none."""
        if self.finding is None or not len(self.finding.cells):
            return None
        sentence, position = self.finding.cells[self.at].tolist()
        return sentence, position

    def light(self, finding: Finding, batch: StudiedBatch | None) -> None:
        """Pick the rows of `finding`, all of them, and go to its first cell.

        The row that matters most is picked last, which is what panels about one row show. If it
        is lit already, go to the next of its cells.
        """
        again = self.finding is not None and _are_alike(self.finding, finding)
        self.at = (self.at + 1) % max(1, len(finding.cells)) if again else 0
        self.finding, self.batch = finding, batch if finding.of_batch else None
        self._picking = True
        self._session.select(finding.rows[::-1].tolist())
        self._picking = False
        self.changed.emit()

    @Slot()
    def put_out(self) -> None:
        """Light nothing."""
        if self.finding is not None:
            self.finding = self.batch = None
            self.at = 0
            self.changed.emit()

    @Slot()
    def _follow_selection(self) -> None:
        if not self._picking:
            self.put_out()


def _are_alike(one: Finding, other: Finding) -> bool:
    """Whether both say the same of the same cells; each look at the table makes new findings."""
    return (one.kind, one.of_batch) == (other.kind, other.of_batch) and np.array_equal(
        one.cells, other.cells
    )
