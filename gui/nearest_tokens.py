"""Which tokens are nearest to what is picked or asked for, kept up to date while it trains."""

from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from core.kept_table import KeptTable
from core.neighbourhood import Answer, Question
from core.neighbours import Metric
from core.problems import AnyProblem
from core.word_arithmetic import Blend, Term
from gui.neighbour_worker import Look, NeighbourWorker
from gui.row_news import RowNews
from gui.session_sides import WithRows, WithSelection
from gui.throttle import Throttle

LEAST_MS = 250  # between two looks while it trains


class Place(WithRows, WithSelection, Protocol):
    """What is needed of the session."""


@dataclass(frozen=True)
class Sum:
    """A sum of words that was asked for."""

    terms: tuple[Term, ...]
    blend: Blend


class NearestTokens(QObject):
    """The question, the answer, and the marked step; looks only while somebody watches.

    The question is about the sum that was asked for last, until something is picked: then it is
    about what is picked, the mean of several.
    """

    changed = Signal()  # the question, the answer or the mark
    summed = Signal()  # a sum was asked for
    problemRaised = Signal(object)

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.sum: Sum | None = None
        self.metric: Metric = "cosine"
        self.count = 10
        self.answer: Answer | None = None
        self.marked_step: int | None = None
        self.marked: KeptTable | None = None  # that step, once it is kept
        self._watched = self._mark_wanted = self._again = False
        self._news = RowNews()
        self._worker = NeighbourWorker(self)
        self._worker.looked.connect(self._take)
        self._worker.refused.connect(self._lose_mark)
        self._worker.kept.connect(self._keep)
        self._due = Throttle(LEAST_MS, self)
        self._due.due.connect(self._look)
        session.frameShown.connect(self._follow)
        session.runStarted.connect(self._begin)
        session.selectionChanged.connect(self._follow_selection)

    # ── what is asked ─────────────────────────────────────────────────────────────────────────

    @property
    def question(self) -> Question | None:
        """What is looked for; None while nothing is picked or asked for."""
        if self.sum is not None:
            return Question(self.sum.blend, self.metric, self.count)
        picked = self._session.selection
        return Question(Blend.mean(picked), self.metric, self.count) if picked else None

    def ask(self, terms: tuple[Term, ...], blend: Blend) -> None:
        """Look for what is nearest to a sum of words."""
        self.sum = Sum(terms, blend)
        self._ask_anew()
        self.summed.emit()

    def forget_sum(self) -> None:
        """Look for what is nearest to what is picked again."""
        if self.sum is not None:
            self.sum = None
            self._ask_anew()

    def set_metric(self, metric: Metric) -> None:
        """Compare by cosine or by Euclidean distance."""
        if metric != self.metric:
            self.metric = metric
            self._ask_anew()

    def set_count(self, count: int) -> None:
        """Look for so many."""
        if count != self.count:
            self.count = count
            self._ask_anew()

    def watch(self, watched: bool) -> None:
        """Whether somebody looks at the answer; nothing is computed for nobody."""
        if watched != self._watched:
            self._watched = watched
            self._due.now()

    def mark(self) -> None:
        """Keep the step on screen, to say how its nearest tokens have changed since."""
        self._mark_wanted = True
        self._due.now()

    def forget_mark(self) -> None:
        """Compare with no step any more."""
        self._mark_wanted = False
        self.marked_step = self.marked = None
        self._worker.forget_mark()
        if self.answer is not None:
            self.answer = replace(self.answer, marked_step=None, at_mark=None)
        self.changed.emit()

    def close(self) -> None:
        """End the thread; what it still tells makes nobody begin again."""
        self._watched = self._mark_wanted = False
        self._worker.close()

    # ── following the session ─────────────────────────────────────────────────────────────────

    def _ask_anew(self) -> None:
        if self.answer is not None and self.answer.question != self.question:
            self.answer = None
        self.changed.emit()
        self._due.now()

    @Slot()
    def _follow_selection(self) -> None:
        self.sum = None
        self._ask_anew()

    @Slot()
    def _follow(self) -> None:
        shown = self._session.shown
        if shown is not None:
            self._news.note(shown)
            self._due.ask()

    @Slot()
    def _begin(self) -> None:
        """Another run: its ids are other tokens."""
        self.sum = self.answer = None
        self.forget_mark()
        self._due.now()

    @Slot()
    def _look(self) -> None:
        shown, question = self._session.shown, self.question
        if self._worker.busy:
            self._again = True
            return
        self._again = False
        if shown is None or not (self._mark_wanted or (self._watched and question is not None)):
            return
        hold = self._session.hold()
        if hold is not None:
            moved, mark = self._news.take(), self._mark_wanted
            self._mark_wanted = False
            self.marked_step = shown.step if mark else self.marked_step
            self._worker.look(Look(hold, shown.step, moved, question, mark))

    @Slot(object)
    def _take(self, answer: Answer | None) -> None:
        if answer is not None and answer.question == self.question:
            if answer.marked_step != self.marked_step:  # it was forgotten meanwhile
                answer = replace(answer, marked_step=None, at_mark=None)
            self.answer = answer
        self.changed.emit()
        if self._again:
            self._due.ask()

    @Slot(object)
    def _keep(self, kept: KeptTable) -> None:
        if kept.step == self.marked_step:  # it may have been forgotten meanwhile
            self.marked = kept

    @Slot(object)
    def _lose_mark(self, problem: AnyProblem) -> None:
        self.marked_step = self.marked = None
        self.problemRaised.emit(problem)
