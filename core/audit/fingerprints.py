"""A number for each row's bits, so that rows are compared without keeping a second table.

Multilinear hashing of 32-bit words (Carter and Wegman 1979; as in Lemire and Kaser 2014, "Strongly
universal string hashing is fast"): Σ weightᵢ · wordᵢ mod 2⁶⁴ with random weights. Two given rows
that differ get the same number with a probability of at most 2⁻³³.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.progress import Progress, report

SEED = 20
AT_ONCE = 2**19  # values: 4 MB as they are multiplied


def fingerprints(rows: NDArray[Any], progress: Progress | None = None) -> NDArray[np.uint64]:
    """A number for the bits of each of `rows` (V, D): uint64 (V,). −0.0 and 0.0 differ.

    `progress` counts rows; raises `Cancelled` when it returns False.
    """
    prints = np.empty(len(rows), np.uint64)
    weights = weights_for(rows)
    size = max(1, AT_ONCE // max(1, rows.shape[1]))
    for start in range(0, len(rows), size):
        report(progress, start, len(rows))
        prints[start : start + size] = fingerprints_of(rows[start : start + size], weights)
    return prints


def weights_for(rows: NDArray[Any]) -> NDArray[np.uint64]:
    """The same random weights for every table of this width and dtype: uint64 (words,)."""
    words = _words(rows[:0]).shape[1]
    return np.random.default_rng(SEED).integers(2**64, size=(words,), dtype=np.uint64)


def fingerprints_of(rows: NDArray[Any], weights: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The fingerprints of a few `rows` (n, D): uint64 (n,)."""
    # Unsigned integers wrap round, as they shall.
    products = _words(rows).astype(np.uint64) @ weights
    return np.asarray(products, np.uint64)


def _words(rows: NDArray[Any]) -> NDArray[np.unsignedinteger]:
    """The bits of `rows` (n, D) as words of at most 32 bits: (n, words)."""
    size = rows.dtype.itemsize
    word = np.dtype(np.uint16 if size == 2 else np.uint32)
    words = rows.shape[1] * size // word.itemsize
    return np.ascontiguousarray(rows).view(word).reshape(len(rows), words)
