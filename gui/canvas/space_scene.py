"""What Space draws of one step: plain arrays and ids, without a session behind them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gui.canvas.movement_arrows import PartArrows
from gui.canvas.other_points import OtherPoints
from gui.canvas.pooled_points import PooledPoints
from gui.canvas.tints import Tints
from gui.canvas.trails import Moves, Trail

MOST_NAMED = 30  # of the matches
MOST_NAMED_PICKED = 100
MOST_LABELS = 300  # in a view, unless somebody chose another number


def _no_ids() -> NDArray[np.integer]:
    return np.zeros(0, np.int32)


def _nameless(_id: int) -> str:
    return ""


@dataclass(frozen=True)
class Marked:
    """Rows that a mark is drawn on: the most important `ids` of `total`."""

    ids: NDArray[np.integer] = field(default_factory=_no_ids)
    total: int = 0


@dataclass(frozen=True)
class WordSum:
    """A sum of words, `text`: ids that are added, and ids that are taken away.

    `point` (k,) is where the sum of their rows lies.
    """

    text: str
    added: tuple[int, ...]
    taken: tuple[int, ...]
    point: NDArray[np.float32]

    def sides(self) -> tuple[tuple[int, int], ...]:
        """The two pairs of ids between which the sides of the parallelogram a − b + c begin."""
        if len(self.added) != 2 or len(self.taken) != 1:
            return ()
        return tuple((self.taken[0], id_) for id_ in self.added)


@dataclass(frozen=True, eq=False)
class SentencePath:
    """The typed line: the rows of its tokens in reading order, and where their mean lies.

    `ids` are the rows that a path is drawn through, the first of `total` tokens; empty if it is
    not wanted. Of them `unknown` are not in the vocabulary, and go through the row of <unk>.
    `mean` (k,) is the mean without pads, `padded_mean` (k,) the one with them; None if it is not
    wanted or there is nothing to be told apart, NaN where a row is left out.
    """

    ids: tuple[int, ...] = ()
    total: int = 0
    unknown: int = 0
    mean: NDArray[np.float32] | None = None
    padded_mean: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Scene:
    """One step as it is drawn.

    `points` float32 (V, 2) or (V, 3), NaN where a row is left out. `drifted` moved without a
    gradient. `typed`, `selected` (last picked last, of `picked` in all) and `prominent` (most
    moved first) are ids whose labels matter; `matches` are all ids that fit what is searched for.
    `plain` says that the axes are columns of the table, with a meaningful 0. `scaled` says that
    distances are in the table's unit; otherwise there is none.
    `running` says that another scene is about to follow. `left_out` are ids of rows that hold NaN
    or infinity.
    `tints` are the colours of the points; None: all have one. `faint` bool (V,) are points that
    step back behind the others; `emphasised` are ids of points that are drawn larger.
    `pooled` are what a head made of whole sentences, `parts` what moved one row,
    `other` the points of another branch. `most_labels`
    bounds how many names are written.
    """

    points: NDArray[np.float32]
    axis_names: tuple[str, ...] = ()
    plain: bool = False
    scaled: bool = True
    running: bool = False
    left_out: NDArray[np.integer] = field(default_factory=_no_ids)
    name_of: Callable[[int], str] = _nameless
    touched: Marked = Marked()
    drifted: Marked = Marked()
    typed: tuple[int, ...] = ()
    prominent: tuple[int, ...] = ()
    selected: tuple[int, ...] = ()
    picked: int = 0
    hovered: int | None = None
    unknown: int | None = None
    pad: int | None = None
    moves: Moves | None = None
    trails: tuple[Trail, ...] = ()
    matches: NDArray[np.integer] = field(default_factory=_no_ids)
    word_sum: WordSum | None = None
    sentence: SentencePath | None = None
    pooled: PooledPoints | None = None
    other: OtherPoints | None = None
    tints: Tints | None = None
    faint: NDArray[np.bool_] | None = None
    emphasised: NDArray[np.integer] = field(default_factory=_no_ids)
    parts: PartArrows | None = None
    most_labels: int = MOST_LABELS

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.points.shape[1])

    def that_matter(self) -> tuple[int, ...]:
        """Ids whose label and mark win over others: hovered, picked, typed, found, most moved."""
        hovered = () if self.hovered is None else (self.hovered,)
        found = tuple(self.matches[:MOST_NAMED].tolist())
        if self.word_sum is not None:
            found = (*self.word_sum.added, *self.word_sum.taken, *found)
        picked = self.selected[: -MOST_NAMED_PICKED - 1 : -1]
        ids = dict.fromkeys(hovered + picked + self.typed + found + self.prominent)
        return tuple(id_ for id_ in ids if 0 <= id_ < len(self.points))


EMPTY = Scene(np.zeros((0, 2), np.float32))
