"""Which of a run's keyframes go into its project: spread over the run, within a budget."""

from collections.abc import Sequence
from pathlib import Path

from core.project.contents import KeptState

BUDGET = 64 * 2**20
"""Bytes of keyframes in a project file, besides the state it was saved in."""


def states_in(folder: Path, reach: int, events: int) -> list[KeptState]:
    """The keyframes in `folder` of a run with `reach` steps and `events` changes, in order."""
    found = []
    for path in folder.glob("*-*.safetensors"):
        step, _, changes = path.stem.partition("-")
        if step.isdecimal() and changes.isdecimal():
            state = KeptState(int(step), int(changes), path)
            if state.step <= reach and state.events <= events:
                found.append(state)
    return sorted(found, key=lambda state: (state.step, state.events))


def within(states: Sequence[KeptState], budget: int = BUDGET) -> list[KeptState]:
    """As many of `states`, evenly spread, as have together at most `budget` bytes.

    Those that are gone meanwhile count as none.
    """
    sizes = [(state, size) for state in states if (size := _size(state.path)) is not None]
    whole = sum(size for _, size in sizes)
    if whole <= budget:
        return [state for state, _ in sizes]
    largest = max(size for _, size in sizes)
    count = min(budget // largest, len(sizes))
    # The last of each of `count` equal stretches: the end is what is gone on from.
    return [sizes[len(sizes) * number // count - 1][0] for number in range(1, count + 1)]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
