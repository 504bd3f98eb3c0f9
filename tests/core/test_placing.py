"""Points of rows: as exact far from the origin as near it, and in large tables as in small ones."""

import numpy as np
import pytest

from core.placing import FEW, place


def plane(dimension, k=2):
    return np.linalg.qr(np.random.default_rng(9).normal(size=(dimension, k)))[0]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("dimension", [3, 300, 1024])
@pytest.mark.parametrize("offset", [0.0, 1.0, 100.0])
def test_many_rows_are_placed_as_exactly_as_few(dtype, dimension, offset):
    rows = np.random.default_rng(0).normal(offset, 1, (FEW + 500, dimension)).astype(dtype)
    centre, basis = rows.mean(axis=0, dtype=np.float64), plane(dimension)
    exact = (rows.astype(np.float64) - centre) @ basis
    square = float((rows.astype(np.float64) ** 2).sum() / len(rows))
    for points in (place(rows, centre, basis), place(rows, centre, basis, square)):
        assert points.dtype == np.float32
        # The values are rounded to 100 · 2⁻²⁴ = 6e-6 at the most, which no order of sums mends.
        np.testing.assert_allclose(points, exact, atol=2e-4 if offset == 100 else 2e-5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e19])
@pytest.mark.parametrize("count", [5, FEW + 500])
def test_rows_that_do_not_count_have_no_point(bad, count):
    rows = np.random.default_rng(0).normal(size=(count, 4)).astype(np.float32)
    rows[3, 1] = bad
    points = place(rows, np.zeros(4), plane(4, 3))
    assert np.flatnonzero(np.isnan(points).any(axis=1)).tolist() == [3]
    assert np.isnan(points[3]).all()


def test_no_rows_have_no_points():
    assert place(np.empty((0, 4), np.float32), np.zeros(4), plane(4)).shape == (0, 2)
