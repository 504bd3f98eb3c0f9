"""The nearest rows: hand arithmetic, and a plain search in float64 as the judge."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from core.looking_problems import NoDirection, NotFinite
from core.neighbours import BLOCK, RowNorms, combination, nearest
from core.problems import IdOutOfRange, ProblemError

# <unk>, <pad>, and four words on a plane
ROWS = np.array([[0, 0], [0, 0], [3, 4], [6, 8], [4, -3], [-3, -4]], np.float32)


def plainly(rows, query, count, metric, exclude=()):
    """All rows in float64, sorted whole."""
    rows, query = rows.astype(np.float64), query.astype(np.float64)
    found = []
    for id_, row in enumerate(rows):
        length = np.linalg.norm(row)
        if id_ in exclude or not length <= 1e18 or (metric == "cosine" and length == 0):
            continue
        if metric == "cosine":
            found.append((-(row @ query) / length / np.linalg.norm(query), id_))
        else:
            found.append((np.linalg.norm(row - query), id_))
    return sorted(found)[:count]


def test_cosine_by_hand():
    # cos((3, 4), ·): (6, 8) is 50 / (5 · 10) = 1, (4, −3) is 0 / 25, (−3, −4) is −25 / 25
    found = nearest(ROWS, ROWS[2], 10, "cosine", exclude=(2,))
    assert found.ids.tolist() == [3, 4, 5]
    assert found.values == pytest.approx([1, 0, -1], abs=1e-15)
    assert (found.left_out, found.without_direction) == (0, 2)


def test_distance_by_hand():
    # from (3, 4): to (6, 8) and to 0 it is 5, to (4, −3) √(1 + 49), to (−3, −4) 10; ties by id
    found = nearest(ROWS, ROWS[2], 10, "euclidean", exclude=(2,))
    assert found.ids.tolist() == [0, 1, 3, 4, 5]
    assert found.values.tolist() == [5, 5, 5, math.sqrt(50), 10]
    assert found.without_direction == 0


def test_a_sum_and_a_mean_of_rows():
    # (3, 4) − (4, −3) + (6, 8) = (5, 15); the mean of (3, 4) and (4, −3) is (3.5, 0.5)
    assert combination(ROWS, (2, 4, 3), (1, -1, 1)).tolist() == [5, 15]
    assert combination(ROWS, (2, 4), (0.5, 0.5)).tolist() == [3.5, 0.5]
    with pytest.raises(ProblemError) as raised:
        combination(ROWS, (2, 6), (1, 1))
    assert raised.value.problem == IdOutOfRange(6, 1, 6)


def test_rows_that_are_not_finite_are_left_out_and_counted():
    rows = ROWS.copy()
    rows[3, 0], rows[4, 1], rows[5, 0] = np.nan, np.inf, 2e18
    for metric, ids in (("cosine", [2]), ("euclidean", [2, 0, 1])):
        found = nearest(rows, np.array([2.0, 3.0]), 5, metric)
        assert found.ids.tolist() == ids
        assert found.left_out == 3
        assert np.isfinite(found.values).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, 2e18])
def test_a_query_that_is_not_finite_is_refused(bad):
    with pytest.raises(ProblemError) as raised:
        nearest(ROWS, np.array([bad, 1]), 5, "euclidean")
    assert raised.value.problem == NotFinite()


def test_zeros_have_no_cosine_but_a_distance():
    with pytest.raises(ProblemError) as raised:
        nearest(ROWS, ROWS[0], 5, "cosine")
    assert raised.value.problem == NoDirection()
    assert nearest(ROWS, ROWS[0], 2, "euclidean").ids.tolist() == [0, 1]
    assert nearest(np.zeros((4, 3)), np.ones(3), 2).ids.tolist() == []


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_every_dtype_is_as_a_plain_search_in_float64(dtype, metric):
    rows = np.random.default_rng(1).normal(size=(3 * BLOCK + 7, 20)).astype(dtype)
    query = rows[5]
    expected = plainly(rows, query, 10, metric, (5,))
    found = nearest(rows, query, 10, metric, (5,))
    assert found.ids.tolist() == [id_ for _, id_ in expected]
    values = -found.values if metric == "cosine" else found.values
    assert values == pytest.approx([value for value, _ in expected], rel=1e-13)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_what_float32_cannot_tell_apart_is_told_apart(metric):
    # All rows within 1e-6 of one another, far from 0: their float32 scores are noise.
    rows = np.ones((2000, 64), np.float32)
    rows += np.random.default_rng(2).normal(scale=1e-6, size=rows.shape).astype(np.float32)
    expected = plainly(rows, rows[7], 20, metric, (7,))
    assert nearest(rows, rows[7], 20, metric, (7,)).ids.tolist() == [id_ for _, id_ in expected]


@pytest.mark.parametrize("scale", [1e-30, 1e-38, 1e17])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_the_smallest_and_largest_rows_keep_their_order(scale, metric):
    rows = np.random.default_rng(3).normal(size=(500, 8)).astype(np.float32) * np.float32(scale)
    factor = 1 / float(scale)  # the judge has no squares that underflow
    expected = plainly(rows.astype(np.float64) * factor, rows[3].astype(float) * factor, 9, metric)
    assert nearest(rows, rows[3], 9, metric).ids.tolist() == [id_ for _, id_ in expected]


def test_equal_rows_come_by_id_wherever_they_stand():
    rows = np.random.default_rng(4).normal(size=(1001, 33)).astype(np.float32)
    same = [3, 14, 77, 500, 999]
    rows[same] = rows[1000]
    for metric in ("cosine", "euclidean"):
        found = nearest(rows, rows[1000], 5, metric, (1000,))
        assert found.ids.tolist() == same
        assert len(set(found.values.tolist())) == 1


def test_a_count_of_none_and_an_exclusion_of_all():
    assert len(nearest(ROWS, ROWS[2], 0).ids) == 0
    assert len(nearest(ROWS, ROWS[2], 3, exclude=range(6)).ids) == 0
    assert len(nearest(ROWS, ROWS[2], 3, exclude=(-1, 99)).ids) == 3


halves = st.integers(-6, 6).map(lambda n: n / 2)  # so that ties are many and sums exact


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 4)), elements=halves),
    st.sampled_from(["cosine", "euclidean"]),
    st.integers(1, 8),
    st.data(),
)
def test_any_table_is_as_a_plain_search(rows, metric, count, data):
    query = data.draw(arrays.arrays(np.float64, rows.shape[1], elements=halves))
    exclude = data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=3))
    if metric == "cosine" and not query.any():
        return
    expected = plainly(rows, query, len(rows), metric, exclude)
    found = nearest(rows, query, count, metric, tuple(exclude))
    values = -found.values if metric == "cosine" else found.values
    assert values == pytest.approx([value for value, _ in expected][:count], abs=1e-12)
    judged = {id_: value for value, id_ in expected}
    for id_, value in zip(found.ids.tolist(), values.tolist(), strict=True):
        assert judged[id_] == pytest.approx(value, abs=1e-12)
    assert len(set(found.ids.tolist())) == min(count, len(expected))
    pairs = list(zip(values.tolist(), found.ids.tolist(), strict=True))
    assert pairs == sorted(pairs)


@given(st.data())
def test_norms_kept_by_moved_rows_are_those_of_the_table(data):
    dtype = data.draw(st.sampled_from([np.float16, np.float32, np.float64]))
    numbers = st.floats(-100, 100, width=16) | st.just(float("nan")) | st.just(float("inf"))
    rows = data.draw(arrays.arrays(dtype, (12, 3), elements=numbers))
    norms = RowNorms(rows)
    for _ in range(3):
        moved = np.array(sorted(data.draw(st.sets(st.integers(0, 11)))), np.int32)
        rows[moved] = data.draw(arrays.arrays(dtype, (len(moved), 3), elements=numbers))
        norms.update(rows, moved)
    assert np.array_equal(norms.lengths, RowNorms(rows).lengths, equal_nan=True)


def test_norms_of_a_table_that_grew_are_read_anew():
    norms = RowNorms(ROWS)
    grown = np.vstack([ROWS, [[5, 12]]]).astype(np.float32)
    norms.update(grown, np.array([6]))
    assert norms.lengths.tolist() == [0, 0, 5, 10, 5, 5, 13]
