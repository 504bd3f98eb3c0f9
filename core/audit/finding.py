"""What the audit finds, as data; `gui.explain_findings` makes sentences of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from core.config import OptimizerConfig, RunConfig

Level = Literal["note", "warning", "error"]
"""A note is worth knowing, a warning likely gives other results than meant, an error does."""

Kind = Literal[
    "nan-rows",
    "zero-rows",
    "duplicate-rows",
    "norm-outliers",
    "dead-rows",
    "unmoved-rows",
    "nothing-trains",
    "id-out-of-range",
    "unknown-share",
    "unknown-is-padding",
    "tokens-missing",
    "rows-unnamed",
    "pad-row-not-zero",
    "given-pad-row",
    "pad-with-a-job",
    "no-padding-idx",
    "wrong-padding-idx",
    "negative-padding-idx",
    "pad-is-end",
    "pads-among-words",
    "loss-on-pads",
    "padded-text",
    "pads-in-pooling",
    "pads-in-last-state",
    "pads-in-attention",
    "pads-in-batch-norm",
    "pads-in-convolution",
    "tied-pad-row",
    "decay-of-unseen",
    "momentum-tail",
    "settings-refused",
    "sparse-momentum",
    "dense-gradients",
    "half-precision",
    "double-precision",
    "zero-rate",
    "stale-optimizer",
    "frozen-moves",
    "max-norm-outside",
    "scaled-by-frequency",
    "zeros-never-leave",
]

LEVELS: tuple[Level, ...] = get_args(Level)
KINDS: tuple[Kind, ...] = get_args(Kind)
Number = int | float | str


class ZeroRow(Struct, frozen=True, tag=True):
    """Set every value of row `row` to 0; the run goes on."""

    row: int


class UseOptimizer(Struct, frozen=True, tag=True):
    """Go on with these settings of the same algorithm."""

    optimizer: OptimizerConfig


class BeginAgain(Struct, frozen=True, tag=True):
    """Begin a new run with `config`; what was trained is not in it."""

    config: RunConfig


Remedy = ZeroRow | UseOptimizer | BeginAgain
"""What mends a finding without any other harm; all of it can be undone."""


def as_rows(ids: ArrayLike) -> NDArray[np.int64]:
    """`ids` (n,) as a finding holds them."""
    return np.asarray(ids, np.int64).reshape(-1)


def as_cells(sentences: ArrayLike, positions: ArrayLike) -> NDArray[np.int64]:
    """The cells (n, 2) at `positions` (n,) of `sentences` (n,), both from 0."""
    return np.stack((as_rows(sentences), as_rows(positions)), 1)


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that was found.

    `rows` int64 (n,) are the ids it is about, those that matter most first; `cells` int64 (m, 2)
    the sentence and the position, from 0, of each token it is about, in the order of the text; the
    position behind the last token of a sentence is that of its first pad, on whichever side.
    `numbers` are what the sentences about it need, by name. `of_batch`: it is about a batch that is
    studied by itself, and so are its cells.
    """

    kind: Kind
    level: Level
    rows: NDArray[np.int64] = field(default_factory=lambda: as_rows([]))
    cells: NDArray[np.int64] = field(default_factory=lambda: as_cells([], []))
    numbers: Mapping[str, Number] = field(default_factory=dict)
    remedy: Remedy | None = None
    of_batch: bool = False

    def is_at_least(self, level: Level) -> bool:
        """Whether it is as grave as `level`, or graver."""
        return LEVELS.index(self.level) >= LEVELS.index(level)
