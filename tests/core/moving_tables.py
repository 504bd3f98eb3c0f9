"""Small tables whose components are known, and a way to move their rows."""

import numpy as np

FRAME = 1 / 60
NOBODY = np.empty(0, np.int32)


def table(rows=60, dimension=8, dtype=np.float32, seed=0):
    """Rows whose components have clearly different variances."""
    spread = 0.7 ** np.arange(dimension)
    return (np.random.default_rng(seed).normal(size=(rows, dimension)) * spread).astype(dtype)


def ellipsoid(*radii):
    """Rows at ± each radius along each axis: the components are the coordinate axes."""
    return np.vstack([np.diag(radii), -np.diag(radii)]).astype(np.float32)


def move(rows, ids, new_rows):
    """Change rows in place; what `update` wants to know of it."""
    ids = np.asarray(ids, np.int32)
    old = rows[ids]
    rows[ids] = new_rows
    return ids, old


def assert_orthonormal(basis):
    np.testing.assert_allclose(basis.T @ basis, np.eye(basis.shape[1]), atol=1e-12)
