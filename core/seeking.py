"""Brings a run back to any step it has come to, and forward again: to the same bits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.keyframes import KeyframeStore
from core.messages import Array, Build, Event, RowsBefore
from core.publisher import moves_between
from core.rebuilding import as_stored, live, travel
from core.replays import PartedError
from core.trainer import Trainer

MOST_ARROWS = 64  # rows of the step before that are sent along
LARGEST_COMPARED = 2**26  # values of a table; telling what a step moved takes its memory once more

LARGEST_LEFT = 2**24  # bytes of a state that are written while somebody waits for a step


@dataclass(frozen=True, eq=False)
class StepMoves:
    """What one step moved: `ids` int64 (m,), `by` float32 (m,), and where the farthest were."""

    ids: NDArray[np.int64]
    by: NDArray[np.float32]
    came_from: RowsBefore


@dataclass(frozen=True, eq=False)
class Sought:
    """A trainer at the step that was sought, and what that step moved.

    If steps that were done again came to other bits than they did, it was noticed when they
    `parted`, and the trainer is at a step whose state was stored.
    """

    trainer: Trainer
    moves: StepMoves | None = None
    parted: int | None = None


class Seeker:
    """Knows the whole history of one run, whichever of its steps is on screen."""

    def __init__(self, build: Build, keyframes: KeyframeStore) -> None:
        self._build = build
        self._keyframes = keyframes

    def history(self) -> Build:
        """The run with all changes, also those made after the step on screen."""
        return self._build

    def note(self, event: Event) -> None:
        """A change was made; those that were made later, in a future given up, are not any more."""
        events = [each for each in self._build.events if each.step <= event.step]
        self._build = replace(self._build, events=(*events, event))

    def applied(self, step: int) -> int:
        """How many changes had been made when `step` was on screen."""
        return sum(event.step <= step for event in self._build.events)

    def go(
        self,
        trainer: Trainer,
        step: int,
        on_the_way: Callable[[Trainer], None],
        *,
        forward: bool = False,
    ) -> Sought:
        """A trainer at `step`, which may be another one than `trainer`, and what that step moved.

        The moves are None at step 0, in a step that changed the size of the table, and where the
        table is too large to be compared. Where `step` can't be come to again, the trainer is at
        the last step before it that was stored, or if `forward` at the first after it.
        """
        try:
            return self._done_again(self._proven(trainer, step, on_the_way), step, on_the_way)
        except PartedError as parted:
            stored = as_stored(replace(self._build, step=step), self._keyframes, forward=forward)
            return Sought(stored, None, parted.step)

    def leave(self, trainer: Trainer) -> None:
        """Keep where training came to last, if that is where `trainer` is; of much the hash."""
        if self._keyframes.replays.is_beyond(trainer.step):
            applied, state = self.applied(trainer.step), trainer.state()
            if sum(each.nbytes for each in state.values()) <= LARGEST_LEFT:
                self._keyframes.save(trainer.step, applied, state)
            else:
                self._keyframes.replays.note(trainer.step, applied, state)

    def _proven(
        self, trainer: Trainer, step: int, on_the_way: Callable[[Trainer], None]
    ) -> Trainer:
        """Look ahead: of what another machine made, see that the next hash is met here too."""
        replays = self._keyframes.replays
        goal = replays.next_unproven(step)
        if goal is None:
            return trainer
        nearest = self._keyframes.nearest(step, self.applied(step))
        replays.require_way(nearest.moment if nearest else (0, 0), goal)
        before = max(goal[0] - 1, 0)  # a keyframe of the goal itself would prove nothing
        applied = self.applied(trainer.step)
        for each in travel(trainer, applied, self._build, self._keyframes, before):
            trainer = each
            on_the_way(trainer)
        for each in live(trainer, self.applied(before), self._build, self._keyframes, goal[0]):
            trainer = each
        return trainer

    def _done_again(
        self, trainer: Trainer, step: int, on_the_way: Callable[[Trainer], None]
    ) -> Sought:
        before = max(step - 1, 0)
        applied = self.applied(trainer.step)
        for each in travel(trainer, applied, self._build, self._keyframes, before):
            trainer = each
            on_the_way(trainer)
        trainer.table.lookups.take()
        weight = trainer.table.weight.detach()
        rows = weight.clone().numpy() if weight.numel() <= LARGEST_COMPARED else None
        for each in live(trainer, self.applied(before), self._build, self._keyframes, step):
            trainer = each
        moves = _moves(rows, trainer.table.weight.detach().numpy()) if step else None
        return Sought(trainer, moves)


def _moves(before: NDArray[Any] | None, after: NDArray[Any]) -> StepMoves | None:
    if before is None or before.shape != after.shape:
        return None
    ids, by = moves_between(after, before)
    farthest = np.sort(np.argsort(-by, kind="stable")[:MOST_ARROWS])
    rows = before[ids[farthest]]
    return StepMoves(ids, by, RowsBefore(tuple(ids[farthest].tolist()), Array.of(rows)))
