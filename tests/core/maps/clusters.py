"""Rows in clear groups, and the plane of their principal components."""

import numpy as np
from numpy.typing import NDArray


def clusters(rows: int = 60, dimension: int = 8, groups: int = 4) -> NDArray:
    """(rows, dimension) float32: row i is in group i % groups, far from the others."""
    random = np.random.default_rng(1)
    middles = 10 * random.normal(size=(groups, dimension))
    own = middles[np.arange(rows) % groups]
    return (own + random.normal(size=own.shape)).astype(np.float32)


def plane_of(rows: NDArray, dimensions: int = 2) -> NDArray:
    """The points (n, dimensions) float32 of the PCA."""
    centred = rows - rows.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:dimensions]
    return (centred @ axes.T).astype(np.float32)
