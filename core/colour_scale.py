"""From a number for each row to one of 255 colours, on a scale that holds still while it trains."""

from dataclasses import dataclass, replace
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating[Any]]

NO_COLOUR = 255
"""The code of a row without a value."""

COLOURS = 255
"""Codes 0 … 254; 127 is the middle of the scale."""

SAMPLE = 2**16
"""The quartiles of more values than these are those of a part of them, evenly spaced."""

FAR = 3.0
"""A value is far out if it is so many times as far from the middle half as that is wide: the outer
fences of J. W. Tukey, Exploratory Data Analysis, 1977."""

FEW = 20
"""Fewer values have no middle half to speak of: all are on the scale."""


@dataclass(frozen=True)
class Span:
    """The first colour stands for `low`, the last one for `high`.

    `below` and `above` say whether values lie outside, which have the colours of the ends.
    `logarithmic`: equal steps of colour are equal ratios.
    """

    low: float
    high: float
    below: bool = False
    above: bool = False
    logarithmic: bool = False


@dataclass(frozen=True, eq=False)
class Graded:
    """`values` (V,), NaN where a row has none, and their `codes` uint8 (V,) on `span`.

    `span` is None where no row has a value.
    """

    values: Values
    codes: NDArray[np.uint8]
    span: Span | None


def grade(
    values: Values,
    before: Span | None = None,
    *,
    from_zero: bool = False,
) -> Graded:
    """The codes of `values` (V,) on a scale with round ends; NaN and ±Inf have no colour.

    A few values that are `FAR` out lie outside, so that they do not squeeze all others together.
    The scale stays as it was `before` while the others lie on it and take up half of it, so that
    colours do not flicker. `from_zero` has it begin at 0.
    """
    bounds = _bounds(values)
    if bounds is None:
        return Graded(values, np.full(len(values), NO_COLOUR, np.uint8), None)
    low, high = (0.0 if from_zero else bounds.low), bounds.high
    if low < high:
        low, high = _settled(low, high, before)
    span = Span(low, high, bounds.least < low, bounds.most > high)
    return Graded(values, codes(values, span), span)


def grade_whole(values: Values, *, logarithmic: bool = False) -> Graded:
    """The codes of `values` (V,) from the least to the most of them, just as they are."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return Graded(values, np.full(len(values), NO_COLOUR, np.uint8), None)
    span = Span(float(finite.min()), float(finite.max()), logarithmic=logarithmic)
    return Graded(values, codes(values, span), span)


def codes(values: Values, span: Span) -> NDArray[np.uint8]:
    """The codes uint8 (V,) of `values` on `span`; 127 for all that have one if it has no width."""
    low, high = span.low, span.high
    places = values.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if span.logarithmic:
            np.log(places, out=places)
            low, high = float(np.log(low)), float(np.log(high))
        missing = ~np.isfinite(places)
        width = high - low
        places -= low
        if width > 0:
            places /= width
            places *= COLOURS - 1
        else:
            places += COLOURS // 2
    np.clip(places, 0, COLOURS - 1, out=places)
    np.rint(places, out=places)
    places[missing] = NO_COLOUR
    return places.astype(np.uint8)


def middle(span: Span) -> float:
    """What the colour in the middle of `span` stands for."""
    if span.logarithmic:
        return float(np.sqrt(span.low * span.high))
    return (span.low + span.high) / 2


@dataclass(frozen=True)
class _Bounds:
    least: float
    low: float
    high: float
    most: float


def _bounds(values: Values) -> _Bounds | None:
    """The least and the most of the finite `values`, and those of them that are not far out."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None
    least, most = float(finite.min()), float(finite.max())
    whole = _Bounds(least, least, most, most)
    if len(finite) < FEW:
        return whole
    part = finite[:: -(-len(finite) // SAMPLE)]
    first, third = (float(end) for end in np.percentile(part, [25, 75]))
    room = FAR * (third - first)
    if room <= 0:
        return whole
    low, high = first - room, third + room
    if low <= least and most <= high:
        return whole
    near = finite[(finite >= low) & (finite <= high)]
    return replace(whole, low=float(near.min()), high=float(near.max()))


def _settled(low: float, high: float, before: Span | None) -> tuple[float, float]:
    """Round ends around `low` < `high`: those of `before` if they still fit, or wider ones."""
    if before is None or before.low >= before.high:
        return _rounded_outward(low, high)
    wide = min(low, before.low), max(high, before.high)
    if wide[1] - wide[0] > 2 * (high - low):
        return _rounded_outward(low, high)
    if wide == (before.low, before.high):
        return wide
    return _rounded_outward(*wide)


def _rounded_outward(low: float, high: float) -> tuple[float, float]:
    """`low` and `high` moved apart to numbers that are short to write: two figures of the width."""
    digits = 1 - floor(log10(high - low))
    unit = 10.0**-digits
    down, up = round(low, digits), round(high, digits)
    down = down if down <= low else round(down - unit, digits)
    up = up if up >= high else round(up + unit, digits)
    return down, up
