"""Two set-ups trained in step from one seed, in the laboratory, as the padding tab shows them."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.padding import messages as wire
from core.padding.gathering import gather, needed_ids
from core.padding.messages import Compared, SetUp
from core.padding.wishes import Difference
from core.problems import EngineFailed
from gui.laboratory import Laboratory
from gui.padding_batch import Batch
from gui.padding_study import PaddingStudy
from gui.session import Session


@dataclass(eq=False)
class Course:
    """One set-up so far: `losses` (n,) and the `rows` (n, D) of the ids that were looked up."""

    losses: list[float]
    rows: NDArray[Any]


@dataclass(eq=False)
class Comparison:
    """A comparison under way or done: `ids` (n,) are those of the rows."""

    batch: Batch
    ids: NDArray[np.int64]
    pad_id: int
    set_ups: tuple[SetUp, SetUp]
    total: int
    courses: tuple[Course, Course] | None = None
    done: int = 0
    last: Compared | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing more comes."""
        return self.last is not None and self.last.finished


class PaddingComparison(QObject):
    """Starts and stops comparisons; the first set-up is that of the study."""

    changed = Signal()
    problemRaised = Signal(object)  # core.problems.AnyProblem

    def __init__(
        self,
        session: Session,
        study: PaddingStudy,
        laboratory: Laboratory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._study, self._laboratory = session, study, laboratory
        self.difference = Difference()
        self.steps = 100
        self.shown: Comparison | None = None
        self._number = 0
        laboratory.reported.connect(self._hear)
        laboratory.ended.connect(self._lose)
        session.runStarted.connect(self._forget)

    @property
    def running(self) -> bool:
        """Whether a comparison is under way."""
        return self.shown is not None and not self.shown.finished

    def differ(self, **changes: Any) -> None:
        """Change what the second set-up has otherwise: any fields of `Difference`."""
        self.compare_with(replace(self.difference, **changes), self.steps)

    def compare_with(self, difference: Difference, steps: int) -> None:
        """Let the second set-up have this `difference`, and train for `steps` steps."""
        self.difference, self.steps = difference, steps
        self.changed.emit()

    def set_steps(self, steps: int) -> None:
        """Train for so many steps."""
        self.steps = steps

    @Slot()
    def start(self) -> None:
        """Train both from the table on screen."""
        shown, batch = self._session.shown, self._study.read_batch()
        hold = self._session.hold() if batch is not None and batch.sentences else None
        if shown is None or batch is None or hold is None:
            return
        pad_id = self._study.pad_id
        first = self._study.set_up()
        second = self.difference.applied_to(first, pad_id)
        needed = needed_ids(len(shown.rows), batch.sentences, pad_id, (first.head, second.head))
        ids = np.arange(len(shown.rows)) if needed is None else needed
        self._number = self._laboratory.new_number()
        self.shown = Comparison(batch, ids, pad_id, (first, second), self.steps)
        asking = partial(_comparison, self._number, self.shown, self._study.wishes.extra)
        self._laboratory.ask(self._number, hold, asking)
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Train no further, and show what there is."""
        if self.running:
            self._laboratory.send(wire.Stop(self._number))

    @Slot(object)
    def _hear(self, report: object) -> None:
        match report:
            case Compared(number=number) if number == self._number and self.running:
                assert self.shown is not None
                self._take(self.shown, report)
            case wire.Refused(number=number, problem=problem) if (
                number == self._number and self.running
            ):
                self.shown = None
                self.problemRaised.emit(problem)
            case _:
                return
        self.changed.emit()

    def _take(self, shown: Comparison, report: Compared) -> None:
        shown.done, shown.last = report.done, report
        news = (report.first, report.second)
        if shown.courses is None:
            shown.courses = (
                Course([], news[0].rows.numpy()),
                Course([], news[1].rows.numpy()),
            )
        for course, new in zip(shown.courses, news, strict=True):
            course.losses.extend(new.losses.numpy().tolist())
            course.rows = new.rows.numpy()

    @Slot()
    def _forget(self) -> None:
        """Another run: its ids mean other tokens."""
        self.stop()
        self.shown = None
        self.changed.emit()

    @Slot(str)
    def _lose(self, how: str) -> None:
        if self.running:
            self.shown = None
            self.problemRaised.emit(EngineFailed(how))
            self.changed.emit()


def _comparison(number: int, shown: Comparison, extra: int, rows: NDArray[Any]) -> wire.Comparison:
    first, second = shown.set_ups
    batch, heads = shown.batch, (first.head, second.head)
    material = gather(rows, batch.sentences, shown.pad_id, heads, batch.labels)
    return wire.Comparison(number, material, first, second, shown.total, extra)
