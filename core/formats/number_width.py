"""Whether numbers written as text need float64: text itself does not say."""

from collections.abc import Iterable
from typing import Any

import numpy as np

MOST_FIGURES = 9  # that a float32 needs


def dtype_of(fields: Iterable[str]) -> np.dtype[Any]:
    """float64 if one of `fields` has more figures than a float32 needs and is none, else float32.

    Some programs write a float32 with the 17 figures of a float64: it is still a float32.
    """
    return np.dtype(np.float64 if any(map(_is_wide, fields)) else np.float32)


def _is_wide(field: str) -> bool:
    mantissa = field.lower().partition("e")[0]
    figures = "".join(filter(str.isdecimal, mantissa)).strip("0")  # zeros only set its place
    if len(figures) <= MOST_FIGURES:
        return False
    try:
        value = float(field)
    except ValueError:
        return False
    with np.errstate(over="ignore"):
        return float(np.float32(value)) != value
