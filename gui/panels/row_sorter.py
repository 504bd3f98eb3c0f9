"""Keeps the rows of the table sorted and filtered as wished, while training changes them.

Sorting a million rows takes longer than a frame, so that it is done in a thread, from the values
of one whole step, and the order says which step that was. A quantity that training changes is
sorted again at most twice a second: more often nobody could read the rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.progress import Progress
from core.row_order import RowOrder, Sorting, SortKey, alphabetical, norms, ranked, spread
from core.vocabulary import Vocabulary
from gui.background import Background, Job
from gui.holds import Hold
from gui.session import Session
from gui.throttle import Throttle

MILLISECONDS_BETWEEN = 500

Only = Literal["all", "picked", "matches"]
Values = Callable[[Progress], NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Wish:
    """How the rows of one step are to stand; `ids` are the only ones wanted, None for all.

    If the step was not `done` here, nobody knows what it did to rows.
    """

    sorting: Sorting
    only: Only
    ids: NDArray[np.integer] | None
    rows: int
    since: int
    step: int
    done: bool


@dataclass(frozen=True, eq=False)
class Standing:
    """An order, and the wish that it fulfils."""

    wish: Wish
    order: RowOrder


@dataclass(frozen=True, eq=False)
class _Ranks:
    tokens: Sequence[str]
    ranks: NDArray[np.int32]


class RowSorter(QObject):
    """Sorts when asked, and again when what it sorted by has changed.

    `sorted` follows with a `Standing`; `failed` with an exception that is a fault of ours.
    """

    sorted = Signal(object)
    failed = Signal(object)
    busyChanged = Signal()

    def __init__(self, session: Session, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self.sorting = Sorting()
        self.only: Only = "all"
        self._picked: tuple[int, ...] = ()
        self._job: Job | None = None
        self._again = False
        self._ranks: _Ranks | None = None
        self._throttle = Throttle(MILLISECONDS_BETWEEN, self)
        self._throttle.due.connect(self._sort)
        session.frameShown.connect(self._follow_frame)
        session.vocabularyChanged.connect(self._follow_vocabulary)
        session.matchesChanged.connect(self._follow_matches)
        session.runStarted.connect(self._start_run)

    @property
    def busy(self) -> bool:
        """Whether an order is being found."""
        return self._job is not None

    # ── what is wished ────────────────────────────────────────────────────────────────────────

    def sort_by(self, sorting: Sorting) -> None:
        """Sort by this from now on."""
        self.sorting = sorting
        self._throttle.now()

    def show_only(self, only: Only) -> None:
        """Show all rows, or those picked at this moment, or those that the search matches."""
        self.only = only
        self._picked = self._session.selection
        self._throttle.now()

    @Slot()
    def _start_run(self) -> None:
        """Another table: what was picked in the one before may be other tokens in this one."""
        if self.only == "picked":
            self.only = "all"
        self._throttle.now()

    # ── what changes ──────────────────────────────────────────────────────────────────────────

    @Slot()
    def _follow_frame(self) -> None:
        if self.sorting.moves:
            self._throttle.ask()

    @Slot()
    def _follow_vocabulary(self) -> None:
        if self.sorting.key in ("token", "count"):
            self._throttle.ask()

    @Slot()
    def _follow_matches(self) -> None:
        if self.only == "matches":
            self._throttle.now()

    # ── sorting ───────────────────────────────────────────────────────────────────────────────

    def _wish(self) -> Wish | None:
        shown = self._session.shown
        if shown is None:
            return None
        ids: NDArray[np.integer] | None = None
        if self.only != "all":
            matches = self.only == "matches"
            ids = np.asarray(self._session.matches if matches else self._picked, np.int32)
            ids = ids[ids < len(shown.rows)]
        rows = len(shown.rows)
        return Wish(self.sorting, self.only, ids, rows, shown.since, shown.step, shown.done)

    @Slot()
    def _sort(self) -> None:
        wish = self._wish()
        if self._job is not None or wish is None:
            self._again = wish is not None
            return
        if wish.sorting == Sorting() and wish.ids is None:
            self.sorted.emit(Standing(wish, RowOrder(wish.rows)))
            return
        hold = self._session.hold() if wish.sorting.key == "norm" else None
        values = self._values(wish, hold)

        def work(progress: Progress) -> Standing:
            return Standing(wish, _ordered(values(progress), wish))

        self._job = job = self._background.run(self.tr("Sorting"), work, quiet=True)
        job.succeeded.connect(self._take)
        job.failed.connect(self.failed)
        job.ended.connect(self._end)
        if hold is not None:
            job.ended.connect(hold.release)
        self.busyChanged.emit()

    def _values(self, wish: Wish, hold: Hold | None) -> Values:
        """What gives the values (V,) that the rows are sorted by, in another thread."""
        shown, rows = self._session.shown, wish.rows
        assert shown is not None
        match wish.sorting.key:
            case "id":
                return lambda _: np.arange(rows)
            case "count":
                counts = self._session.vocabulary.counts
                return lambda _: np.pad(counts[:rows], (0, max(rows - len(counts), 0)))
            case "token":
                return self._alphabetical(rows)
            case "norm":
                assert hold is not None
                held = hold

                def read(progress: Progress) -> NDArray[Any]:
                    assert held.rows is not None
                    with held:
                        return norms(held.rows, progress)

                return read
            case "moved":
                ids, amounts = shown.moved_ids.copy(), shown.moved_by.copy()
            case "gradient":
                ids, amounts = shown.touched_ids.copy(), shown.gradient_norms.copy()
        return lambda _: spread(ids, amounts, rows)

    def _alphabetical(self, rows: int) -> Values:
        tokens, known = self._session.vocabulary.tokens, self._ranks

        def rank(progress: Progress) -> NDArray[Any]:
            if known is not None and known.tokens is tokens:
                ranks = known.ranks
            else:
                ranks = alphabetical(tokens, progress)
                self._ranks = _Ranks(tokens, ranks)
            missing = np.arange(len(ranks), max(rows, len(ranks)))
            return np.concatenate([ranks, missing])[:rows]

        return rank

    @Slot(object)
    def _take(self, standing: Standing) -> None:
        if (standing.wish.sorting, standing.wish.only) == (self.sorting, self.only):
            self.sorted.emit(standing)

    @Slot(object)
    def _end(self, _job: Job) -> None:
        self._job = None
        if self._again:
            self._again = False
            self._throttle.ask()
        self.busyChanged.emit()


def _ordered(values: NDArray[Any], wish: Wish) -> RowOrder:
    ids = ranked(values, descending=wish.sorting.descending, only=wish.ids)
    return RowOrder.of(ids, wish.rows)


def first_way(key: SortKey) -> Sorting:
    """Which way a person wants to see `key` first: names from the start, amounts from the top."""
    return Sorting(key, descending=key not in ("id", "token"))


def find_row(wanted: str, vocabulary: Vocabulary, rows: int) -> int | None:
    """The row that a person means by an id or a token; else the first token that begins so."""
    text = wanted.strip()
    if text.isascii() and text.isdigit():
        # Longer ones are no ids, and Python refuses to read the longest.
        return int(text) if len(text) < 19 and int(text) < rows else None
    found = vocabulary.id(text) if text else None
    if found is None and text:
        found = next(iter(vocabulary.find(text, 1)), None)
    return found if found is not None and found < rows else None
