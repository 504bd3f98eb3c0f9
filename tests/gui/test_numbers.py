"""A number on screen reads back as the same bits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import from_dtype

from gui.numbers import shortest


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (np.float16(0.1), "0.1"),
        (np.float64(0.1), "0.1"),
        (np.float64(np.float32(0.1)), "0.10000000149011612"),
        (np.float32(-2), "-2"),
        (np.float32(0), "0"),
        (np.float32(16777216), "16777216"),
        (np.float32(1e-5), "1e-05"),
        (np.float32(2.5e20), "2.5e+20"),
        (0.25, "0.25"),
        (3, "3"),
        (float("nan"), "NaN"),
        (np.float32("inf"), "Inf"),
        (np.float32("-inf"), "-Inf"),
    ],
)
def test_a_number_as_text(value: float | np.floating, text: str) -> None:
    assert shortest(value) == text


@given(
    st.one_of(
        from_dtype(np.dtype(np.float16)),
        from_dtype(np.dtype(np.float32)),
        from_dtype(np.dtype(np.float64)),
    )
)
def test_text_reads_back_as_the_same_number(value: np.floating) -> None:
    read = type(value)(shortest(value))
    assert np.array_equal(read, value, equal_nan=True)
    assert np.isnan(value) or np.signbit(read) == np.signbit(value)


@given(from_dtype(np.dtype(np.float32), allow_nan=False, allow_infinity=False))
def test_no_text_with_a_digit_less_reads_back(value: np.floating) -> None:
    digits = sum(letter.isdigit() for letter in shortest(value).split("e")[0].strip("-0."))
    if digits > 1 and abs(value) < 1e16:
        shorter = np.float32(f"{value:.{digits - 2}e}")
        assert shorter != value
