"""The parts that a row's change in one step is made of, and what they leave over.

Needs no torch: the engine takes changes apart, the window shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from core.config import OptimizerConfig

Doubles = NDArray[np.float64]
Part = Literal["gradient", "tied", "momentum", "decay", "max-norm", "edit"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True, eq=False)
class Movement:
    """How row `id` came from `before` to `after` (D,), in step `step` and edits since.

    `parts` (D,) are those that this set-up can have: an `optimizer` without decay has no such
    part. `rounding` (D,) is how far from the sum of the parts the arithmetic of the table's dtype
    may have led.
    """

    id: int
    step: int
    optimizer: OptimizerConfig
    before: NDArray[Any]
    after: NDArray[Any]
    parts: Mapping[Part, Doubles]
    rounding: Doubles

    @property
    def change(self) -> Doubles:
        """`after` − `before`, (D,)."""
        return _difference(self.after, self.before)

    @property
    def residual(self) -> Doubles:
        """What the parts do not explain, (D,)."""
        with np.errstate(invalid="ignore"):  # of a row that is not finite
            return self.change - sum(self.parts.values(), np.zeros(len(self.rounding)))

    @property
    def is_finite(self) -> bool:
        """Whether the row, and each of its parts, is made of numbers."""
        vectors = (self.change, *self.parts.values())
        return all(bool(np.isfinite(vector).all()) for vector in vectors)

    @property
    def is_explained(self) -> bool:
        """Whether what is left over is no more than rounding can be."""
        return bool((np.abs(self.residual) <= self.rounding).all())

    def along(self, vector: Doubles) -> float:
        """The part of `vector` that lies along the change; of all parts these add up to its length.

        Negative: it worked against the change. 0 where the row did not move.
        """
        change = self.change
        length = float(np.linalg.norm(change))
        return float(vector @ change) / length if length else 0.0


def rounding_of(
    before: NDArray[Any], after: NDArray[Any], parts: Mapping[Part, Doubles]
) -> Doubles:
    """How far float arithmetic may lead from the exact sum of `parts`, of the shape of each.

    A weight is rounded three times at the most (by half an ulp each time), and a part is the
    result of some ten roundings: of state, denominator and step.
    """
    limits = np.finfo(before.dtype)
    sizes = 8 * sum((np.abs(part) for part in parts.values()), np.zeros(before.shape))
    with np.errstate(invalid="ignore", over="ignore"):
        sizes += np.abs(before.astype(np.float64)) + np.abs(after.astype(np.float64))
        rounding: Doubles = float(limits.eps) * sizes + 4 * float(limits.smallest_subnormal)
    return rounding


def _difference(after: NDArray[Any], before: NDArray[Any]) -> Doubles:
    with np.errstate(invalid="ignore"):
        return after.astype(np.float64) - before.astype(np.float64)
