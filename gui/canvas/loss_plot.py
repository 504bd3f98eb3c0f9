"""The curve of a run's losses, with a mean to see through the noise of batches."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel

from gui.canvas.calm_plot import CalmPlot
from gui.canvas.columns import envelope, running_mean
from gui.theme import SPACING, theme_of

MEAN_OF = 50
Steps = NDArray[np.int64]
Losses = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """What the lines are: `cut`, each pixel column's extremes; `mean_of`, 0 without a mean."""

    cut: bool
    mean_of: int


class LossPlot(CalmPlot):
    """Draws what it is given; the mouse over it points at a step."""

    pointed = Signal(object)  # the place in the losses that the mouse is at, None if at none

    def __init__(self, accessible_name: str, loss: str, step: str) -> None:
        super().__init__("lossPlot", accessible_name, loss)
        self._steps: Steps = np.empty(0, np.int64)
        # Beside the numbers and not below them: the plot is low.
        self._step_label = QLabel(step, self)
        self._step_label.setObjectName("lossSteps")
        self._step_label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._step_label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._curve = self.plot(connect="finite")
        self._mean = self.plot(connect="finite")
        self._dot = self.plot(symbol="o", symbolSize=7, pen=None)
        self._other = self.plot(connect="finite")
        self._mark = pg.InfiniteLine(angle=90)
        self._mark.hide()
        self.addItem(self._mark, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._point_at)

    @property
    def columns(self) -> int:
        """The pixels across, at least 1."""
        return max(int(self.getViewBox().width()), 1)

    @property
    def is_pointed(self) -> bool:
        """Whether the mouse is at a step."""
        return bool(self._mark.isVisible())

    def draw(self, steps: Steps, losses: Losses, here: int) -> Drawn:
        """Draw `losses` (N,) of `steps` (N,), ascending, with a dot at the `here`-th, from 1."""
        self._steps = steps
        x, y = envelope(steps, losses, self.columns)
        self._curve.setData(*finite(x, y))
        places, means = running_mean(losses, MEAN_OF, self.columns)
        self._mean.setData(*finite(steps[places], means))
        # One point makes no line, and the step on screen is what a person looks for.
        at = slice(max(here - 1, 0), here)
        self._dot.setData(*finite(steps[at], losses[at]))
        self.number_axes(len(losses) > 0)
        if not len(losses):
            self._mark.hide()
        self._point_again()
        if len(losses) < 2:  # a single step keeps the width that is there, that of the run before
            self.getViewBox().setXRange(0, 2, update=False)
            self.getViewBox().enableAutoRange()
        # Else the plot finds out its range in its paint event, and has to be painted again.
        self.scene().prepareForPaint()
        return Drawn(cut=len(x) < len(losses), mean_of=MEAN_OF if len(places) else 0)

    def draw_other(self, steps: Steps, losses: Losses) -> None:
        """Draw the losses of another branch, dashed."""
        self._other.setData(*finite(*envelope(steps, losses, self.columns)))

    def leave(self) -> None:
        """The mouse is at no step."""
        self._mark.hide()
        self.pointed.emit(None)

    def tint(self) -> None:
        super().tint()
        theme = theme_of(self)
        self._curve.setPen(pg.mkPen(theme.accent, width=1))
        self._mean.setPen(pg.mkPen(theme.text, width=2))
        dashed = Qt.PenStyle.DashLine
        self._other.setPen(pg.mkPen(theme.series[1], width=1.5, style=dashed))
        self._dot.setSymbolBrush(theme.accent)
        self._dot.setSymbolPen(None)
        self._mark.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))
        # Room for the upper half of the topmost number, and for "step".
        right = self._step_label.sizeHint().width() + SPACING
        margins = (0, self.fontMetrics().height() // 2, right, 0)
        self.getPlotItem().layout.setContentsMargins(*margins)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not hasattr(self, "_step_label"):
            return  # pyqtgraph resizes the widget while it makes it
        self._step_label.adjustSize()
        corner = QPoint(SPACING // 2, SPACING // 2)
        self._step_label.move(
            self.rect().bottomRight() - self._step_label.rect().bottomRight() - corner
        )

    def _point_again(self) -> None:
        """Tell of the step at the mark once more: its loss may be another branch's by now."""
        if not self.is_pointed:
            return
        place = nearest_place(self._steps, self._mark.value())
        if self._steps[place] == self._mark.value():
            self.pointed.emit(place)
        else:
            self.leave()

    @Slot(QPointF)
    def _point_at(self, place: QPointF) -> None:
        view = self.getViewBox()
        if not len(self._steps) or not view.sceneBoundingRect().contains(place):
            self.leave()
            return
        nearest = nearest_place(self._steps, view.mapSceneToView(place).x())
        self._mark.setPos(float(self._steps[nearest]))
        self._mark.show()
        self.pointed.emit(nearest)


def finite(steps: Steps, values: Losses) -> tuple[Losses, Losses]:
    """What can be drawn of a curve: NaN, a gap, at values that are not finite; empty if none is.

    pyqtgraph fails in its paint event on a curve without any finite value.
    """
    there = np.isfinite(values)
    if not there.any():
        return np.empty(0), np.empty(0)
    return steps.astype(np.float64), np.where(there, values, np.nan)


def nearest_place(steps: Steps, x: float) -> int:
    """The place in ascending `steps` (N,), N ≥ 1, of the one nearest to `x`."""
    after = int(np.searchsorted(steps, x))
    if after == 0:
        return 0
    if after == len(steps):
        return after - 1
    return after if steps[after] - x < x - steps[after - 1] else after - 1
