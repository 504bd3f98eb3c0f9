"""An axis with only as many numbers as have room, and none between whole steps."""

import math

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF

LINES_APART = 1.8  # from one number to the next, in heights of a line
LEAST_APART = 1.1  # the same where there would be too few numbers to give a scale
WIDEST_STEP = "1,000,000"


class CalmAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no annotations
    """`whole`: for steps, since there is no step 0.5; thousands are set apart."""

    def __init__(self, side: str, *, whole: bool = False) -> None:
        super().__init__(side)
        self._whole = whole
        # "k" and "M" beside an axis are more to explain than the zeros they save.
        self.enableAutoSIPrefix(False)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        """One distance, in the units of the axis, as (distance, offset)."""
        spacing = self._spacing(low, high, size, LINES_APART)
        if self._count_seen(low, high, size, spacing) < (1 if self._whole else 2):
            spacing = self._spacing(low, high, size, LEAST_APART)
        return [(max(spacing, 1.0) if self._whole else spacing, 0.0)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self._whole:
            return [f"{value:,.0f}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings

    def _spacing(self, low: float, high: float, size: float, apart: float) -> float:
        return rounded_up((high - low) / max(size / (apart * self._needed()), 1.0))

    def _count_seen(self, low: float, high: float, size: float, spacing: float) -> int:
        """How many numbers there are; those that reach over the ends of a row are not drawn."""
        if not math.isfinite(high - low):
            return 0
        if self.orientation in ("top", "bottom"):
            cut = self._needed() / 2 * (high - low) / max(size, 1.0)
            low, high = low + cut, high - cut
        return math.floor(high / spacing) - math.ceil(low / spacing) + 1

    def _needed(self) -> float:
        """The pixels that a number takes along the axis."""
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        if self.orientation in ("left", "right"):
            return metrics.height()
        return metrics.horizontalAdvance(WIDEST_STEP)


def rounded_up(distance: float) -> float:
    """The least of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is no less than `distance` (positive)."""
    if not 0 < distance < math.inf:
        return 1.0
    decade = math.floor(math.log10(distance))
    rungs = (float(f"{figure}e{power}") for power in (decade, decade + 1) for figure in (1, 2, 5))
    return next(rung for rung in rungs if rung >= distance)
