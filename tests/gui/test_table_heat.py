"""The limit of the colours, numbers cut to fit, and what may be typed into a cell."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.cell_editor import Fault, read_number
from gui.canvas.heat import (
    WHOLE_TABLE,
    HeatLimit,
    fit_number,
    largest_magnitude,
    rounded_up,
    short_norm,
)
from gui.numbers import shortest


@pytest.mark.parametrize(
    ("largest", "limit"),
    [(0.9, 1.0), (1.0, 1.0), (1.01, 1.5), (2.31, 2.5), (9, 10), (0.0021, 0.0025), (0, 1)],
)
def test_the_limit_is_a_round_number(largest: float, limit: float) -> None:
    assert rounded_up(largest) == limit


@given(st.floats(1e-30, 1e30))
def test_the_limit_is_never_below_nor_far_above(largest: float) -> None:
    # The largest gap between neighbours in 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10 is a half.
    assert largest <= rounded_up(largest) * (1 + 1e-9)
    assert rounded_up(largest) <= 1.5 * largest * (1 + 1e-9)


def test_values_that_are_not_finite_have_no_part_in_the_limit() -> None:
    assert largest_magnitude(np.array([[np.nan, -2.0], [np.inf, 1.0]])) == 2.0
    assert largest_magnitude(np.array([np.nan, -np.inf])) == 0.0
    assert largest_magnitude(np.empty((0, 3))) == 0.0


def test_the_limit_grows_at_once_and_shrinks_late() -> None:
    limit = HeatLimit()
    for largest, expected in [(0.9, 1.0), (1.2, 1.5), (0.95, 1.5), (0.8, 0.8)]:
        # 0.95 rounds up to 1.0, which is two thirds of 1.5: not yet pale. 0.8 is 0.53 of it.
        limit.read(np.array([[-largest, 0.1]], np.float64))
        assert limit.value == expected


def test_a_large_table_is_sampled_and_what_is_seen_counts() -> None:
    rows = np.full((4 * WHOLE_TABLE, 1), 0.5, np.float32)
    rows[3] = 7.0  # every fourth row is read: 0, 4, 8, …
    limit = HeatLimit()
    limit.read(rows)
    assert (limit.whole_table, limit.rows_read, limit.value) == (False, WHOLE_TABLE, 0.5)
    limit.look_at(rows[:10])
    assert limit.value == 8.0
    limit.read(rows)
    assert limit.value == 8.0


@pytest.mark.parametrize(
    ("text", "room", "fitted"),
    [
        ("0.123456", 8, "0.123456"),
        ("0.123456", 6, "≈0.123"),
        ("-0.987654", 6, "≈-0.99"),
        ("1.2345e-05", 8, "≈1.2e-05"),
        ("1.2345e-05", 6, "≈1e-05"),
        ("123456.7", 7, "≈123457"),
        ("123456.7", 6, "…"),
        ("-0.0034", 6, "≈-0.00"),  # "≈-0.003" has no room
        ("-0.0067", 6, "≈-0.01"),
        ("0.000123", 5, "≈0.00"),
        ("-0.0034", 5, "…"),
        ("Inf", 2, "…"),
    ],
)
def test_numbers_are_rounded_to_fit(text: str, room: int, fitted: str) -> None:
    assert fit_number(text, room) == fitted


def test_a_rounded_number_has_no_more_figures_than_wanted() -> None:
    assert fit_number("0.123456789", 9, figures=3) == "≈0.123"


@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(1, 14))
def test_a_fitted_number_says_when_it_is_rounded(value: float, room: int) -> None:
    text = shortest(np.float32(value))
    fitted = fit_number(text, room)
    assert len(fitted) <= max(room, 1)
    if fitted.startswith("≈") and abs(value) < 0.01:
        # To one figure, or to two decimals: 0.005 away at most.
        assert float(fitted[1:]) == pytest.approx(float(text), rel=0.5, abs=0.0051)
    elif fitted.startswith("≈"):
        # One figure is at most 5 of the next one away: half of ten times, of at least 1.
        assert float(fitted[1:]) == pytest.approx(float(text), rel=0.5)
    else:
        assert fitted in (text, "…")


@pytest.mark.parametrize(
    ("norm", "text"),
    [
        (0.0, "0"),
        (0.81776, "0.818"),
        (12.345, "12.3"),
        (999.6, "1000"),
        (12345.6, "12346"),
        (2e5, "2e+05"),
        (4e-6, "4e-06"),
        (math.nan, "NaN"),
        (math.inf, "Inf"),
    ],
)
def test_norms_fit_five_characters(norm: float, text: str) -> None:
    assert short_norm(norm) == text
    assert len(text) <= 5


@pytest.mark.parametrize(
    ("text", "dtype", "expected"),
    [
        ("0.25", "float32", 0.25),
        (" -1e-3 ", "float32", -0.001),
        ("−2", "float32", -2.0),  # as some keyboards and pages write it
        (".5", "float64", 0.5),
        ("", "float32", Fault.EMPTY),
        ("abc", "float32", Fault.NOT_A_NUMBER),
        ("0,5", "float32", Fault.NOT_A_NUMBER),
        ("1_000", "float32", Fault.NOT_A_NUMBER),
        ("nan", "float32", Fault.NOT_FINITE),
        ("-inf", "float32", Fault.NOT_FINITE),
        ("1e39", "float32", Fault.TOO_LARGE),
        ("1e39", "float64", 1e39),
        ("70000", "float16", Fault.TOO_LARGE),  # float16 ends at 65504
        ("1e400", "float64", Fault.TOO_LARGE),
    ],
)
def test_only_finite_numbers_that_fit_are_entered(
    text: str, dtype: str, expected: float | Fault
) -> None:
    assert read_number(text, np.dtype(dtype)) == expected
