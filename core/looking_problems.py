"""What can go wrong as rows are looked at: in sums, searches, axes, clusters, maps, branches."""

from typing import Literal

from msgspec import field

from core.problem import Problem


class NotFinite(Problem, frozen=True):
    """The vector whose nearest rows are asked for holds NaN or Inf, or is longer than 1e18."""


class NoDirection(Problem, frozen=True):
    """The vector whose nearest rows by cosine are asked for is all zeros."""


class UnknownTokens(Problem, frozen=True):
    """Words of a sum of words that the vocabulary lacks."""

    tokens: list[str]


class NothingToFind(Problem, frozen=True):
    """A question without any token in it."""


class MissingWord(Problem, frozen=True):
    """In a sum of words no word follows the sign at character `position` (from 0)."""

    position: int


class BadPattern(Problem, frozen=True):
    """`pattern` is no regular expression: `reason` says why, at character `position` (from 0)."""

    pattern: str
    reason: str
    position: int | None = None


class PatternTooSlow(Problem, frozen=True):
    """The regular expression `pattern` was still not done after `seconds`."""

    pattern: str
    seconds: float


AxisRefusal = Literal[
    "no-arrow", "empty-side", "unknown-token", "same-token", "equal", "not-finite"
]


class AxisRefused(Problem, frozen=True):
    """The axis written as `text` is no direction; `tokens` are those that `reason` is about."""

    text: str
    reason: AxisRefusal
    tokens: list[str] = field(default_factory=list)


class ClusteringFailed(Problem, frozen=True):
    """The process that groups rows in clusters ended; `detail` says how."""

    detail: str


MapRefusal = Literal["one-column", "few-rows", "equal-rows", "not-installed", "ended", "failed"]


class MapRefused(Problem, frozen=True):
    """A map by `method` ("tsne" or "umap") cannot be made of `rows` rows.

    `detail` is what the library or the system said, where they said something.
    """

    reason: MapRefusal
    method: str
    rows: int = 0
    detail: str = ""


class BranchUnseen(Problem, frozen=True):
    """The branch `name` is compared by its losses alone: no table of it was kept.

    Or one was, whose `values` are more than the `most` that are read.
    """

    name: str
    values: int = 0
    most: int = 0


AnyLookingProblem = (
    NotFinite
    | NoDirection
    | UnknownTokens
    | NothingToFind
    | MissingWord
    | BadPattern
    | PatternTooSlow
    | AxisRefused
    | ClusteringFailed
    | MapRefused
    | BranchUnseen
)
