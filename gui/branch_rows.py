"""The rows that another branch came to, read from its last keyframe."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from gui.branches import Branch

TABLE = "table.layer.weight"
LARGEST = 2**24  # values that are read at once


@dataclass(frozen=True, eq=False)
class BranchRows:
    """The `rows` (V, D) of `branch` after `step` steps."""

    branch: Branch
    step: int
    rows: NDArray[Any]


def last_rows(branch: Branch) -> BranchRows | None:
    """The last rows that were kept of `branch`; None if none were, or they are too many."""
    files = sorted(branch.history.keyframes.glob("*.safetensors"), reverse=True)
    for path in files:
        try:
            with safe_open(path, framework="numpy") as file:
                rows, dimension = file.get_slice(TABLE).get_shape()
                if rows * dimension > LARGEST:
                    return None
                table = file.get_tensor(TABLE)
        except (OSError, SafetensorError):  # it went meanwhile, or a crash left half of it
            continue
        return BranchRows(branch, int(path.stem.split("-")[0]), table)
    return None
