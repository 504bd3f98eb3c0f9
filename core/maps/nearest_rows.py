"""The nearest rows of every row, exact: what both t-SNE and UMAP begin with."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from core.maps.work import Tell

AT_ONCE = 2**24
"""How many distances are computed between two reports: half a second or so."""


@dataclass(frozen=True, eq=False)
class NearestRows:
    """For each row its k nearest others, nearest first.

    `ids` int64 (n, k) are places from 0, `distances` float64 (n, k) are Euclidean.
    """

    ids: NDArray[np.int64]
    distances: NDArray[np.float64]


def nearest_rows(rows: NDArray[np.float32], count: int, tell: Tell) -> NearestRows:
    """The `count` nearest others, fewer than n, of each of `rows` (n, D)."""
    # Without the package's index: exact, and no slower for as many rows as can be mapped.
    search = NearestNeighbors(n_neighbors=count + 1, algorithm="brute").fit(rows)
    ids = np.empty((len(rows), count), np.int64)
    distances = np.empty((len(rows), count))
    step = max(1, AT_ONCE // len(rows))
    for start in range(0, len(rows), step):
        tell("neighbours", start, len(rows), None)
        part = slice(start, start + step)
        far, who = search.kneighbors(rows[part])
        others = _but_itself(who, np.arange(start, start + len(who)))
        ids[part] = np.take_along_axis(who, others, axis=1)
        distances[part] = np.take_along_axis(far, others, axis=1)
    return NearestRows(ids, distances)


def _but_itself(who: NDArray[Any], own: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places (n, k) in `who` (n, k + 1) of all but the row's `own` (n,) id.

    Among many equal rows the row itself may not be there; then the last one goes.
    """
    itself = who == own[:, None]
    itself[~itself.any(axis=1), -1] = True
    return np.nonzero(~itself)[1].reshape(len(who), -1)
