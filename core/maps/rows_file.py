"""The rows that are to be mapped, in a file of their own: too many for a pipe.

They are written, not mapped: where there is no room, writing says so, while a mapped file kills
the process. Shared memory first, else the temporary folder.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.covariance import CHUNK_VALUES, Rows
from core.left_behind import left_behind
from core.problems import ProblemError, TooMuchMemory
from core.rows import SHARED_MEMORY

PREFIX = "embedscope-map-"


def write_rows(rows: Rows, ids: NDArray[np.integer[Any]]) -> Path:
    """A new file with `rows[ids]`, in numpy's own format.

    Raises `ProblemError(TooMuchMemory)` where no folder has room for it.
    """
    for folder in (SHARED_MEMORY, Path(tempfile.gettempdir())):
        path = _written(folder, rows, ids)
        if path is not None:
            return path
    size = len(ids) * rows.shape[1] * rows.dtype.itemsize
    raise ProblemError(TooMuchMemory("rows of the map", size, 0))


def take_rows(path: Path) -> NDArray[Any]:
    """The rows (n, D) in the file, which is removed; raises `OSError` or `ValueError`."""
    try:
        rows: NDArray[Any] = np.load(path, allow_pickle=False)
    finally:
        path.unlink(missing_ok=True)
    return rows


def _written(folder: Path, rows: Rows, ids: NDArray[np.integer[Any]]) -> Path | None:
    if not folder.is_dir():
        return None
    for old in left_behind(folder, PREFIX):
        with suppress(OSError):  # somebody else's
            old.unlink()
    path: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{PREFIX}{os.getpid()}-", dir=folder)
        path = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            header = {
                "descr": rows.dtype.str,
                "fortran_order": False,
                "shape": (len(ids), rows.shape[1]),
            }
            np.lib.format.write_array_header_1_0(file, header)
            size = max(1, CHUNK_VALUES // rows.shape[1])
            for start in range(0, len(ids), size):
                file.write(np.ascontiguousarray(rows[ids[start : start + size]]).data)
    except OSError:
        if path is not None:
            path.unlink(missing_ok=True)
        return None
    return path
