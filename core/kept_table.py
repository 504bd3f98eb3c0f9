"""A copy of a table as it was at one step, in a file without a name.

In a file, not in memory: the system writes back what nobody reads, so that a mark on a table of a
gigabyte does not cost the window a gigabyte.
"""

import shutil
import tempfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.problems import ProblemError, TooMuchMemory

PIECE = 2**22  # values written at a time


class KeptTable:
    """The `rows` (V, D) that a table had at `step`, read-only; `close` lets go of them."""

    def __init__(self, rows: NDArray[Any], step: int) -> None:
        """Copy `rows`; raises `ProblemError(TooMuchMemory)` if there is no room for them."""
        self.step = step
        self._file = tempfile.TemporaryFile(prefix="embedscope-")  # noqa: SIM115 (`close` does it)
        try:
            size = max(1, PIECE // max(1, rows.shape[1]))
            for start in range(0, len(rows), size):
                self._file.write(np.ascontiguousarray(rows[start : start + size]).data)
            self._file.flush()
        except OSError:
            self._file.close()
            free = shutil.disk_usage(tempfile.gettempdir()).free
            raise ProblemError(TooMuchMemory("marked step", rows.nbytes, free)) from None
        self.rows: NDArray[Any] = np.memmap(self._file, rows.dtype, "r", shape=rows.shape)

    def close(self) -> None:
        """Forget the rows; the file goes with them."""
        self.rows = self.rows[:0].copy()
        self._file.close()
