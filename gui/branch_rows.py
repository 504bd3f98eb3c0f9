"""The rows that another branch came to, read from its last keyframe."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from safetensors import SafetensorError, safe_open

from core.looking_problems import BranchUnseen
from core.progress import Progress
from gui.background import Background
from gui.branches import Branch

TABLE = "table.layer.weight"
LARGEST = 2**24  # values that are read at once


@dataclass(frozen=True, eq=False)
class BranchRows:
    """The `rows` (V, D) of `branch` after `step` steps."""

    branch: Branch
    step: int
    rows: NDArray[Any]


def last_rows(branch: Branch) -> BranchRows | BranchUnseen:
    """The last rows that were kept of `branch`; or why there are none to be shown."""
    files = sorted(branch.history.keyframes.glob("*.safetensors"), reverse=True)
    for path in files:
        try:
            with safe_open(path, framework="numpy") as file:
                rows, dimension = file.get_slice(TABLE).get_shape()
                if rows * dimension > LARGEST:
                    return BranchUnseen(branch.name, rows * dimension, LARGEST)
                table = file.get_tensor(TABLE)
        except (OSError, SafetensorError):  # it went meanwhile, or a crash left half of it
            continue
        return BranchRows(branch, int(path.stem.split("-")[0]), table)
    return BranchUnseen(branch.name)


class BranchReader(QObject):
    """Reads the rows of one branch at a time, in a thread: `read` brings those asked for last."""

    read = Signal(object)  # BranchRows
    refused = Signal(object)  # BranchUnseen

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)

    def ask(self, branch: Branch | None) -> None:
        """Read the rows of `branch`; None: of no branch any more."""
        self._background.stop()
        if branch is not None:
            job = self._background.run(branch.name, partial(_read, branch))
            job.succeeded.connect(self._tell)
            job.failed.connect(self._fail)

    def close(self) -> None:
        """End the thread."""
        self._background.close()

    @Slot(object)
    def _tell(self, found: BranchRows | BranchUnseen) -> None:
        if isinstance(found, BranchRows):
            self.read.emit(found)
        else:
            self.refused.emit(found)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        raise error  # a fault of ours: the window says so


def _read(branch: Branch, _progress: Progress) -> BranchRows | BranchUnseen:
    return last_rows(branch)
