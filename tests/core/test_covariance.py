"""The running covariance against arithmetic by hand and against a refit."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from core.covariance import DRIFT_BOUND, RunningCovariance, usable


def relative_error(running, rows):
    exact = RunningCovariance(rows).scatter
    return np.abs(running.scatter - exact).max() / np.abs(exact).max()


def test_three_rows_by_hand():
    running = RunningCovariance(np.array([[0, 0], [2, 0], [1, 3]], np.float32))
    # Deviations from (1, 1): (−1, −1), (1, −1), (0, 2).
    assert running.mean.tolist() == [1, 1]
    assert running.scatter.tolist() == [[2, 0], [0, 6]]
    assert running.total == 8
    assert running.shares(np.eye(2)).tolist() == [0.25, 0.75]


def test_replacing_one_row_by_hand():
    running = RunningCovariance(np.array([[0, 0], [2, 0], [1, 3]], np.float32))
    running.replace(np.array([[1, 3]]), np.array([[0, 0], [2, 0], [4, 3]]), np.array([2]))
    # Deviations from (2, 1): (−2, −1), (0, −1), (2, 2).
    np.testing.assert_allclose(running.mean, [2, 1], atol=1e-15)
    np.testing.assert_allclose(running.scatter, [[8, 6], [6, 6]], atol=1e-14)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1.0, 1e4]), st.sampled_from([0.01, 1.0]))
@settings(max_examples=5, deadline=None, phases=[Phase.generate])
def test_ten_thousand_updates_stay_close_to_a_refit(seed, offset, rate):
    generator = np.random.default_rng(seed)
    rows = generator.normal(offset, 1, (40, 6))
    running = RunningCovariance(rows)
    for _ in range(10_000):
        ids = generator.choice(40, 3, replace=False)
        old = rows[ids]
        rows[ids] += rate * generator.normal(0.05, 1, (3, 6))
        running.replace(old, rows, ids)
    assert running.updates == 10_000
    error = relative_error(running, rows)
    assert error < 1e-4
    assert error <= running.drift


def test_a_table_far_from_the_origin_loses_no_digits():
    rows = np.random.default_rng(0).normal(size=(500, 4))
    np.testing.assert_allclose(
        RunningCovariance(rows + 1e6).scatter, RunningCovariance(rows).scatter, atol=1e-6
    )


def test_an_outlier_that_leaves_takes_its_rounding_with_it():
    rows = np.random.default_rng(0).normal(size=(50, 3))
    running = RunningCovariance(rows)
    mild = rows[:1].copy()
    rows[0] = 1e12
    running.update(rows, np.array([0]), mild)
    assert running.updates == 1
    wild = rows[:1].copy()
    rows[0] = mild
    running.update(rows, np.array([0]), wild)
    # eps · (1e12)² = 2e8 of rounding on a scatter of some 150: only reading all again helps.
    assert running.updates == 0
    assert running.drift == 0
    assert relative_error(running, rows) == 0


def test_it_refits_when_half_of_the_rows_changed():
    rows = np.random.default_rng(0).normal(size=(10, 3))
    running = RunningCovariance(rows)
    for moved, updates in ((4, 1), (5, 0)):
        old = rows[:moved].copy()
        rows[:moved] += 1
        running.update(rows, np.arange(moved), old)
        assert running.updates == updates
        assert relative_error(running, rows) < DRIFT_BOUND


def test_it_refits_when_the_table_grew():
    rows = np.random.default_rng(0).normal(size=(10, 3))
    running = RunningCovariance(rows[:9])
    running.update(rows, np.array([9]), np.full((1, 3), np.nan))
    assert running.count == 10
    assert relative_error(running, rows) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e200])
def test_a_row_that_is_not_finite_drops_out_and_comes_back(bad):
    rows = np.random.default_rng(0).normal(size=(20, 3))
    running = RunningCovariance(rows)
    good = rows[7:8].copy()
    rows[7, 1] = bad
    running.update(rows, np.array([7]), good)
    assert running.count == 19
    np.testing.assert_allclose(running.mean, np.delete(rows, 7, axis=0).mean(axis=0))
    was = rows[7:8].copy()
    rows[7:8] = good
    running.update(rows, np.array([7]), was)
    assert running.count == 20
    assert relative_error(running, rows) < 1e-14


def test_when_every_row_dropped_out_nothing_varies():
    running = RunningCovariance(np.eye(3))
    running.replace(np.eye(3), np.full((3, 3), np.nan), np.arange(3))
    assert (running.count, running.total, running.drift) == (0, 0, 0)
    assert np.isnan(running.shares(np.eye(3))).all()
    running.replace(np.full((2, 3), np.nan), np.array([[0, 0, 1], [0, 0, 3]]), np.arange(2))
    assert running.mean.tolist() == [0, 0, 2]
    assert running.total == 2


def test_equal_rows_vary_by_exactly_nothing():
    # 0.1 has no exact binary form, so a mean taken as sum / 1,000 would miss it.
    assert RunningCovariance(np.full((1000, 3), 0.1, np.float32)).total == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_any_dtype_is_summed_in_float64(dtype):
    rows = np.random.default_rng(0).normal(3, 1, (300, 5)).astype(dtype)
    deviations = rows.astype(np.float64) - rows.astype(np.float64).mean(axis=0)
    running = RunningCovariance(rows)
    np.testing.assert_allclose(running.scatter, deviations.T @ deviations, atol=1e-11)


def test_the_largest_values_of_each_dtype_warn_of_nothing():
    for dtype, expected in ((np.float16, True), (np.float32, False), (np.float64, False)):
        assert usable(np.full((1, 3), np.finfo(dtype).max, dtype)).tolist() == [expected]


def test_reading_a_table_takes_little_memory():
    rows = np.zeros((200_000, 64), np.float32)  # 51 MB, and 102 MB as float64
    tracemalloc.start()
    RunningCovariance(rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12e6


def test_reading_piece_by_piece_with_changes_in_between_is_a_refit():
    generator = np.random.default_rng(0)
    rows = generator.normal(3, 1, (3000, 300))  # in four pieces
    running = RunningCovariance(rows[:0])
    running.begin(rows)
    ids, positions = generator.choice(3000, 200, replace=False), []
    while not running.read(rows, 0.0):
        positions.append(running.position)
        old = rows[ids].copy()
        rows[ids] += generator.normal(size=old.shape)
        running.correct(rows, ids, old)
    assert positions == [873, 1746, 2619]
    assert running.count == 3000
    assert relative_error(running, rows) < 1e-13


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.sampled_from([np.nan, np.inf, 1e19]))
@settings(max_examples=20, deadline=None)
def test_a_piece_with_one_bad_row_is_told_from_a_good_one(seed, count, bad):
    rows = np.random.default_rng(seed).normal(size=(count, 3)).astype(np.float32)
    assert usable(rows).all()
    rows[seed % count, 1] = bad
    assert np.flatnonzero(~usable(rows)).tolist() == [seed % count]


def test_many_moved_rows_are_exchanged_in_pieces(monkeypatch):
    generator = np.random.default_rng(0)
    rows = generator.normal(3, 1, (400, 8))
    running = RunningCovariance(rows)
    ids = generator.choice(400, 150, replace=False)
    old = rows[ids]
    rows[ids] += generator.normal(0.5, 1, (150, 8))
    rows[ids[70]] = np.nan
    monkeypatch.setattr("core.covariance.PICKED_VALUES", 8 * 32)  # five pieces of 32 rows at most
    running.update(rows, ids, old)
    assert (running.updates, running.count) == (1, 399)
    finite = np.delete(rows, ids[70], axis=0)
    deviations = finite - finite.mean(axis=0)
    np.testing.assert_allclose(running.mean, finite.mean(axis=0), atol=1e-13)
    np.testing.assert_allclose(running.scatter, deviations.T @ deviations, atol=1e-10)
