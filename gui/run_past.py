"""What a project keeps of a run's past: keyframes and hashes, looked through in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.messages import Event
from core.project.contents import KeptState, Project, SavedRun
from core.project.states import states_in, within
from core.state_hashes import StateHash, handovers, hashes_in, lines_in, until


@dataclass(frozen=True, eq=False)
class Past:
    """What was in the folder of a run's keyframes, and the state it is saved in, if any."""

    states: tuple[KeptState, ...]
    lines: str  # of its hashes
    own: KeptState | None

    @classmethod
    def of(cls, run: SavedRun, folder: Path, own: KeptState | None) -> "Past":
        """What is in `folder` now: a run that goes on may change it at any time."""
        states = states_in(folder, len(run.losses), len(run.events))
        return cls(tuple(states), lines_in(folder), own)

    def into(self, run: SavedRun, budget: int) -> SavedRun:
        """`run` with what is of it; with keyframes of `budget` bytes but for some it has to have.

        That is the one it was saved in, without which it is the last; and those in which it went
        to another machine, where what came before may not be come to again.
        """
        hashes = until(hashes_in(self.lines), len(run.losses), len(run.events))
        hashes = [each for each in hashes if _is_of(each, run.events)]
        states = [each for each in self.states if _is_of(each, run.events)]
        needed = handovers(hashes)
        last = self.own or (states[-1] if states else None)
        kept = {each.name: each for each in states if (each.step, each.events) in needed}
        if last is not None:
            kept[last.name] = last
        others = [each for each in states if each.name not in kept]
        chosen = sorted([*within(others, budget), *kept.values()], key=lambda each: each.name)
        return replace(run, states=tuple(chosen), hashes=tuple(hashes))


@dataclass(frozen=True, eq=False)
class Gathered:
    """A `project` whose runs lack their `pasts`, in which each may have `budget` bytes."""

    project: Project
    pasts: tuple[Past, ...]
    budget: int

    def whole(self) -> Project:
        """The project with them; of many steps that takes long."""
        pairs = zip(self.project.runs, self.pasts, strict=True)
        runs = tuple(past.into(run, self.budget) for run, past in pairs)
        return replace(self.project, runs=runs)


def _is_of(state: KeptState | StateHash, events: Sequence[Event]) -> bool:
    """Whether the changes in `state` were made by then; `events` are in their order."""
    return not state.events or events[state.events - 1].step <= state.step
