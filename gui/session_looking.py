"""How a person looks at a session: the typed line, what is picked, and the axes.

None of it changes the run.
"""

from collections.abc import Iterable

from core.messages import Watch
from core.problems import AnyProblem, ProblemError
from core.projection import AxesPolicy
from core.vocabulary import Vocabulary
from gui.selection import Selection
from gui.session_state import SessionState

WATCHED = 256  # rows whose gradients are asked for, at the most


class SessionLooking(SessionState):
    """Shows what is asked to be looked at, and has the engine send the gradients of it."""

    def set_line(self, line: str) -> None:
        """Show the tokens of `line`; where the tokenizer gives up on it, none, and tell why."""
        self._line = line
        problem = self._read_line()
        self._watch()
        self.lineChanged.emit()
        if problem is not None:
            self.problemRaised.emit(problem)

    def select(self, ids: Iterable[int]) -> None:
        """Pick these ids, the one picked last at the end."""
        rows = len(self._vocabulary)
        picked = Selection(dict.fromkeys(each for each in ids if 0 <= each < rows))
        if picked != self._selection:
            self._selection = picked
            self._watch()
            self.selectionChanged.emit()

    def hover(self, id_: int | None) -> None:
        """The pointer is on this id."""
        if id_ != self._hovered:
            self._hovered = id_
            self.hoverChanged.emit()

    def set_axes(self, axes: AxesPolicy) -> None:
        """Let the axes follow the table, or hold them as they are."""
        if axes != self._axes:
            self._axes = axes
            self._live.projector.set_policy(axes)
            self.axesChanged.emit()

    def set_dimensions(self, dimensions: int) -> None:
        """Show 2 or 3 dimensions."""
        if dimensions != self._dimensions:
            self._dimensions = dimensions
            self._live.projector.set_dimensions(dimensions)
            self.axesChanged.emit()

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    def _take_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Use `vocabulary`; what was picked stays picked by token."""
        picked = [self._vocabulary.token(id_) for id_ in self._selection]
        self._vocabulary = vocabulary
        found = [vocabulary.id(token) for token in picked]
        self._selection = Selection(id_ for id_ in found if id_ is not None)
        self._hovered = None
        problem = self._read_line()
        self._watch()
        self.vocabularyChanged.emit()
        self.lineChanged.emit()
        self.selectionChanged.emit()
        self.hoverChanged.emit()
        if problem is not None:
            self.problemRaised.emit(problem)

    def _read_line(self) -> AnyProblem | None:
        """Find the tokens of the line; why there are none, if nobody can tell them."""
        try:
            self._line_tokens = self._vocabulary.encode(self._line)
        except ProblemError as error:
            self._line_tokens = ()
            return error.problem
        return None

    def _watch(self) -> None:
        """Ask for the gradients of the rows that are looked at."""
        rows = len(self._vocabulary)
        picked = self._selection[: -WATCHED - 1 : -1]  # what was picked last comes first
        ids = dict.fromkeys((*picked, *(token.id for token in self._line_tokens)))
        wanted = [id_ for id_ in ids if id_ < rows][:WATCHED]
        self._live.wish(Watch(tuple(sorted(wanted))))
