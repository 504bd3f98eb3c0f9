"""Whether the memory of this machine holds a run, asked before it is built. Needs no torch.

Left to itself Linux grants memory that it does not have, and kills the process, or another, later.
"""

import os
from pathlib import Path

import numpy as np

from core.config import RunConfig
from core.problems import ProblemError, TooMuchMemory

CGROUP = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")
SHOWN = 2  # copies of the table, in turn written and shown
USABLE = 0.9  # of what is available: what is smaller, and the other programs, need some too


def check_memory(config: RunConfig, copies: int = 0) -> None:
    """Raise `ProblemError(TooMuchMemory)` if there is no room to train `config`.

    `copies` of the table are made besides. A run that is on screen has those that are `SHOWN`
    already, and training it elsewhere anew, to come to another of its steps, makes none.
    """
    needed, available = needed_bytes(config, copies), available_bytes()
    if available is not None and needed > USABLE * available:
        raise ProblemError(TooMuchMemory("table", needed, int(USABLE * available)))


def needed_bytes(config: RunConfig, copies: int = 0) -> int:
    """The least that it takes: the large matrices, without an optimizer's state."""
    table, objective = config.table, config.objective
    matrix = table.num_embeddings * table.embedding_dim * np.dtype(table.dtype).itemsize
    with_gradient = 1 if table.sparse else 2
    copies += 1 if table.frozen else with_gradient
    if objective.name != "sentence-label" and not objective.is_tied:
        copies += with_gradient  # the output weights, as large as the table
    return copies * matrix


def available_bytes(meminfo: Path = MEMINFO, cgroup: Path = CGROUP) -> int | None:
    """The memory that could be had now without swapping, also in a container; None: not known."""
    bounds = []
    entries = _entries(meminfo, ":")
    if "MemAvailable" in entries:
        bounds.append(1024 * entries["MemAvailable"])
    elif "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        bounds.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    limit, used = (_number(cgroup / name) for name in ("memory.max", "memory.current"))
    if limit is not None and used is not None:
        # What it has read of files lately is given back when it is needed.
        used -= _entries(cgroup / "memory.stat", " ").get("inactive_file", 0)
        bounds.append(max(limit - used, 0))
    return min(bounds, default=None)


def _entries(path: Path, separator: str) -> dict[str, int]:
    """The lines `name<separator>number …` of `path`; none if it cannot be read."""
    found = {}
    for line in _text(path).splitlines():
        name, _, rest = line.partition(separator)
        number = rest.split()[:1]
        if number and number[0].isdecimal():
            found[name] = int(number[0])
    return found


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
