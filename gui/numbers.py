"""Numbers as text: the shortest that reads back as the same number in its own precision."""

import math

import numpy as np


def shortest(value: float | np.floating) -> str:
    """The shortest text that round-trips in `value`'s own dtype: "0.1", not "0.10000000149".

    A Python float counts as float64. Whole numbers lose their ".0" ("1"); very large and very
    small ones are written "2.5e+20" and "1e-05"; the others are "NaN", "Inf" and "-Inf".
    """
    number = value if isinstance(value, np.floating) else np.float64(value)
    size = abs(float(number))
    if math.isnan(size):
        return "NaN"
    if math.isinf(size):
        return "Inf" if number > 0 else "-Inf"
    if size == 0 or 1e-4 <= size < 1e16:
        return np.format_float_positional(number, unique=True, trim="-")
    return np.format_float_scientific(number, unique=True, trim="-", exp_digits=2)


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
