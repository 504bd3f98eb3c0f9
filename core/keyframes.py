"""Keyframes: whole training states in files, from which any later step is reached by training.

They are files so that they outlive an engine that is killed. A keyframe is written under another
name and renamed, so that there is never half of one. Their hashes tell whether training came to
them again, see `core.replays`.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from core.machine import Machine
from core.replays import Replays
from core.state_hashes import Moment

BUDGET = 2**30
SPACING_SECONDS = 0.1  # of training between two keyframes: doing it again must not be felt
SPACING_COST = 50  # and this many times what writing one takes: two hundredths of the time


@dataclass(frozen=True, order=True)
class Keyframe:
    """A state after `step` steps and the first `events` events of the run."""

    step: int
    events: int
    path: Path

    @property
    def moment(self) -> Moment:
        """When it was."""
        return self.step, self.events


class KeyframeStore:
    """The keyframes of one run, in a folder of its own, within `budget` bytes.

    When the budget is passed those go whose neighbours are nearest: the rest stay spread over the
    whole run, so that no step is far from one.
    """

    def __init__(self, folder: Path, budget: int = BUDGET, machine: Machine | None = None) -> None:
        """Those that are in `folder` are known; nobody else writes there.

        `machine` is the one that trains here, if not this very process.
        """
        self._folder = folder
        self._budget = budget
        self._written_at = time.perf_counter()
        self._cost = 0.0
        self._known = dict(_found(folder))  # with their bytes
        self._unread = set(self._known)  # somebody else's, until they were read once
        self.replays = Replays(folder, machine)

    def is_due(self) -> bool:
        """Whether enough time has passed since the last one to pay for another."""
        since = time.perf_counter() - self._written_at
        return since > max(SPACING_SECONDS, SPACING_COST * self._cost)

    def save(self, step: int, events: int, state: dict[str, Tensor]) -> None:
        """Write the state of this moment and its hash; on a full disk there is just no keyframe."""
        begun = time.perf_counter()
        self.replays.note(step, events, state)
        path = self._folder / f"{step:012d}-{events:06d}.safetensors"
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            write_state(path, state)
            self._known[Keyframe(step, events, path)] = path.stat().st_size
        self._thin()
        self._written_at = time.perf_counter()
        self._cost = self._written_at - begun

    def pass_by(self, step: int, events: int, state: Callable[[], dict[str, Tensor]]) -> None:
        """Look whether a run that is done again came to what it was, and keep that if it is due.

        Raises `PartedError` if it did not.
        """
        if self.replays.knows(step, events):
            self.replays.require_same(step, events, state)
            if self.is_due() and not self.is_kept(step, events):
                self.save(step, events, state())

    def nearest(self, step: int, events: int) -> Keyframe | None:
        """The last keyframe of at most `step` steps that knows no more than `events` events."""
        fitting = [each for each in self._known if each.step <= step and each.events <= events]
        return max(fitting, default=None)

    def next(self, step: int) -> Keyframe | None:
        """The first keyframe of at least `step` steps."""
        return min((each for each in self._known if each.step >= step), default=None)

    def forget_after(self, step: int, events: int) -> None:
        """Delete the keyframes of a future that will not come: later steps or other events."""
        for each in [*self._known]:
            if each.step > step or each.events > events:
                self._delete(each)
        self.replays.forget_after(step, events)

    def load_nearest(self, step: int, events: int) -> tuple[Keyframe, dict[str, Tensor]] | None:
        """The nearest keyframe that can be read, and its state; those that cannot are deleted."""
        while (keyframe := self.nearest(step, events)) is not None:
            state = self.load(keyframe)
            if state is not None:
                return keyframe, state
        return None

    def load_at(self, step: int, events: int) -> dict[str, Tensor] | None:
        """The state of just this moment; None if there is none that can be read."""
        found = self.nearest(step, events)
        return self.load(found) if found is not None and found.moment == (step, events) else None

    def load(self, keyframe: Keyframe) -> dict[str, Tensor] | None:
        """The state of `keyframe`; None, and it is deleted, if it is not what was written."""
        try:
            state = load_file(keyframe.path)
        except (OSError, SafetensorError):  # a machine that lost its power as it was written
            state = None
        if keyframe in self._unread and state is not None:
            self._unread.discard(keyframe)
            if not self.replays.is_as_noted(*keyframe.moment, state):
                state = None
        if state is None:
            self._delete(keyframe)
        return state

    def is_kept(self, step: int, events: int) -> bool:
        """Whether there is a keyframe of just this moment."""
        found = self.nearest(step, events)
        return found is not None and found.moment == (step, events)

    def is_to_be_proven(self, step: int, events: int) -> bool:
        """Whether another machine made this moment, and it has to be come to again by training."""
        is_kept = self.is_kept(step, events)
        return not is_kept and self.replays.next_unproven(step) is not None

    def _delete(self, keyframe: Keyframe) -> None:
        del self._known[keyframe]
        self._unread.discard(keyframe)
        keyframe.path.unlink(missing_ok=True)

    def _thin(self) -> None:
        size = sum(self._known.values())
        if size <= self._budget:
            return
        keyframes = sorted(self._known)
        # The newest stays: it is the one a crash needs. So does what another machine came to last.
        needed = self.replays.needed()
        while size > self._budget:
            steps = [0, *(each.step for each in keyframes)]
            gaps = {
                number: steps[number + 2] - steps[number]
                for number, each in enumerate(keyframes[:-1])
                if each.moment not in needed
            }
            if not gaps:
                return
            closest = keyframes.pop(min(gaps, key=lambda number: gaps[number]))
            size -= self._known[closest]
            self._delete(closest)


def write_state(path: Path, state: dict[str, Tensor]) -> None:
    """Write `state` to `path`, whole or not at all; raises `OSError`."""
    unfinished = path.with_suffix(".part")
    try:
        save_file(state, unfinished)
        unfinished.replace(path)
    except (OSError, SafetensorError) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise
        raise OSError(str(error)) from error  # safetensors hides the system's error in its own


def _found(folder: Path) -> Iterator[tuple[Keyframe, int]]:
    for path in folder.glob("*.safetensors"):
        step, events = path.stem.split("-")
        yield Keyframe(int(step), int(events), path), path.stat().st_size
