"""Numbers as the window writes them, exact or said to be rounded."""

import math

import numpy as np

from core.number_text import shortest

__all__ = ["as_computed", "byte_count", "rounded", "shortest"]


def as_computed(value: float) -> str:
    """`shortest`, where `value` is float64 but was computed in float32 if that holds it exactly.

    A loss that torch computed in float32 reads "1.4217982", not "1.4217982292175293".
    """
    with np.errstate(over="ignore"):
        single = np.float32(value)
    return shortest(single) if float(single) == value else shortest(value)


def rounded(value: float) -> str:
    """`value` in three figures, behind "≈" unless that is all of it: "≈ 1.42", "0.5"."""
    if not math.isfinite(value):
        return shortest(value)
    text = shortest(float(f"{value:.3g}"))
    return text if float(text) == value else f"≈ {text}"


def byte_count(size: int) -> str:
    """`size` in the unit people know files by, rounded to three figures at most."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}".replace(".0 ", " ")
    return f"{size} B"
