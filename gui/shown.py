"""One whole step, as it is on screen: its rows, what moved and was touched, and its points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.messages import Explained, Frame, Gradients, Trained
from core.movement.parts import Movement
from core.movement.wire import movements_in
from core.projection import Projected
from core.rows import RowBuffer


class Arrived(NamedTuple):
    """A frame that is not on screen yet, and the buffer it came in."""

    frame: Frame
    buffer: RowBuffer


@dataclass(frozen=True, eq=False)
class Shown:
    """One whole step, as it is on screen.

    `rows` (V, D) is torch's memory of that step, mapped read-only. `moved_ids` int32 and
    `moved_by` float32 (the L2 norm of each move since step `since`) run in parallel, as do
    `touched_ids` and `gradient_norms` (0: its gradient came in a step before this one).
    `gradients` are the watched rows' gradients (D,) in this very step, and `movements` say why the
    rows that were asked for moved in it; None while that is not known.

    What a step touched stays true until the next one, also where a frame comes in between: a
    change of the rate, a cell edited by hand, a pause.
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
    movements: Mapping[int, Movement] | None = None
    whole: bool = False
    """Whether any row may differ from what was shown before, whatever moved in the step itself."""
    as_stored: bool = False
    """Whether it was read as it was stored, for steps around it can't be done again here."""
    done: bool = True
    """Whether the engine did this step; if it read its state, nobody knows what it did to rows."""

    @classmethod
    def of(
        cls, frame: Frame, buffer: RowBuffer, projected: Projected, before: "Shown | None"
    ) -> "Shown":
        """The step of `frame`, whose rows are in `buffer` and whose points are `projected`.

        `before` is what was shown of the same run.
        """
        touched_ids = buffer.touched_ids[: frame.touched]
        gradient_norms = buffer.gradient_norms[: frame.touched]
        if before is not None and before.step == frame.step:
            kept = (before.gradient_norms != 0) & (before.touched_ids < len(buffer.rows))
            touched_ids, gradient_norms = before.touched_ids[kept], before.gradient_norms[kept]
        return cls(
            frame.step,
            frame.since,
            buffer.rows,
            buffer.moved_ids[: frame.moved],
            buffer.moved_by[: frame.moved],
            touched_ids,
            gradient_norms,
            frame.trained,
            _by_id(frame.gradients),
            _with_moves(projected, frame, buffer),
            _why(frame.explained),
            frame.whole,
            frame.as_stored,
            frame.done,
        )

    def is_repeated_by(self, frame: Frame) -> bool:
        """Whether `frame` of the same run brings this very step again, and nothing has moved."""
        return not (frame.whole or frame.moved) and frame.since == frame.step == self.step

    def again(self, frame: Frame, buffer: RowBuffer) -> "Shown":
        """The same step and marks, with its rows in the `buffer` of a `frame` that repeats it.

        The marks are copied, for the engine writes into the memory they were in.
        """
        return replace(
            self,
            rows=buffer.rows,
            moved_ids=self.moved_ids.copy(),
            moved_by=self.moved_by.copy(),
            touched_ids=self.touched_ids.copy(),
            gradient_norms=self.gradient_norms.copy(),
            gradients=_by_id(frame.gradients),
            movements=self.movements if frame.explained is None else _why(frame.explained),
        )

    def turned(self, projected: Projected) -> "Shown":
        """The same step under other axes."""
        return replace(self, projected=_of_moved(projected, len(self.moved_ids)))

    def with_gradients(self, gradients: Gradients) -> "Shown":
        """The same step with the gradients of other rows."""
        return replace(self, gradients=_by_id(gradients))

    def explained_by(self, movements: Mapping[int, Movement]) -> "Shown":
        """The same step, which now says why rows moved in it."""
        return replace(self, movements=movements)


def _of_moved(projected: Projected, moved: int) -> Projected:
    """`projected` without the places of rows that did not move.

    In a whole frame what differs was found out for the axes alone.
    """
    return replace(projected, moved_from=projected.moved_from[:moved])


def _with_moves(projected: Projected, frame: Frame, buffer: RowBuffer) -> Projected:
    """`projected` with the places that the rows which the frame says moved came from."""
    if not frame.sought:
        return _of_moved(projected, frame.moved)
    moved_from = np.full((frame.moved, projected.points.shape[1]), np.nan, np.float32)
    if frame.came_from is not None:
        places = np.isin(buffer.moved_ids[: frame.moved], frame.came_from.ids)
        moved_from[places] = projected.project(frame.came_from.rows.numpy())
    return replace(projected, moved_from=moved_from)


def _why(message: Explained | None) -> Mapping[int, Movement] | None:
    return None if message is None else movements_in(message)


def _by_id(gradients: Gradients | None) -> dict[int, NDArray[Any]]:
    if gradients is None:
        return {}
    return dict(zip(gradients.ids, gradients.rows.numpy(), strict=True))
