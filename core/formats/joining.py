"""Rows that were read in pieces, in one array, without ever having them twice."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def joined(pieces: list[NDArray[Any]], count: int, columns: int, dtype: DTypeLike) -> NDArray[Any]:
    """`pieces` one after the other, (count, columns); each is let go of as it is copied."""
    rows = np.empty((count, columns), dtype)
    end = count
    while pieces:
        piece = pieces.pop()
        rows[end - len(piece) : end] = piece
        end -= len(piece)
    return rows
