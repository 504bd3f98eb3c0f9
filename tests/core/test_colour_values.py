"""The value or the group of each row, by hand."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.colour_scale import NO_COLOUR
from core.colour_values import (
    NO_GROUP,
    TIE,
    TIE_COLOUR,
    coloured,
    distances_after,
    frequencies,
    main_labels,
    nearest_centres,
    norms_after,
    of_lists,
    of_some,
)

NAN = np.nan
ROWS = np.array([[3.0, 4.0], [0.0, 0.0], [NAN, 1.0], [6.0, 8.0]], np.float32)


def test_a_token_that_never_occurs_has_no_frequency() -> None:
    counts = np.array([3, 0, 7])
    assert_array_equal(frequencies(counts, 3), [3, NAN, 7])
    assert_array_equal(frequencies(counts, 5), [3, NAN, 7, NAN, NAN])  # rows just added
    assert_array_equal(frequencies(counts, 1), [3])


def test_rows_that_are_not_named_or_zero_have_no_value() -> None:
    found = of_some(np.array([4, 1, 2]), np.array([0.1, 2, 0], np.float32), 5)
    assert_array_equal(found, np.array([NAN, 2, NAN, NAN, 0.1], np.float32))
    assert found.dtype == np.float32  # so that it is written as 0.1


def test_norms_are_those_of_all_rows_or_of_those_that_moved() -> None:
    assert_array_equal(norms_after(ROWS, None, None), [5, 0, NAN, 10])
    before = np.array([-1.0, -1.0, -1.0, -1.0])
    assert_array_equal(norms_after(ROWS, np.array([3]), before), [-1, -1, -1, 10])
    assert_array_equal(before, [-1] * 4)  # whoever has them sees no change
    assert_array_equal(norms_after(ROWS, np.array([3]), before[:2]), [5, 0, NAN, 10])


def test_the_distance_is_from_the_same_row_of_the_marked_step() -> None:
    marked = np.array([[0.0, 0.0], [0.0, 2.0], [0.0, 0.0]], np.float32)
    found = distances_after(ROWS, marked, None, None)
    assert_array_equal(found, [5, 2, NAN, NAN])  # the fourth row was not there
    again = distances_after(ROWS, marked, np.array([1, 3]), np.array([9.0, 9.0, 9.0, 9.0]))
    assert_array_equal(again, [9, 2, 9, 9])


def test_infinity_that_stayed_has_no_distance() -> None:
    row = np.array([[np.inf, 1.0]])
    assert_array_equal(distances_after(row, row, None, None), [NAN])


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_each_row_belongs_to_the_nearest_centre(dtype: type) -> None:
    rows = np.array([[0, 0], [1, 0], [4, 1], [NAN, 0], [np.inf, 0]], dtype)
    centres = np.array([[5.0, 0.0], [0.0, 0.0]], np.float32)
    assert nearest_centres(rows, centres).tolist() == [1, 1, 0, NO_GROUP, NO_GROUP]
    assert nearest_centres(rows, centres[:0]).tolist() == [NO_GROUP] * 5


def test_a_token_has_the_label_of_most_of_its_occurrences() -> None:
    # Three sentences: "0 1 1" is 0, "1 2" is 1, "1 2 2 3" is 2.
    ids = np.array([0, 1, 1, 1, 2, 1, 2, 2, 3])
    offsets, labels = np.array([0, 3, 5, 9]), np.array([0, 1, 2], np.int32)
    # 1: twice 0, once 1, once 2. 2: once 1, twice 2.
    assert main_labels(ids, offsets, labels, 3, 5).tolist() == [0, 0, 2, 2, NO_GROUP]
    assert main_labels(ids, offsets, labels, 3, 2).tolist() == [0, 0]


def test_equally_frequent_labels_are_a_tie() -> None:
    ids, offsets = np.array([0, 1, 0, 2, 2]), np.array([0, 2, 5])
    # 0: once 0, once 1. 1: only 0. 2: only 1, twice.
    assert main_labels(ids, offsets, np.array([0, 1]), 2, 3).tolist() == [TIE, 0, 1]
    # 0: three labels, two of them ahead
    ids, offsets = np.array([0, 0, 0, 0, 0]), np.array([0, 2, 3, 5])
    assert main_labels(ids, offsets, np.array([0, 1, 2]), 3, 1).tolist() == [TIE]


def test_no_sentences_give_no_labels() -> None:
    nothing = np.array([], np.int32)
    assert main_labels(nothing, np.array([0]), nothing, 0, 2).tolist() == [NO_GROUP, NO_GROUP]


def test_groups_have_a_colour_each() -> None:
    groups = np.array([0, 2, 2, TIE, NO_GROUP], np.int32)
    found = coloured(groups, 4)
    assert found.codes.tolist() == [0, 2, 2, TIE_COLOUR, NO_COLOUR]
    assert (found.sizes, found.ties) == ((1, 0, 2, 0), 1)
    assert coloured(groups[3:], 0).codes.tolist() == [TIE_COLOUR, NO_COLOUR]


def test_a_row_in_two_lists_is_a_tie() -> None:
    lists = [np.array([0, 2]), np.array([2, 3]), np.array([2, 9])]
    assert of_lists(lists, 5).tolist() == [0, NO_GROUP, TIE, 1, NO_GROUP]
    assert of_lists([], 1).tolist() == [NO_GROUP]


def test_only_what_is_shown_is_counted() -> None:
    found = coloured(np.array([0, 0, 1, TIE, TIE], np.int32), 2, only=np.array([0, 2, 4]))
    assert (found.sizes, found.ties) == ((1, 1), 1)
    assert found.codes.tolist() == [0, 0, 1, TIE_COLOUR, TIE_COLOUR]


def test_groups_can_have_colours_of_their_own() -> None:
    assert coloured(np.array([0, 1, TIE], np.int32), 2, (5, 5)).codes.tolist() == [5, 5, TIE_COLOUR]


def test_of_more_groups_than_colours_the_last_share_one() -> None:
    assert coloured(np.arange(8, dtype=np.int32), 8).codes.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert coloured(np.arange(10, dtype=np.int32), 10).codes.tolist() == [*range(8), 7, 7]
