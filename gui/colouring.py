"""What the points of Space are coloured by, kept up to date while it trains.

The colours of a small table are found as they are asked for, so that they are always those of the
step on screen. Those of a large one are found in a thread; until they are there, the ones before
are shown, and the key says of which step they are.
"""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.colour_scale import NO_COLOUR, Graded
from core.colour_values import NO_GROUP, Grouped
from core.numbers_file import Column
from core.problems import AnyProblem
from gui import palettes
from gui.canvas.tints import Tints
from gui.cluster_finder import ClusterFinder
from gui.colour_finder import ColourFinder
from gui.colour_words import ColourWords, Key
from gui.colour_work import (
    FOLLOW_STEPS,
    READ_ROWS,
    Choice,
    Earlier,
    Listed,
    Marked,
    Work,
    is_small,
)
from gui.live_run import State
from gui.nearest_tokens import NearestTokens
from gui.row_news import RowNews
from gui.session_sides import WithRows, WithSelection, WithState, WithText, WithWords
from gui.shown import Shown
from gui.theme import Theme
from gui.token_lists import TokenLists


class Place(WithRows, WithState, WithText, WithWords, WithSelection, Protocol):
    """What is needed of the session."""

    nearest: NearestTokens
    lists: TokenLists


@dataclass(frozen=True, eq=False)
class Made:
    """The colours of one step, and what they were made of."""

    choice: Choice
    step: int
    found: Graded | Grouped
    key: Key


