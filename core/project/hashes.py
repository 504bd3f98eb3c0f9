"""The hashes of runs as a project holds them: an array a run, and the machines by their numbers."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.machine import Machine
from core.project.archive import ARRAYS, DESCRIPTION
from core.project.checks import Checks
from core.project.contents import SavedRun
from core.state_hashes import StateHash

COLUMNS = 4  # step, changes, hash, number of the machine
LARGEST_HASH = 2**32 - 1
LONGEST_WORD = 200  # of what is said of a machine


def machines_of(runs: Sequence[SavedRun]) -> tuple[Machine, ...]:
    """Each machine that made steps of `runs`, once."""
    return tuple(dict.fromkeys(each.machine for run in runs for each in run.hashes))


def array_of(hashes: Sequence[StateHash], machines: Sequence[Machine]) -> NDArray[np.int64]:
    """`hashes` as (n, 4)."""
    numbers = {machine: number for number, machine in enumerate(machines)}
    rows = [(each.step, each.events, each.value, numbers[each.machine]) for each in hashes]
    return np.array(rows, np.int64).reshape(-1, COLUMNS)


def check_machines(machines: Sequence[Machine], checks: Checks) -> None:
    """Refuse words that are none: they are written into files of lines."""
    for machine in machines:
        words = machine.torch, machine.cpu_capability, machine.platform
        fine = all(word.isprintable() and len(word) <= LONGEST_WORD for word in words)
        checks.require(fine, DESCRIPTION, "a machine is called what none is")


def hashes_in(
    array: NDArray[Any] | None, machines: Sequence[Machine], run: SavedRun, checks: Checks
) -> tuple[StateHash, ...]:
    """What `array_of` made, for `run`; none where there is no array."""
    if array is None:
        return ()
    fits = array.ndim == 2 and array.shape[1] == COLUMNS and array.dtype == np.int64
    checks.require(fits, ARRAYS, "hashes are no table of four columns")
    most = (len(run.losses), len(run.events), LARGEST_HASH, len(machines) - 1)
    inside = not len(array) or bool((array >= 0).all() and (array <= np.array(most)).all())
    checks.require(inside, ARRAYS, "hashes are of another run")
    return tuple(
        StateHash(step, events, value, machines[number])
        for step, events, value, number in array.tolist()
    )
