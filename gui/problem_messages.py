"""What the message bar says went wrong, and what solves it without anybody closing it."""

from PySide6.QtCore import QObject, Slot

from core.looking_problems import BranchUnseen
from core.problems import (
    AnyProblem,
    CannotTie,
    CombinationRefused,
    NoExamples,
    NoLabels,
    OutOfBounds,
    TokenizerGaveUp,
    TooMuchMemory,
)
from gui.explain import explain
from gui.message_bar import MessageBar
from gui.session import Session

OPENING = "opening"  # what a message is about that another opening solves
CHANGING = "changing"  # and that the next change solves
READING = "reading"  # and that the next text or line solves
COMPARING = "comparing"  # and that is over with the comparison
REFUSALS = (CannotTie, CombinationRefused, NoExamples, NoLabels, OutOfBounds, TooMuchMemory)


class ProblemMessages(QObject):
    """Shows the problems of `session` in `bar`, and those that others bring."""

    def __init__(self, bar: MessageBar, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bar = bar
        session.problemRaised.connect(self.show)
        session.undo_stack.indexChanged.connect(self._note_change)
        session.lineChanged.connect(self._note_line)
        session.time.changed.connect(self._note_time)
        self._session = session

    @Slot(object)
    def show(self, problem: AnyProblem) -> None:
        """Say what is wrong."""
        # Of each kind, and of each file, the last one is of interest.
        source = f"{type(problem).__name__} {getattr(problem, 'path', '')}"
        if isinstance(problem, REFUSALS):
            source = CHANGING
        elif isinstance(problem, TokenizerGaveUp):
            source = READING
        elif isinstance(problem, BranchUnseen):
            source = COMPARING
        self._bar.show_message(explain(problem), source)

    @Slot(object)
    def show_opening(self, problem: AnyProblem) -> None:
        """Say why something was not opened."""
        self._bar.show_message(explain(problem), OPENING)

    @Slot(str)
    def show_refusal(self, sentence: str) -> None:
        """Say why something was not done."""
        self._bar.show_message(sentence)

    @Slot(str)
    def show_fault(self, line: str) -> None:
        """Say that it is a fault of ours, of which the log has more than this `line`."""
        self._bar.show_message(
            self.tr(
                "Something in Embedscope itself went wrong: {error}. You can go on; "
                "the whole report is in the terminal it was started from."
            ).format(error=line.rstrip("."))
        )

    @Slot()
    def note_opened(self) -> None:
        """Something was opened: what was not is no trouble any more."""
        self._bar.solve(OPENING)

    @Slot()
    def _note_change(self) -> None:
        self._bar.solve(CHANGING)
        self._bar.solve(READING)

    @Slot()
    def _note_time(self) -> None:
        if self._session.time.compared is None:
            self._bar.solve(COMPARING)

    @Slot()
    def _note_line(self) -> None:
        self._bar.solve(READING)
