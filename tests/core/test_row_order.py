"""Orders of rows: sorted, filtered, and back from id to place."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.progress import Cancelled
from core.row_order import RowOrder, Sorting, alphabetical, norms, ranked, spread


def test_equal_values_stand_by_id_and_nan_last_either_way() -> None:
    values = np.array([2.0, np.nan, 1.0, 2.0, np.nan, 3.0])
    assert ranked(values).tolist() == [2, 0, 3, 5, 1, 4]
    assert ranked(values, descending=True).tolist() == [5, 0, 3, 2, 1, 4]


@given(st.lists(st.sampled_from([0.0, -0.0, 1.5, -2.0, math.inf, -math.inf, math.nan, 7.0])))
def test_ranked_is_pythons_stable_sort(values: list[float]) -> None:
    there = [id_ for id_, value in enumerate(values) if not math.isnan(value)]
    rest = [id_ for id_, value in enumerate(values) if math.isnan(value)]
    array = np.array(values, np.float32)
    assert ranked(array).tolist() == sorted(there, key=lambda id_: values[id_]) + rest
    downwards = sorted(there, key=lambda id_: -values[id_]) + rest
    assert ranked(array, descending=True).tolist() == downwards


def test_whole_numbers_are_ranked_too() -> None:
    assert ranked(np.array([3, 1, 2, 1]), descending=True).tolist() == [0, 2, 1, 3]


def test_only_some_rows_keep_their_order() -> None:
    values = np.array([5.0, 4.0, 3.0, 2.0])
    assert ranked(values, only=np.array([3, 0, 2, 0])).tolist() == [3, 2, 0]
    assert ranked(values, only=np.array([], np.int32)).tolist() == []


def test_the_way_back_from_id_to_place() -> None:
    order = RowOrder.of(np.array([4, 0, 2], np.int32), 5)
    assert len(order) == 3
    assert [order.id(place) for place in range(3)] == [4, 0, 2]
    assert [order.place(id_) for id_ in range(5)] == [1, None, 2, None, 0]
    assert order.place(5) is None
    assert order.between(1, 2).tolist() == [0, 2]


def test_without_an_order_every_id_is_its_own_place() -> None:
    order = RowOrder(3)
    assert len(order) == 3
    assert order.id(2) == order.place(2) == 2
    assert order.place(3) is None
    assert order.between(1, 2).tolist() == [1, 2]


def test_a_grown_table_has_its_new_rows_at_the_end() -> None:
    order = RowOrder.of(np.array([1, 0], np.int32), 2)
    assert order.fitted(4, grows=True).between(0, 3).tolist() == [1, 0, 2, 3]
    assert order.fitted(4, grows=False).between(0, 1).tolist() == [1, 0]
    assert order.fitted(4, grows=False).place(3) is None
    assert order.fitted(1, grows=True).between(0, 0).tolist() == [0]
    assert len(RowOrder(2).fitted(4, grows=True)) == 4


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_norms_by_hand(dtype: type) -> None:
    # √(3² + 4²) = 5; in float16 the squares of 300 and 400 would be Inf: √(9e4 + 16e4) = 500
    rows = np.array([[3, 4], [0, 0], [300, 400], [np.nan, 1], [np.inf, 1]], dtype)
    found = norms(rows)
    assert found[:3].tolist() == [5.0, 0.0, 500.0]
    assert math.isnan(found[3])
    assert found[4] == math.inf


def test_norms_can_be_stopped() -> None:
    with pytest.raises(Cancelled):
        norms(np.ones((10, 2)), lambda _done, _total: False)


def test_rows_that_did_not_move_moved_by_nothing() -> None:
    moved_by = np.array([0.5, 0.25], np.float32)
    assert spread(np.array([3, 1]), moved_by, 5).tolist() == [0, 0.25, 0, 0.5, 0]


def test_tokens_stand_by_their_letters_whatever_their_case() -> None:
    tokens = ["pear", "Apple", "apple", "", "zoo", "Ähre", "한국", "<unk>", "app"]
    ranks = alphabetical(tokens)
    assert [tokens[id_] for id_ in np.argsort(ranks)] == [
        "", "<unk>", "app", "Apple", "apple", "pear", "zoo", "Ähre", "한국",
    ]  # fmt: skip


def test_long_tokens_that_begin_alike_are_told_apart() -> None:
    beginning = "x" * 64
    tokens = [beginning + "b", beginning + "a", beginning, beginning[:-1], beginning + "a"]
    assert np.argsort(alphabetical(tokens)).tolist() == [3, 2, 1, 4, 0]


@given(st.lists(st.text(max_size=100), max_size=30))
def test_alphabetical_is_pythons_order(tokens: list[str]) -> None:
    # A NUL at the end is the one letter that numpy's bytes do not keep.
    tokens = [token.replace("\0", "0") for token in tokens]
    wanted = sorted(range(len(tokens)), key=lambda id_: (tokens[id_].casefold(), id_))
    assert np.argsort(alphabetical(tokens)).tolist() == wanted


def test_training_moves_what_it_changes() -> None:
    assert Sorting("norm").moves
    assert not Sorting("count").moves


def test_many_rows_are_placed_at_once() -> None:
    order = RowOrder.of(np.array([4, 1, 3], np.int32), 6)
    ids = np.array([3, 0, 4, 5, 6, -1, 1])
    assert order.placed(ids).tolist() == [2, -1, 0, -1, -1, -1, 1]
    assert order.at(np.array([2, 0])).tolist() == [3, 4]
    assert RowOrder(6).placed(ids).tolist() == [3, 0, 4, 5, -1, -1, 1]
    assert RowOrder(6).at(np.array([2, 0])).tolist() == [2, 0]
