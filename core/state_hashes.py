"""The short hashes of a run's keyframes: far more of them are kept than keyframes.

They lie beside the keyframes, a line each, in a file that only grows: what a killed engine leaves
is whole but for its last line. Needs no torch.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from os import SEEK_END
from pathlib import Path
from typing import NamedTuple

from core.machine import Machine

FILE = "hashes.txt"
MOST = 2**14  # of one run; then every other one is let go
_FIELDS = 7  # of a line

Moment = tuple[int, int]
"""(steps done, changes made) in a run."""


class StateHash(NamedTuple):
    """The hash of the state after `step` steps and `events` changes, as `machine` made it."""

    step: int
    events: int
    value: int
    machine: Machine

    @property
    def moment(self) -> Moment:
        """When it was."""
        return self.step, self.events


def read_hashes(folder: Path) -> list[StateHash]:
    """Those of the run whose keyframes are in `folder`, in their order; none if none are there."""
    try:
        text = (folder / FILE).read_text("utf-8", "replace")
    except OSError:
        return []
    lines = map(_parsed, text.splitlines(keepends=True))
    found = {each.moment: each for each in lines if each is not None}
    return [found[moment] for moment in sorted(found)]


def write_hashes(folder: Path, hashes: Iterable[StateHash]) -> None:
    """Have just these in `folder`, or those of before; raises `OSError`."""
    unfinished = folder / f"{FILE}.part"
    unfinished.write_text("".join(map(_line, hashes)), "utf-8")
    unfinished.replace(folder / FILE)


def append_hash(folder: Path, added: StateHash) -> None:
    """Write down another; a full disk only means that there is none."""
    with suppress(OSError):
        if not folder.is_dir():
            folder.mkdir(parents=True)
        with (folder / FILE).open("ab+") as file:
            if file.tell():
                file.seek(-1, SEEK_END)
                if file.read(1) != b"\n":  # a line that was cut off would be the beginning of ours
                    file.write(b"\n")
            file.write(_line(added).encode())


def until(hashes: Iterable[StateHash], step: int, events: int) -> list[StateHash]:
    """Those of at most `step` steps and `events` changes."""
    return [each for each in hashes if each.step <= step and each.events <= events]


def handovers(hashes: Sequence[StateHash]) -> set[Moment]:
    """The moments, of `hashes` in their order, from which another machine went on."""
    return {before.moment for before, after in pairwise(hashes) if before.machine != after.machine}


def _line(told: StateHash) -> str:
    machine = told.machine
    fields = (
        *(told.step, told.events, f"{told.value:x}"),
        *(machine.torch, machine.cpu_capability, machine.threads, machine.platform),
    )
    return "\t".join(map(str, fields)) + "\n"


def _parsed(line: str) -> StateHash | None:
    fields = line.rstrip("\n").split("\t")
    if len(fields) != _FIELDS or not line.endswith("\n"):
        return None
    step, events, value, torch, capability, threads, platform = fields
    try:
        machine = Machine(torch, capability, int(threads), platform)
        return StateHash(int(step), int(events), int(value, 16), machine)
    except ValueError:
        return None
