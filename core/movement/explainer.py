"""Says why rows moved in the last step of a run, and costs nothing while nobody asks.

Of a step that is about to be shown it is written down as it is done. Any other is done once more,
from a keyframe, a little at a time, while the run rests.
"""

import time
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from core.keyframes import KeyframeStore
from core.messages import Build, Edit, Explained
from core.movement.recorded import RecordedStep, record_nothing, record_step
from core.movement.wire import explained
from core.rebuilding import rebuild
from core.replays import PartedError
from core.trainer import Trainer

AT_A_TIME = 0.02  # seconds, so that no command waits longer
SMALL = 2**14  # values of a table; to write down all of it takes no time
LARGEST_REPEATED = 2**25  # values of a table; doing a step again takes its memory once more


class Explainer:
    """Explains the rows that were asked for, in the run whose events until now `history` gives."""

    def __init__(self, history: Callable[[], Build], keyframes: KeyframeStore) -> None:
        self._history = history
        self._keyframes = keyframes
        self._ids: tuple[int, ...] = ()
        self._owed = False  # whether what was asked last is still unanswered
        # What is known: of which step, for which ids; None where the step can't be done again.
        self._step = -1
        self._asked: frozenset[int] = frozenset()
        self._recorded: RecordedStep | None = None
        self._way: Iterator[RecordedStep | None] | None = None  # to a step that is done again
        self._goal: tuple[int, tuple[int, ...]] = (-1, ())
        self._left_out: int | None = None

    @property
    def is_asked(self) -> bool:
        """Whether somebody wants to know of any row."""
        return bool(self._ids)

    def ask(self, ids: tuple[int, ...]) -> None:
        """Explain the rows `ids` from now on."""
        self._ids = ids
        self._owed = bool(ids)
        self._way = None

    def leave_out(self, step: int | None) -> None:
        """Do not do `step`, where the run is, again: it would not come out as it did.

        None as soon as the run is where any step can be done again.
        """
        self._left_out = step
        if step == self._step:
            self._step, self._recorded = -1, None

    def advance(self, trainer: Trainer, likely: Iterable[int] = ()) -> float:
        """Do a step and write it down; returns its loss.

        Also for rows that are `likely` to be asked for next, and of a small table for every row.
        """
        weight = trainer.table.weight
        others = range(len(weight)) if weight.numel() <= SMALL else likely
        ids = dict.fromkeys((*self._ids, *others))
        loss, recorded = record_step(trainer, ids)
        self._keep(trainer.step, recorded, ids)
        return loss

    def is_due(self, step: int) -> bool:
        """Whether there is an answer about `step` to be given, or to be found."""
        return bool(self._ids) and (self._owed or not self._knows(step))

    def work(self, trainer: Trainer) -> None:
        """Go on for a moment to do the last step of `trainer` again, unless it is known."""
        if self._knows(trainer.step):
            return
        goal = (trainer.step, self._ids)
        if self._way is None or goal != self._goal:
            self._goal, self._way = goal, self._repeat(trainer)
        until = time.perf_counter() + AT_A_TIME
        try:
            for recorded in self._way:
                if recorded is not None:
                    self._keep(trainer.step, recorded, goal[1])
                if recorded is not None or time.perf_counter() > until:
                    return
            self._keep(trainer.step, None, goal[1])
        except PartedError:
            self._keep(trainer.step, None, goal[1])
        except BaseException:
            self._keep(trainer.step, None, goal[1])  # it would fail again
            raise

    def explained(self, trainer: Trainer) -> Explained | None:
        """Why the rows moved in the last step of `trainer`; None while that is not known.

        Rows that were not there before the step are left out, and where it can't be done again
        all are.
        """
        step = trainer.step
        if step < self._step:  # the run went back, and may come to another future
            self._step, self._recorded = -1, None
        recorded = self._recorded
        if not self._ids or not self._knows(step):
            return None
        self._owed = False
        run = self._history().run
        if recorded is None:
            return explained(run, step, trainer.config.optimizer, [])
        weight = trainer.table.weight.detach()
        kept = recorded.of(id_ for id_ in self._ids if id_ < len(weight))
        movements = kept.movements(weight[list(kept.ids)].numpy(), self._edits(step))
        return explained(run, step, recorded.optimizer, movements)

    def _knows(self, step: int) -> bool:
        return step == self._step and self._asked.issuperset(self._ids)

    def _keep(self, step: int, recorded: RecordedStep | None, asked: Iterable[int]) -> None:
        self._step, self._recorded, self._asked = step, recorded, frozenset(asked)
        self._way = None

    def _edits(self, step: int) -> Iterable[Edit]:
        """What was written into the table since `step`."""
        changes = [event.change for event in self._history().events if event.step == step]
        return [change for change in changes if isinstance(change, Edit)]

    def _repeat(self, trainer: Trainer) -> Iterator[RecordedStep | None]:
        """The last step of `trainer` by another that goes there; None while it is on its way."""
        step, ids = trainer.step, self._ids
        if step == self._left_out or trainer.table.weight.numel() > LARGEST_REPEATED:
            return
        before = max(step - 1, 0)
        history = self._history()
        events = tuple(event for event in history.events if event.step < step)
        build = replace(history, events=events, step=before)
        for other in rebuild(build, self._keyframes):
            there = other
            yield None
        recorded = record_step(there, ids)[1] if step else record_nothing(there, ids)
        self._keyframes.replays.require_same(step, len(events), there.state)
        yield recorded
