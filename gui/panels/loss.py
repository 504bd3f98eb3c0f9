"""The loss of every step since the run began."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.canvas.calm_axis import CalmAxis
from gui.canvas.columns import envelope, running_mean
from gui.elided_label import ElidedLabel
from gui.more_button import MoreButton
from gui.numbers import as_computed
from gui.session import Session
from gui.theme import SPACING, theme_of
from gui.throttle import Throttle

MEAN_OF = 50
REDRAW_MILLISECONDS = 100  # a person sees no more of a curve, and painting it takes its time


class LossPanel(QWidget):
    """The plot, a mean to see through the noise of batches, and the step under the mouse."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossPanel")
        self._session = session
        self._lines = ""
        self._is_empty: bool | None = None  # not known before the first drawing
        self._compose()
        self._throttle = Throttle(REDRAW_MILLISECONDS, self)
        self._throttle.due.connect(self._redraw)
        session.frameShown.connect(self._throttle.ask)
        session.runStarted.connect(self._throttle.now)
        session.time.changed.connect(self._throttle.now)
        self._plot.scene().sigMouseMoved.connect(self._point_at)
        self._tint()
        self._redraw()

    def sizeHint(self) -> QSize:
        return QSize(480, 150)

    # ── what stands where ─────────────────────────────────────────────────────────────────────

    def _compose(self) -> None:
        title = QLabel(self.tr("Loss"))
        title.setObjectName("lossTitle")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        self._note = ElidedLabel(Qt.AlignmentFlag.AlignRight)
        self._note.setObjectName("lossNote")
        head = QHBoxLayout()
        head.setSpacing(2 * SPACING)
        head.addWidget(title)
        head.addWidget(self._note, 1)
        self.more = MoreButton("lossMore", self.tr("Loss"), self)
        head.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self._make_plot(), 1)

    def _make_plot(self) -> pg.PlotWidget:
        self._plot = plot = pg.PlotWidget(
            axisItems={"bottom": CalmAxis("bottom", whole=True), "left": CalmAxis("left")}
        )
        plot.setObjectName("lossView")
        plot.setAccessibleName(self.tr("Loss of each step"))
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        # Around a lone point pyqtgraph keeps the width of before, and would show steps below 0.
        plot.setLimits(xMin=0)
        plot.setLabel("left", self.tr("loss"))
        plot.setMinimumHeight(60)
        # Beside the numbers and not below them: the plot is low.
        self._step_label = _muted("lossSteps", self.tr("step"), plot)
        self._curve = plot.plot(connect="finite")
        self._mean = plot.plot(connect="finite")
        self._dot = plot.plot(symbol="o", symbolSize=7, pen=None)
        self._other = plot.plot(connect="finite")
        self._mark = pg.InfiniteLine(angle=90)
        self._mark.hide()
        plot.addItem(self._mark, ignoreBounds=True)
        self._empty = _muted("lossEmpty", self.tr("Press Step to see the first loss"), plot)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return plot

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _redraw(self) -> None:
        history = self._session.losses
        steps, losses = history.steps, history.losses
        columns = max(int(self._plot.getViewBox().width()), 1)
        x, y = envelope(steps, losses, columns)
        self._curve.setData(*finite(x, y))
        places, means = running_mean(losses, MEAN_OF, columns)
        self._mean.setData(*finite(steps[places], means))
        # One point makes no line, and the step on screen is what a person looks for.
        shown = self._session.shown
        here = len(losses) if shown is None else min(shown.step, len(losses))
        self._dot.setData(*finite(steps[max(here - 1, 0) : here], losses[max(here - 1, 0) : here]))
        other = self._show_compared(columns)
        self._show_empty(not len(losses))
        # Else the plot finds out its range in its paint event, and has to be painted again.
        self._plot.scene().prepareForPaint()
        self._lines = self._say(other, cut=len(x) < len(losses), mean=len(places) > 0)
        if not self._mark.isVisible():
            self._note.set_text(self._lines)

    def _show_empty(self, empty: bool) -> None:
        if empty == self._is_empty:
            return  # a new style has an axis laid out and painted anew, even the same one
        self._is_empty = empty
        self._empty.setVisible(empty)
        for side in ("left", "bottom"):
            # Numbers beside an empty plot would be numbers of nothing.
            self._plot.getAxis(side).setStyle(showValues=not empty)
        if empty:
            self._mark.hide()

    def _show_compared(self, columns: int) -> str:
        """Draw the losses of the branch that is compared; returns its name."""
        compared = self._session.time.compared
        if compared is None:
            self._other.setData([], [])
            return ""
        history = compared.history.losses
        self._other.setData(*finite(*envelope(history.steps, history.losses, columns)))
        return str(compared.name)

    def _say(self, other: str, *, cut: bool, mean: bool) -> str:
        """What the lines are, where they are not simply the loss of each step."""
        parts = []
        if other:
            parts.append(self.tr("dashed: branch “{name}”").format(name=other))
        if mean:
            parts.append(self.tr("thick: mean of the last {n} steps").format(n=MEAN_OF))
        if cut:
            parts.append(self.tr("thin: each pixel column, lowest to highest"))
        elif mean:
            parts.append(self.tr("thin: each step"))
        return " · ".join(parts)

    def _tint(self) -> None:
        theme = theme_of(self)
        self._plot.setBackground(theme.surface)
        self._curve.setPen(pg.mkPen(theme.accent, width=1))
        self._mean.setPen(pg.mkPen(theme.text, width=2))
        dashed = Qt.PenStyle.DashLine
        self._other.setPen(pg.mkPen(theme.series[1], width=1.5, style=dashed))
        self._dot.setSymbolBrush(theme.accent)
        self._dot.setSymbolPen(None)
        self._mark.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(self.font())
            axis.label.setFont(self.font())
        # Room for the upper half of the topmost number, and for "step".
        right = self._step_label.sizeHint().width() + SPACING
        margins = (0, self.fontMetrics().height() // 2, right, 0)
        self._plot.getPlotItem().layout.setContentsMargins(*margins)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._tint()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self._plot.rect())
        self._step_label.adjustSize()
        corner = QPoint(SPACING // 2, SPACING // 2)
        self._step_label.move(
            self._plot.rect().bottomRight() - self._step_label.rect().bottomRight() - corner
        )
        self._redraw()

    # ── the step under the mouse ──────────────────────────────────────────────────────────────

    @Slot(QPointF)
    def _point_at(self, place: QPointF) -> None:
        view = self._plot.getViewBox()
        steps, losses = self._session.losses.steps, self._session.losses.losses
        if not len(steps) or not view.sceneBoundingRect().contains(place):
            self._leave()
            return
        nearest = nearest_place(steps, view.mapSceneToView(place).x())
        self._mark.setPos(float(steps[nearest]))
        self._mark.show()
        self._note.set_text(
            self.tr("step {step}: loss {loss}").format(
                step=f"{steps[nearest]:,}", loss=as_computed(float(losses[nearest]))
            )
        )

    def leaveEvent(self, event: QEvent) -> None:
        self._leave()
        super().leaveEvent(event)

    def _leave(self) -> None:
        self._mark.hide()
        self._note.set_text(self._lines)


def _muted(name: str, text: str, plot: QWidget) -> QLabel:
    """Text over the plot, which the mouse goes through."""
    label = QLabel(text, plot)
    label.setObjectName(name)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label


def finite(
    steps: NDArray[np.int64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What can be drawn of a curve: NaN, a gap, at values that are not finite; empty if none is.

    pyqtgraph fails in its paint event on a curve without any finite value.
    """
    there = np.isfinite(values)
    if not there.any():
        return np.empty(0), np.empty(0)
    return steps.astype(np.float64), np.where(there, values, np.nan)


def nearest_place(steps: NDArray[np.int64], x: float) -> int:
    """The place in ascending `steps` (N,), N ≥ 1, of the one nearest to `x`."""
    after = int(np.searchsorted(steps, x))
    if after == 0:
        return 0
    if after == len(steps):
        return after - 1
    return after if steps[after] - x < x - steps[after - 1] else after - 1
