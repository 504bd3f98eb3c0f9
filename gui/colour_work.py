"""What the points of one step are coloured by: a value or a group for each, from its numbers."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core import colour_values
from core.colour_scale import Graded, Span, Values, grade, grade_whole
from core.colour_values import Grouped, coloured
from core.messages import EncodedCorpus
from gui.cluster_finder import Clusters
from gui.shown import Shown

Choice = Literal[
    "id",
    "frequency",
    "norm",
    "moved",
    "since-mark",
    "gradient",
    "clusters",
    "labels",
    "lists",
    "picked",
]

AT_ONCE_ROWS = 50_000
AT_ONCE_VALUES = 2**19
AT_ONCE_TOKENS = 2**17
"""What is more than these is found in a thread: it would take over 5 ms."""

READ_ROWS = ("norm", "since-mark", "clusters")
FOLLOW_STEPS = (*READ_ROWS, "moved", "gradient")


@dataclass(frozen=True, eq=False)
class Marked:
    """The `rows` (n, D) of the step that was marked."""

    step: int
    rows: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Listed:
    """A list of tokens: its `ids` (n,), and the number 0 … 7 of its colour."""

    name: str
    colour: int
    ids: NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Earlier:
    """The values of a step before, since which only `moved_ids` (m,) changed; None: any may have.

    `span` is the scale they had.
    """

    values: Values | None = None
    moved_ids: NDArray[np.integer[Any]] | None = None
    span: Span | None = None


@dataclass(frozen=True, eq=False)
class Work:
    """Everything that the colours of `shown` come from."""

    choice: Choice
    shown: Shown
    counts: NDArray[np.int64]
    encoded: EncodedCorpus
    picked: tuple[int, ...] = ()
    marked: Marked | None = None
    clusters: Clusters | None = None
    lists: tuple[Listed, ...] = ()
    earlier: Earlier = Earlier()

    @property
    def only(self) -> NDArray[np.int64] | None:
        """The ids that are shown alone; None: all are shown."""
        return self.shown.projected.only

    @property
    def ready(self) -> bool:
        """Whether there is all that is needed."""
        if self.choice == "since-mark":
            return self.marked is not None
        return self.choice != "clusters" or self.clusters is not None

    @property
    def at_once(self) -> bool:
        """Whether it takes no time to speak of."""
        if len(self.shown.rows) > AT_ONCE_ROWS:
            return False
        if self.choice == "labels":
            return self.encoded.ids.shape[0] <= AT_ONCE_TOKENS
        return self.choice not in READ_ROWS or is_small(self.shown)

    def done(self) -> Graded | Grouped:
        """The value or the group of each row, in any thread."""
        if self.choice in ("clusters", "labels", "lists", "picked"):
            return self._groups()
        shown, earlier, rows = self.shown, self.earlier, len(self.shown.rows)
        match self.choice:
            case "id":
                return grade_whole(np.arange(rows, dtype=np.float64))
            case "frequency":
                found = colour_values.frequencies(self.counts, rows)
                return grade_whole(found, logarithmic=True)
            case "norm":
                norms = colour_values.norms_after(shown.rows, earlier.moved_ids, earlier.values)
                return grade(norms, earlier.span)
            case "since-mark":
                assert self.marked is not None
                ways = colour_values.distances_after(
                    shown.rows, self.marked.rows, earlier.moved_ids, earlier.values
                )
                return grade(ways, earlier.span, from_zero=True)
            case "moved":
                moves = colour_values.of_some(shown.moved_ids, shown.moved_by, rows)
                return grade(moves, earlier.span, from_zero=True)
            case _:
                norms = colour_values.of_some(shown.touched_ids, shown.gradient_norms, rows)
                return grade(norms, earlier.span, from_zero=True)

    def _groups(self) -> Grouped:
        rows, encoded = len(self.shown.rows), self.encoded
        if self.choice == "clusters":
            assert self.clusters is not None
            centres = self.clusters.centres
            found = colour_values.nearest_centres(self.shown.rows, centres)
            return coloured(found, len(centres), only=self.only)
        if self.choice == "labels" and encoded.labels is not None:
            count = len(encoded.label_names)
            ids, offsets, labels = encoded.ids, encoded.offsets, encoded.labels
            found = colour_values.main_labels(
                ids.numpy(), offsets.numpy(), labels.numpy(), count, rows
            )
            return coloured(found, count, only=self.only)
        if self.choice == "lists":
            found = colour_values.of_lists([each.ids for each in self.lists], rows)
            colours = [each.colour for each in self.lists]
            return coloured(found, len(self.lists), colours, self.only)
        found = np.full(rows, colour_values.NO_GROUP, np.int32)
        if self.choice == "picked":
            found[[id_ for id_ in self.picked if id_ < rows]] = 0
        return coloured(found, 1, only=self.only)


def is_small(shown: Shown) -> bool:
    """Whether all rows can be read at once."""
    return shown.rows.size <= AT_ONCE_VALUES and len(shown.rows) <= AT_ONCE_ROWS
