"""What the padding tab asks of the laboratory, and what came back, kept up to date."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.padding import messages as wire
from core.padding.gathering import gather
from core.padding.messages import SetUp, Studied
from core.padding.wishes import Wishes
from core.problems import EngineFailed
from gui.laboratory import Laboratory
from gui.padding_batch import Batch, NotIdsError, batch_of_ids, batch_of_text
from gui.session import Session, State
from gui.throttle import Throttle

LEAST_MS = 120  # between two questions; a training table changes sixty times a second
RESTARTS = 3


@dataclass(frozen=True, eq=False)
class Answer:
    """What was `studied` of `batch` as `wishes` had it, with the table of `step`."""

    studied: Studied
    wishes: Wishes
    batch: Batch
    step: int


class PaddingStudy(QObject):
    """Asks while somebody watches."""

    changed = Signal()  # the wishes, the answer or what is under way
    problemRaised = Signal(object)  # core.problems.AnyProblem

    def __init__(
        self, session: Session, laboratory: Laboratory, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.wishes = Wishes()
        self.answer: Answer | None = None
        self.not_ids: NotIdsError | None = None
        self.progress: tuple[int, int] | None = None
        self._number = self._answered = self._restarts = 0
        self._asked: tuple[Wishes, Batch, int] = (self.wishes, Batch((), ()), 0)
        self._watchers: set[str] = set()
        self._again = False
        self._laboratory = laboratory
        laboratory.reported.connect(self._hear)
        laboratory.ended.connect(self._restart)
        self._due = Throttle(LEAST_MS, self)
        self._due.due.connect(self._ask)
        session.frameShown.connect(self._follow)
        session.stateChanged.connect(self._follow)
        session.lineChanged.connect(self._due.ask)
        session.sentencesChanged.connect(self._due.ask)
        session.runStarted.connect(self._forget)

    # ── what is asked ─────────────────────────────────────────────────────────────────────────

    def wish(self, **changes: Any) -> None:
        """Look at something else: any fields of `Wishes`."""
        self.look_at(replace(self.wishes, **changes))

    def look_at(self, wishes: Wishes) -> None:
        """Look at what is in `wishes`."""
        if wishes != self.wishes:
            self.wishes = wishes
            self.changed.emit()
            self._due.ask()

    def look_at_sentence(self, number: int) -> None:
        """Have sentence `number` of the text, from 0, in the batch."""
        batch = self.read_batch()
        if batch is not None and number in batch.numbers:
            return
        typed = int(bool(self._session.line_tokens))
        count = max(self.wishes.count, 1 + typed)
        last = max(0, self.sentences - count + typed)  # of those that a full batch begins with
        self.wish(source="text", count=count, first=min(number, last))

    @property
    def sentences(self) -> int:
        """How many sentences the text has."""
        return len(self._session.corpus.sentences)

    def watch(self, watched: bool, who: str = "tab") -> None:
        """Whether `who` looks at the answer; nothing is computed for nobody."""
        before = self.watched
        self._watchers = self._watchers | {who} if watched else self._watchers - {who}
        if self.watched != before:
            self._due.now()
            self.changed.emit()

    @property
    def watched(self) -> bool:
        """Whether somebody looks."""
        return bool(self._watchers)

    @property
    def padding_idx(self) -> int | None:
        """The padding_idx of the set-up under study."""
        own = self._session.shown_config.table.padding_idx
        if self.wishes.masks_gradient is None:
            return own
        return self.pad_id if self.wishes.masks_gradient else None

    @property
    def pad_id(self) -> int:
        """The id that fills what is ragged."""
        known = self._session.vocabulary.pad_id
        if known is not None:
            return known
        # A tokenizer without a padding token: what the table keeps for padding, if anything.
        return self._session.shown_config.table.padding_idx or 0

    @property
    def is_current(self) -> bool:
        """Whether the answer is to the last question."""
        return self._answered == self._number

    def set_up(self) -> SetUp:
        """The model under study."""
        config, wishes = self._session.shown_config, self.wishes
        return SetUp(
            head=wishes.head,
            padding_idx=self.padding_idx,
            side=wishes.side,
            pad_row=wishes.pad_row,
            seed=config.seed % (wire.LARGEST_SEED + 1),
            optimizer=config.optimizer,
            max_norm=config.table.max_norm,
            norm_type=config.table.norm_type,
        )

    @Slot()
    def stop(self) -> None:
        """Train no further; the answer is to what was trained by then."""
        if self.progress is not None:
            self._laboratory.send(wire.Stop(self._number))

    def close(self) -> None:
        """Ask no more."""
        self._watchers = set()

    # ── asking and answering ──────────────────────────────────────────────────────────────────

    @Slot()
    def _forget(self) -> None:
        """Another run: its table, and what its ids mean, are others."""
        self.answer, self.progress = None, None
        self.changed.emit()
        self._due.now()

    @Slot()
    def _follow(self) -> None:
        """Another step is shown; while it runs nothing is trained from each of its tables."""
        if not self.wishes.steps or self._session.state is not State.RUNNING:
            self._due.ask()

    @Slot()
    def _ask(self) -> None:
        shown = self._session.shown
        if not self.watched or shown is None:
            return
        batch = self.read_batch()
        if batch is None:
            self.changed.emit()
            return
        if not self.is_current and not self._is_superseded(batch):
            self._again = True
            return
        hold = self._session.hold()
        if hold is None:
            return
        self._number = self._laboratory.new_number()
        self._again = False
        self._asked = (self.wishes, batch, shown.step)
        asking = partial(_study, self._number, self.wishes, batch, self.pad_id, self.set_up())
        self._laboratory.ask(self._number, hold, asking)

    def _is_superseded(self, batch: Batch) -> bool:
        """Whether what trains now is not what is wished any more, rather than a step older."""
        return self.progress is not None and self._asked[:2] != (self.wishes, batch)

    def read_batch(self) -> Batch | None:
        """The sentences that are wished for; None if what was typed is not ids."""
        self.not_ids = None
        if self.wishes.source == "text":
            wishes = self.wishes
            return batch_of_text(self._session, wishes.count, self.tr("typed"), wishes.first)
        try:
            return batch_of_ids(self.wishes.ids)
        except NotIdsError as error:
            self.not_ids = error
            return None

    @Slot(object)
    def _hear(self, report: object) -> None:
        match report:
            case wire.Training(number=number, done=done, total=total) if number == self._number:
                self.progress = (done, total)
            case Studied(number=number) if number == self._number:
                self.answer, self.progress = Answer(report, *self._asked), None
                self._answered, self._restarts = number, 0
            case wire.Refused(number=number, problem=problem) if number == self._number:
                self.answer, self.progress = None, None
                self._answered = number
                self.problemRaised.emit(problem)
            case _:
                return
        self.changed.emit()
        if self._again and self.is_current:
            self._due.ask()

    @Slot(str)
    def _restart(self, how: str) -> None:
        """Ask again in another laboratory, a few times."""
        if self.is_current:
            return
        self._answered, self.progress = self._number, None
        self._restarts += 1
        if self._restarts > RESTARTS:
            self._restarts = 0
            self.problemRaised.emit(EngineFailed(how))
        else:
            self._due.now()
        self.changed.emit()


def _study(
    number: int, wishes: Wishes, batch: Batch, pad_id: int, set_up: SetUp, rows: NDArray[Any]
) -> wire.Study:
    material = gather(rows, batch.sentences, pad_id, [wishes.head], batch.labels)
    return wire.Study(number, material, set_up, wishes.steps, wishes.extra)
