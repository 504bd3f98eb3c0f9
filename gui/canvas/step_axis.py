"""An axis of steps: whole numbers only, with thousands set apart."""

import pyqtgraph as pg


class StepAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no annotations
    """There is no step 0.5, so no tick stands there."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        spacings = super().tickSpacing(low, high, size)
        whole = [(spacing, offset) for spacing, offset in spacings if spacing >= 1]
        return whole or [(1.0, 0.0)]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [f"{value:,.0f}" for value in values]
