"""A table a few megabytes at a time, so that writing it never takes its size in memory again."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, report

PIECE = 2**22  # bytes


def pieces_of(rows: NDArray[Any], progress: Progress | None = None) -> Iterator[NDArray[Any]]:
    """`rows` (V, D) as contiguous arrays (n, D), in order; `progress` counts bytes.

    Raises `Cancelled`.
    """
    step = max(1, PIECE // max(1, rows.shape[1] * rows.itemsize))
    for start in range(0, len(rows), step):
        report(progress, start * rows.shape[1] * rows.itemsize, rows.nbytes)
        yield np.ascontiguousarray(rows[start : start + step])
    report(progress, rows.nbytes, rows.nbytes)
