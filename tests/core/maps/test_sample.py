"""Which rows of a large table are mapped."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.maps.sample import most_frequent


def test_the_most_frequent_are_chosen_in_their_order() -> None:
    ids, counts = np.array([2, 5, 7, 9]), np.array([3, 1, 8, 2])
    assert most_frequent(ids, counts, 2).tolist() == [2, 7]
    assert most_frequent(ids, counts, 9).tolist() == [2, 5, 7, 9]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(1, 40))
def test_it_is_what_sorting_gives(counts: list[int], most: int) -> None:
    order = sorted(range(len(counts)), key=lambda place: (-counts[place], place))
    chosen = most_frequent(np.arange(len(counts)), np.array(counts), most)
    assert chosen.tolist() == sorted(order[:most])
