"""From values to colours: the scale says what it leaves out, and holds still."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.colour_scale import NO_COLOUR, Span, codes, grade, grade_whole, middle


def test_the_first_and_the_last_colour_are_the_ends() -> None:
    graded = grade(np.array([0.0, 1.0, 2.0, 4.0]))
    assert graded.span == Span(0.0, 4.0)
    # 254 · (0, 1, 2, 4) / 4 = 0, 63.5, 127, 254; a half goes to the even side
    assert graded.codes.tolist() == [0, 64, 127, 254]


def test_what_is_no_number_has_no_colour() -> None:
    graded = grade(np.array([np.nan, 1.0, np.inf, 2.0, -np.inf]))
    assert graded.codes.tolist() == [NO_COLOUR, 0, NO_COLOUR, 254, NO_COLOUR]
    assert graded.span == Span(1.0, 2.0)


def test_nothing_at_all_has_no_scale() -> None:
    graded = grade(np.array([np.nan, np.inf]))
    assert graded.span is None
    assert graded.codes.tolist() == [NO_COLOUR, NO_COLOUR]
    assert grade_whole(np.array([np.nan])).span is None


def test_equal_values_have_the_colour_in_the_middle() -> None:
    graded = grade(np.array([0.5, 0.5, np.nan]))
    assert graded.span == Span(0.5, 0.5)
    assert graded.codes.tolist() == [127, 127, NO_COLOUR]


@pytest.mark.parametrize(
    ("low", "high", "ends"),
    [
        (0.1234, 0.987, (0.12, 0.99)),
        (123_456.0, 987_654.0, (120_000.0, 990_000.0)),
        (1.0, 1.0000001, (1.0, 1.0000001)),
        (-0.31, 0.29, (-0.31, 0.29)),
        (9.95e299, 1.5e300, (9.9e299, 1.5e300)),
    ],
)
def test_the_ends_are_two_figures_of_the_width_and_outside(
    low: float, high: float, ends: tuple[float, float]
) -> None:
    span = grade(np.array([low, high])).span
    assert span is not None
    assert span == Span(*ends)


@given(
    arrays(np.float64, st.integers(2, 60), elements=st.floats(-1e300, 1e300, allow_subnormal=False))
)
def test_whatever_is_outside_is_said_to_be(values: np.ndarray) -> None:
    span = grade(values).span
    assert span is not None
    assert span.below == bool((values < span.low).any())
    assert span.above == bool((values > span.high).any())
    if len(values) < 20:
        assert (span.below, span.above) == (False, False)


def test_a_value_far_out_does_not_squeeze_the_others() -> None:
    # Quartiles of 1 … 40 are 10.75 and 30.25: the fences are 10.75 − 58.5 and 30.25 + 58.5.
    values = np.concatenate([np.arange(1.0, 41), [1000.0, 88.7]])
    values[41] = 88.0
    graded = grade(values)
    assert graded.span is not None
    assert (graded.span.low, graded.span.high) == (1.0, 88.0)
    assert graded.span.above
    assert not graded.span.below
    assert graded.codes[40] == graded.codes[41] == 254


def test_few_values_are_all_on_the_scale() -> None:
    span = grade(np.array([*range(18), 1000.0])).span
    assert span == Span(0.0, 1000.0)


def test_a_scale_can_begin_at_zero() -> None:
    assert grade(np.array([3.0, 4.0]), from_zero=True).span == Span(0.0, 4.0)


def test_the_scale_holds_still_while_the_values_fill_half_of_it() -> None:
    before = Span(0.0, 4.0)
    assert grade(np.array([1.0, 3.2]), before).span == before  # 2.2 of 4
    assert grade(np.array([1.0, 2.9]), before).span == Span(1.0, 2.9)  # 1.9 of 4
    # It grows at once, and keeps its other end: 0 … 4.41 in steps of .1
    assert grade(np.array([1.0, 4.41]), before).span == Span(0.0, 4.5)
    # Not so where there is hardly any overlap: 0 … 20.4 would be 20 times as wide as the values.
    assert grade(np.array([19.4, 20.4]), before).span == Span(19.4, 20.4)


def test_on_a_logarithmic_scale_equal_ratios_are_equal_steps() -> None:
    graded = grade_whole(np.array([1.0, 10.0, 100.0, np.nan]), logarithmic=True)
    assert graded.codes.tolist() == [0, 127, 254, NO_COLOUR]
    assert graded.span is not None
    assert middle(graded.span) == pytest.approx(10)
    assert middle(Span(1.0, 4.0)) == 2.5


def test_values_of_any_precision_have_colours() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        assert codes(np.array([0, 1, 2], dtype), Span(0.0, 2.0)).tolist() == [0, 127, 254]