class Colouring(QObject):
    """The choice, and the colours; `changed` when there are others, or none."""

    changed = Signal()
    problemRaised = Signal(object)  # core.problems.AnyProblem

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._words = ColourWords(self)
        self.choice: Choice | None = None
        self.cluster_count = 5
        self._made: Made | None = None
        self._tints: tuple[object, Tints] | None = None
        self._version = self._question = 0  # of what is shown, and of what is asked
        self._made_version = -1
        self._only: NDArray[np.int64] | None = None
        self._looked: tuple[int, int] | None = None  # the question and version of the last look
        self._news = RowNews()
        self._finder = ColourFinder(self)
        self._finder.found.connect(self._receive)
        self._finder.rested.connect(self._tell_if_stale)
        self.clusters = ClusterFinder(session, self)
        self.clusters.changed.connect(self._ask_anew)
        self.clusters.problemRaised.connect(self._give_up)
        self._connect()

    def _connect(self) -> None:
        session = self._session
        session.frameShown.connect(self._follow_frame)
        session.stateChanged.connect(self._follow_state)
        session.runStarted.connect(self._begin)
        session.sentencesChanged.connect(self._follow_words)
        session.vocabularyChanged.connect(self._follow_words)
        session.selectionChanged.connect(self._follow_selection)
        session.nearest.changed.connect(self._follow_mark)
        session.nearest.problemRaised.connect(self._lose_mark)
        session.lists.changed.connect(self._follow_lists)
        self._mark_seen = session.nearest.marked

    # ── what is asked ─────────────────────────────────────────────────────────────────────────

    def choose(self, choice: Choice | None) -> None:
        """Colour by `choice`; None: all points have one colour.

        Where no step is marked to measure from, the one on screen is.
        """
        if choice == self.choice:
            return
        self.choice = choice
        self.clusters.want(self.cluster_count if choice == "clusters" else 0)
        if choice == "since-mark" and self._session.nearest.marked is None:
            self._session.nearest.mark()
        self._ask_anew()

    def set_cluster_count(self, count: int) -> None:
        """Find so many clusters."""
        self.cluster_count = count
        if self.choice == "clusters":
            self.clusters.want(count)
        self.changed.emit()

    def tints(self, theme: Theme) -> Tints | None:
        """The colours of the points on screen; None where all have one, or none are found yet."""
        shown = self._session.shown
        if self.choice is None or shown is None:
            return None
        self._refresh(shown)
        made = self._made
        if made is None:
            return self._awaited(shown, theme)
        rows, key = len(shown.projected.points), made.key
        title = self._title(made, shown)
        only = shown.projected.only
        kept = made, theme.name, title, rows, id(only)
        if self._tints is None or self._tints[0] != kept:
            ramp = isinstance(made.found, Graded)
            palette = palettes.ramp(theme) if ramp else palettes.groups(theme)
            codes = _fitted(key.codes, rows, only)
            self._tints = kept, Tints(codes, palette, title, key.key, key.missing)
        return self._tints[1]

    def numbers(self) -> tuple[str, Column] | None:
        """The value of each row that its point is coloured by, under its name; None if by none."""
        shown, made = self._session.shown, self._made
        if shown is None or made is None or made.choice == "id":
            return None
        name, rows = self._words.column(made.choice), len(shown.projected.points)
        if made.choice in FOLLOW_STEPS and made.step != shown.step:
            name = self._words.as_of(name, made.step)
        if isinstance(made.found, Graded):
            found = made.found.values
            values = np.full(rows, np.nan, found.dtype)
            values[: len(found)] = found[:rows]
            return name, values
        names = np.array([*made.key.names, "", ""], object)  # a tie, and no group
        groups = np.full(rows, NO_GROUP)
        groups[: len(made.found.groups)] = made.found.groups[:rows]
        return name, names[groups]

    def close(self) -> None:
        """End the threads and the process."""
        self.choice = None
        self.clusters.close()
        self._finder.close()

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _follow_frame(self) -> None:
        shown = self._session.shown
        if shown is not None and self.choice in FOLLOW_STEPS:
            self._version += 1
            if self.choice in READ_ROWS and not is_small(shown):
                self._news.note(shown)
            self.clusters.follow()

    @Slot()
    def _follow_state(self) -> None:
        if self._session.state is State.PAUSED:
            self.clusters.follow()

    @Slot()
    def _follow_words(self) -> None:
        if self.choice is not None:
            self._version += 1
            self.changed.emit()

    @Slot()
    def _follow_selection(self) -> None:
        if self.choice == "picked":
            self._version += 1

    @Slot()
    def _follow_lists(self) -> None:
        if self.choice == "lists":
            self._follow_words()

    @Slot()
    def _follow_mark(self) -> None:
        marked, before = self._session.nearest.marked, self._mark_seen
        self._mark_seen = marked
        if marked is not before and self.choice == "since-mark":
            if marked is None and self._session.nearest.marked_step is None:
                self.choose(None)
            else:
                self._ask_anew()

    @Slot()
    def _lose_mark(self) -> None:
        """The step could not be marked."""
        if self.choice == "since-mark" and self._session.nearest.marked is None:
            self.choose(None)

    @Slot()
    def _begin(self) -> None:
        """Another run: its rows are others, and so are its clusters."""
        self.clusters.forget()
        self._made = None
        self._ask_anew()

    @Slot(object)
    def _give_up(self, problem: AnyProblem) -> None:
        self.choose(None)
        self.problemRaised.emit(problem)

    @Slot()
    def _ask_anew(self) -> None:
        """The colours are to come from something else, on a scale of its own."""
        self._version += 1
        self._question += 1
        if self._made is not None and self._made.choice != self.choice:
            self._made = None
        self.changed.emit()

    # ── finding the colours ───────────────────────────────────────────────────────────────────

    def _refresh(self, shown: Shown) -> None:
        """Have the colours of `shown` found, now or soon, unless they are."""
        if shown.projected.only is not self._only:  # others are counted
            self._only = shown.projected.only
            self._version += 1
        if self._made_version == self._version:
            return
        work = self._work(shown)
        if work is None or not work.ready:
            return
        if work.at_once:
            self._take(work, work.done(), self._version)
        elif not self._finder.busy:
            self._look(work)

    def _work(self, shown: Shown) -> Work | None:
        if self.choice is None:
            return None
        session, kept = self._session, self._session.nearest.marked
        marked = None if kept is None else Marked(kept.step, kept.rows)
        made = self._made
        earlier = Earlier()
        if made is not None and isinstance(made.found, Graded):
            earlier = Earlier(span=made.found.span)
        return Work(
            self.choice,
            shown,
            session.vocabulary.counts,
            session.encoded,
            session.selection,
            marked,
            self.clusters.found,
            self._lists(),
            earlier,
        )

    def _lists(self) -> tuple[Listed, ...]:
        kept = self._session.lists
        if self.choice != "lists":
            return ()
        return tuple(
            Listed(each.name, each.colour, kept.ids(number))
            for number, each in enumerate(kept.lists)
        )

    def _look(self, work: Work) -> None:
        hold = self._session.hold()
        if hold is None:
            return
        moved, made = self._news.take(), self._made
        goes_on = self._looked is not None and self._looked[0] == self._question
        if goes_on and made is not None and isinstance(made.found, Graded):
            earlier = replace(work.earlier, values=made.found.values, moved_ids=moved)
            work = replace(work, earlier=earlier)
        self._looked = self._question, self._version
        self._finder.look(hold, work, self._question)

    @Slot(object, object, int)
    def _receive(self, work: Work, found: Graded | Grouped, question: int) -> None:
        if question == self._question and self._looked is not None:
            self._take(work, found, self._looked[1])
            self.changed.emit()

    @Slot()
    def _tell_if_stale(self) -> None:
        if self.choice is not None and self._made_version != self._version:
            self.changed.emit()

    def _take(self, work: Work, found: Graded | Grouped, version: int) -> None:
        if isinstance(found, Graded):
            key = self._words.of_values(work, found)
        else:
            key = self._words.of_groups(work, found, work.encoded.label_names)
        self._made = Made(work.choice, work.shown.step, found, key)
        self._made_version = version

    def _awaited(self, shown: Shown, theme: Theme) -> Tints | None:
        """No colours, and the word that they are coming, where that takes a second or two."""
        if self.choice != "clusters":
            return None
        nothing = np.empty(0, np.uint8)
        codes = _fitted(nothing, len(shown.projected.points), shown.projected.only)
        title, missing = self._words.awaited()
        return Tints(codes, palettes.groups(theme), title, (), missing)

    def _title(self, made: Made, shown: Shown) -> str:
        if made.choice not in READ_ROWS or made.step == shown.step:
            return made.key.title  # the others name their step
        return self._words.as_of(made.key.title, made.step)


def _fitted(
    codes: NDArray[np.uint8], rows: int, only: NDArray[np.int64] | None
) -> NDArray[np.uint8]:
    """`codes` for a table of `rows` rows; new ones have no colour yet.

    Rows that are not among `only` are not drawn: so that nobody counts them as being without a
    value, they have one.
    """
    fitted = codes
    if len(codes) != rows:
        fitted = np.full(rows, NO_COLOUR, np.uint8)
        fitted[: len(codes)] = codes[:rows]
    if only is None:
        return fitted
    shown = np.zeros(rows, np.uint8)
    shown[only] = fitted[only]
    return shown
