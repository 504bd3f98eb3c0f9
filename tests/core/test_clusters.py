"""Clusters are those of k-means, and keep their numbers from one step to the next."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core import clusters
from core.clustering import answered, centres_of, renumbered
from core.clusters import MODULE, Centres, Grouping, pack, part_of, unpack_centres
from core.colour_values import nearest_centres
from core.messages import Array
from core.wire import MessageSplitter

# Three heaps: four rows around (0, 0), three around (10, 0), two around (0, 10).
HEAPS = np.array(
    [[0, 1], [0, -1], [1, 0], [-1, 0], [10, 0], [11, 0], [9, 0], [0, 9], [0, 11]], np.float32
)


def test_centres_are_the_means_of_the_heaps_the_largest_first() -> None:
    assert_allclose(centres_of(HEAPS, 3), [[0, 0], [10, 0], [0, 10]], atol=1e-6)


def test_clusters_that_go_on_keep_their_numbers() -> None:
    before = np.array([[0, 8], [8, 0], [1, 1]], np.float32)
    for thorough in (False, True):
        found = centres_of(HEAPS, 3, before, thorough=thorough)
        assert_allclose(found, [[0, 10], [10, 0], [0, 0]], atol=1e-6)


def test_better_clusters_take_the_place_of_those_that_are_stuck() -> None:
    # Two centres share the first heap, and one must do for the other two.
    stuck = np.array([[0.1, 5], [0, -0.5], [5, 5]], np.float32)
    rows = np.concatenate([HEAPS, HEAPS + np.array([100, 0])]).astype(np.float32)
    before = np.array([[0, 0], [100, 0], [110, 0], [100, 10]], np.float32)
    kept = centres_of(rows, 4, before, thorough=False)
    better = centres_of(rows, 4, before, thorough=True)
    assert inertia(rows, better) <= inertia(rows, kept)
    assert inertia(HEAPS, centres_of(HEAPS, 3, stuck)) == pytest.approx(8)  # 4·1 + 2·1 + 2·1


def inertia(rows: np.ndarray, centres: np.ndarray) -> float:
    return float(np.square(rows - centres[nearest_centres(rows, centres)]).sum())


def test_another_number_of_clusters_keeps_the_others() -> None:
    before = np.array([[0, 10], [10, 0], [0, 0]])
    assert_array_equal(renumbered(before[[1, 0]], before), [[0, 10], [10, 0]])
    more = np.array([[0, 0], [50, 50], [0, 10], [10, 0]])
    assert_array_equal(renumbered(more, before), [[0, 10], [10, 0], [0, 0], [50, 50]])


def test_there_are_no_more_clusters_than_different_rows() -> None:
    assert centres_of(np.ones((5, 2), np.float32), 3).tolist() == [[1, 1]]
    assert len(centres_of(HEAPS[:2], 5, np.zeros((5, 2), np.float32))) == 2


def test_huge_and_zero_rows_have_centres() -> None:
    assert_allclose(centres_of(1e17 * HEAPS, 3)[1], [1e18, 0], rtol=1e-6)
    assert centres_of(np.zeros((4, 2), np.float32), 2).tolist() == [[0, 0]]


def test_all_usable_rows_are_grouped_if_they_are_few() -> None:
    part = part_of(np.array([[1, 2], [np.nan, 0], [3, 4]], np.float16))
    assert part.rows.tolist() == [[1, 2], [3, 4]]
    assert part.rows.dtype == np.float32
    assert part.of == 2


def test_an_even_part_of_many_rows_is_grouped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "MOST_ROWS", 13)
    table = np.arange(100.0)[:, None]
    part = part_of(table)
    # 99 / 12 = 8.25 apart, rounded down
    assert part.rows[:, 0].tolist() == [0, 8, 16, 24, 33, 41, 49, 57, 66, 74, 82, 90, 99]
    assert part.of == 100
    monkeypatch.setattr(clusters, "MOST_VALUES", 20 * 40)
    assert len(part_of(np.ones((100, 40))).rows) == 13
    assert len(part_of(np.ones((100, 60))).rows) == 13  # 800 / 60 = 13
    assert len(part_of(np.ones((100, 400))).rows) == 12  # as many as clusters, at the least


def test_the_process_answers_as_the_function_does() -> None:
    asked = Grouping(Array.of(HEAPS), 3)
    whole = pack(asked) + pack(Grouping(Array.of(HEAPS), 2, Array.of(HEAPS[:2]), thorough=False))
    done = subprocess.run(
        [sys.executable, "-P", "-m", MODULE], input=whole, capture_output=True, check=True
    )
    first, second = map(unpack_centres, MessageSplitter().feed(done.stdout))
    assert_array_equal(first.rows.numpy(), answered(asked).rows.numpy())
    assert isinstance(second, Centres)
    assert second.rows.shape == (2, 2)
