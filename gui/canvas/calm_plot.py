"""A plot of losses over steps, only to be looked at: nothing in it is dragged, zoomed or pressed.

Loading pyqtgraph takes as long as half of the rest of the window. So panels import this only when
there is a curve to be seen, after the window has been painted.
"""

import pyqtgraph as pg
from PySide6.QtCore import QEvent

from gui.canvas.calm_axis import CalmAxis
from gui.theme import SPACING, theme_of


class CalmPlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph ships no annotations
    """Its axes begin at step 0 and are labelled with `loss` at the left.

    Once it was tinted it follows the theme: a panel hears of a theme before its parts have it.
    """

    _tinted = False
    _numbered: bool | None = None  # not known before it is said

    def __init__(self, object_name: str, accessible_name: str, loss: str) -> None:
        super().__init__(
            axisItems={"bottom": CalmAxis("bottom", whole=True), "left": CalmAxis("left")}
        )
        self.setObjectName(object_name)
        self.setAccessibleName(accessible_name)
        self.setMouseEnabled(x=False, y=False)
        self.setMenuEnabled(False)
        self.hideButtons()
        # A plot would take a dropped file for itself and do nothing with it.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        # Around a lone point pyqtgraph keeps the width of before, and would show steps below 0.
        self.setLimits(xMin=0)
        self.setLabel("left", loss)

    def tint(self) -> None:
        """Take the colours and the font of the theme."""
        self._tinted = True
        theme = theme_of(self)
        # Room for the upper half of the topmost number, and for the last of the row.
        self.getPlotItem().layout.setContentsMargins(
            0, self.fontMetrics().height() // 2, SPACING, 0
        )
        self.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(self.font())
            axis.label.setFont(self.font())

    def number_axes(self, numbered: bool) -> None:
        """Write numbers beside the axes, or none: those of an empty plot are numbers of nothing."""
        if numbered == self._numbered:
            return  # a new style has an axis laid out and painted anew, even the same one
        self._numbered = numbered
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(showValues=numbered)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._tinted and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.tint()
