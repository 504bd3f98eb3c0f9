"""One whole step, as it is on screen: its rows, what moved and was touched, and its points."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.messages import Frame, Gradients, Trained
from core.projection import Projected
from core.rows import RowBuffer


@dataclass(frozen=True, eq=False)
class Shown:
    """One whole step, as it is on screen.

    `rows` (V, D) is torch's memory of that step, mapped read-only. `moved_ids` int32 and
    `moved_by` float32 (the L2 norm of each move since step `since`) run in parallel, as do
    `touched_ids` and `gradient_norms` (0: its gradient came in a step before this one).
    `gradients` are the watched rows' gradients (D,) in this very step.
    """

    step: int
    since: int
    rows: NDArray[Any]
    moved_ids: NDArray[np.int32]
    moved_by: NDArray[np.float32]
    touched_ids: NDArray[np.int32]
    gradient_norms: NDArray[np.float32]
    trained: Trained | None
    gradients: dict[int, NDArray[Any]]
    projected: Projected

    @classmethod
    def of(cls, frame: Frame, buffer: RowBuffer, projected: Projected) -> "Shown":
        """The step of `frame`, whose rows are in `buffer` and whose points are `projected`."""
        return cls(
            frame.step,
            frame.since,
            buffer.rows,
            buffer.moved_ids[: frame.moved],
            buffer.moved_by[: frame.moved],
            buffer.touched_ids[: frame.touched],
            buffer.gradient_norms[: frame.touched],
            frame.trained,
            _by_id(frame.gradients),
            _of_moved(projected, frame.moved),
        )

    def turned(self, projected: Projected) -> "Shown":
        """The same step under other axes."""
        return replace(self, projected=_of_moved(projected, len(self.moved_ids)))

    def with_gradients(self, gradients: Gradients) -> "Shown":
        """The same step with the gradients of other rows."""
        return replace(self, gradients=_by_id(gradients))


def _of_moved(projected: Projected, moved: int) -> Projected:
    """`projected` without the places of rows that did not move.

    In a whole frame what differs was found out for the axes alone.
    """
    return replace(projected, moved_from=projected.moved_from[:moved])


def _by_id(gradients: Gradients | None) -> dict[int, NDArray[Any]]:
    if gradients is None:
        return {}
    return dict(zip(gradients.ids, gradients.rows.numpy(), strict=True))
