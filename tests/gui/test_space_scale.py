"""Scales: round numbers, written with as many places as they need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.axis_scale import round_step, tick_text, ticks


@pytest.mark.parametrize(
    ("least", "step"), [(1, 1), (1.1, 2), (0.03, 0.05), (0.051, 0.1), (700, 1000), (2e-7, 2e-7)]
)
def test_steps_are_1_2_5_times_a_power_of_ten(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@given(st.floats(1e-12, 1e12))
def test_a_step_is_no_smaller_than_asked_and_at_most_two_and_a_half_times_it(least: float) -> None:
    assert 1 - 1e-8 <= round_step(least) / least <= 2.5 + 1e-8


def test_ticks_are_the_multiples_in_between() -> None:
    assert ticks(-0.6, 1.1, 0.5) == [-0.5, 0, 0.5, 1]


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0, 0.5, "0"),
        (0.5, 0.5, "0.5"),
        (-1, 0.5, "−1.0"),
        (0.15, 0.05, "0.15"),
        (200, 100, "200"),
        (3e-7, 1e-7, "3e−07"),
        (12e-7, 1e-7, "1.2e−06"),
        (2e6, 1e6, "2e+06"),
    ],
)
def test_numbers_have_the_places_of_their_step(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text
