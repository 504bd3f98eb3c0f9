"""Given rows in a file that the engine maps: too many for a pipe.

It may be the very file that a person opened, which is only ever read. Whether it still is what it
was is told by the system's own record of it, not by reading it all again.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.problems import ProblemError, RowsChanged
from core.progress import Progress, report

LARGEST_SENT = 2**20
"""Bytes of given rows that still go into a message."""

PIECE = 2**24  # bytes written at a time

Identity = tuple[int, int, int, int]


class RowsFile(Struct, frozen=True):
    """Rows of `shape` (V, D) and `dtype`, C-ordered, from byte `offset` of the file `path` on.

    `identity` is the file's device, inode, size and time of change (ns) when it was mapped.
    """

    path: str
    dtype: str
    shape: tuple[int, int]
    offset: int
    identity: Identity

    @classmethod
    def of(cls, rows: NDArray[Any]) -> "RowsFile | None":
        """Where `rows` are mapped from, if they are the whole of what is mapped; else None."""
        if not isinstance(rows, np.memmap) or not rows.flags.c_contiguous or rows.ndim != 2:
            return None
        path, offset = rows.filename, rows.offset
        if not isinstance(path, str | Path) or not offset or not rows.dtype.isnative:
            return None
        try:
            identity = _identity(Path(path))
            there = np.memmap(path, rows.dtype, "r", offset, rows.shape)
        except (OSError, ValueError):
            return None
        # A part of a mapping has the offset of the whole: its ends are not where that says.
        ends = [0, -1]
        if there[ends].tobytes() != rows[ends].tobytes():
            return None
        shape = (rows.shape[0], rows.shape[1])
        return cls(str(path), rows.dtype.str, shape, offset, identity)

    @classmethod
    def written(
        cls, rows: NDArray[Any], folder: Path, progress: Progress | None = None
    ) -> "RowsFile":
        """Write `rows` (V, D) into a new file in `folder`; `progress` counts bytes.

        Raises `OSError`, and `Cancelled`; the unfinished file is removed.
        """
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"given-{os.urandom(6).hex()}.npy"
        native = rows.dtype.newbyteorder("=")
        header = {"descr": native.str, "fortran_order": False, "shape": rows.shape}
        size = max(1, PIECE // max(1, rows.shape[1] * rows.dtype.itemsize))
        try:
            with path.open("xb") as file:
                np.lib.format.write_array_header_1_0(file, header)
                offset = file.tell()
                for start in range(0, len(rows), size):
                    piece = np.ascontiguousarray(rows[start : start + size], native)
                    file.write(piece.data)
                    report(progress, file.tell() - offset, rows.nbytes)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        shape = (rows.shape[0], rows.shape[1])
        return cls(str(path), native.str, shape, offset, _identity(path))

    def is_in_place(self) -> bool:
        """Whether `path` is still the name of this file, whatever was done to it."""
        try:
            return _identity(Path(self.path))[:2] == self.identity[:2]
        except OSError:
            return False

    def rows(self) -> NDArray[Any]:
        """The rows (V, D), mapped; writing to them would not reach the file.

        Raises `ProblemError(RowsChanged)` if the file is not what it was.
        """
        try:
            if _identity(Path(self.path)) == self.identity:
                return np.memmap(self.path, self.dtype, "c", self.offset, self.shape)
        except (OSError, ValueError) as error:
            raise ProblemError(RowsChanged(self.path)) from error
        raise ProblemError(RowsChanged(self.path))


def _identity(path: Path) -> Identity:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
