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
    return hashes_in(lines_in(folder))


def lines_in(folder: Path) -> str:
    """What is written down there, to be read by `hashes_in`, which takes far longer."""
    try:
        return (folder / FILE).read_text("utf-8", "replace")
    except OSError:
        return ""


def hashes_in(lines: str) -> list[StateHash]:
    """Those in `lines` that are whole, in their order; of two of one moment the later."""
    machines: dict[str, Machine] = {}  # by the end of a line: there are few
    found: dict[Moment, StateHash] = {}
    for line in lines.splitlines(keepends=True):
        try:
            step, events, value, told = line.split("\t", 3)
            moment = int(step), int(events)
            machine = machines.get(told) or machines.setdefault(told, _machine(told))
            found[moment] = StateHash(*moment, int(value, 16), machine)
        except ValueError:
            continue
    return [found[moment] for moment in sorted(found)]


def write_hashes(folder: Path, hashes: Iterable[StateHash]) -> None:
    """Have just these in `folder`, or those of before; raises `OSError`."""
    _write(folder, map(_line, hashes))


def copy_hashes(folder: Path, other: Path, step: int, events: int) -> None:
    """Have those `until` then, of the run in `folder`, in `other` too; raises `OSError`."""
    kept = []
    for line in lines_in(folder).splitlines(keepends=True):
        try:
            steps, changes, _ = line.split("\t", 2)
            if line.endswith("\n") and int(steps) <= step and int(changes) <= events:
                kept.append(line)
        except ValueError:
            continue
    _write(other, kept)


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


def _write(folder: Path, lines: Iterable[str]) -> None:
    unfinished = folder / f"{FILE}.part"
    unfinished.write_text("".join(lines), "utf-8")
    unfinished.replace(folder / FILE)


def _line(told: StateHash) -> str:
    machine = told.machine
    fields = (
        *(told.step, told.events, f"{told.value:x}"),
        *(machine.torch, machine.cpu_capability, machine.threads, machine.platform),
    )
    return "\t".join(map(str, fields)) + "\n"


def _machine(told: str) -> Machine:
    """The machine at the end of a line; raises `ValueError` if there is none, or no end."""
    if not told.endswith("\n"):
        raise ValueError(told)
    torch, capability, threads, platform = told[:-1].split("\t")
    return Machine(torch, capability, int(threads), platform)
