"""What is nearest in a table that trains, and what was nearest at a step that was marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.covariance import Rows
from core.kept_table import KeptTable
from core.neighbours import Metric, Nearest, RowNorms, combination, nearest
from core.problems import AnyProblem, ProblemError
from core.word_arithmetic import Blend


@dataclass(frozen=True)
class Question:
    """The `count` rows nearest to a blend of rows, which are no answers themselves."""

    blend: Blend
    metric: Metric = "cosine"
    count: int = 10


@dataclass(frozen=True, eq=False)
class Answer:
    """What is nearest at `step`, and what was at the marked step; or why there is no answer."""

    question: Question
    step: int
    found: Nearest | AnyProblem
    marked_step: int | None = None
    at_mark: Nearest | AnyProblem | None = None


@dataclass(frozen=True)
class Since:
    """How the nearest ids changed: `ranks` (k,) of those now were these, from 0; None: not there.

    `left` were there and are no more, in the order they had.
    """

    ranks: tuple[int | None, ...]
    left: tuple[int, ...]


def since(now: Sequence[int], before: Sequence[int]) -> Since:
    """Compare the nearest ids of two steps."""
    rank_before = {id_: rank for rank, id_ in enumerate(before)}
    still = set(now)
    return Since(
        tuple(rank_before.get(id_) for id_ in now),
        tuple(id_ for id_ in before if id_ not in still),
    )


class Neighbourhood:
    """Answers questions about one table after the other. Used by one thread."""

    def __init__(self) -> None:
        self._norms: RowNorms | None = None
        self._mark: KeptTable | None = None
        self._mark_norms: RowNorms | None = None
        self._marked: tuple[Question, Nearest | AnyProblem] | None = None

    def follow(self, rows: Rows, moved_ids: NDArray[np.integer[Any]] | None) -> None:
        """Take note of a changed table (V, D); `moved_ids` None: any row may have changed."""
        if moved_ids is None or self._norms is None:
            self._norms = RowNorms(rows)
        else:
            self._norms.update(rows, moved_ids)

    def mark(self, rows: Rows, step: int) -> KeptTable:
        """Keep `rows` as they are at `step`; raises `ProblemError(TooMuchMemory)`.

        Others may read what is kept, in any thread; once forgotten it has no rows.
        """
        self.forget_mark()
        self._mark = KeptTable(rows, step)
        return self._mark

    def forget_mark(self) -> None:
        """Keep no step any more."""
        if self._mark is not None:
            self._mark.close()
        self._mark = self._mark_norms = self._marked = None

    def answer(self, rows: Rows, step: int, question: Question) -> Answer:
        """What is nearest in `rows` (V, D), those `follow` saw last, and in the marked ones."""
        found = _find(rows, question, self._norms)
        if self._mark is None:
            return Answer(question, step, found)
        if self._marked is None or self._marked[0] != question:
            if self._mark_norms is None:
                self._mark_norms = RowNorms(self._mark.rows)
            self._marked = question, _find(self._mark.rows, question, self._mark_norms)
        return Answer(question, step, found, self._mark.step, self._marked[1])


def _find(rows: Rows, question: Question, norms: RowNorms | None) -> Nearest | AnyProblem:
    asked = question.blend
    try:
        aim = combination(rows, asked.ids, asked.weights)
        return nearest(rows, aim, question.count, question.metric, asked.ids, norms)
    except ProblemError as error:
        return error.problem
