"""The loss of every step since the run began."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.canvas.columns import envelope, running_mean
from gui.canvas.step_axis import StepAxis
from gui.elided_label import ElidedLabel
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
        self._compose()
        self._throttle = Throttle(REDRAW_MILLISECONDS, self)
        self._throttle.due.connect(self._redraw)
        session.frameShown.connect(self._throttle.ask)
        session.runStarted.connect(self._throttle.now)
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
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self._make_plot(), 1)

    def _make_plot(self) -> pg.PlotWidget:
        self._plot = plot = pg.PlotWidget(axisItems={"bottom": StepAxis("bottom")})
        plot.setObjectName("lossView")
        plot.setAccessibleName(self.tr("Loss of each step"))
        plot.setMouseEnabled(x=False, y=False)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setLabel("bottom", self.tr("step"))
        plot.setLabel("left", self.tr("loss"))
        plot.setMinimumHeight(90)
        # Room for the upper half of the topmost number, and the right half of the last.
        plot.getPlotItem().layout.setContentsMargins(0, SPACING, 2 * SPACING, SPACING // 2)
        for side in ("left", "bottom"):
            # "k" and "M" beside an axis are more to explain than the zeros they save.
            plot.getAxis(side).enableAutoSIPrefix(False)
        self._curve = plot.plot(connect="finite")
        self._mean = plot.plot(connect="finite")
        self._dot = plot.plot(symbol="o", symbolSize=7, pen=None)
        self._mark = pg.InfiniteLine(angle=90)
        self._mark.hide()
        plot.addItem(self._mark, ignoreBounds=True)
        self._empty = QLabel(self.tr("Press Step to see the first loss"), plot)
        self._empty.setObjectName("lossEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        return plot

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _redraw(self) -> None:
        history = self._session.losses
        steps, losses = history.steps, history.losses
        columns = max(int(self._plot.getViewBox().width()), 1)
        x, y = envelope(steps, losses, columns)
        self._curve.setData(x.astype(np.float64), y)
        places, means = running_mean(losses, MEAN_OF, columns)
        self._mean.setData(steps[places].astype(np.float64), means)
        # One point makes no line, and the newest is what a person looks for.
        self._dot.setData(steps[-1:].astype(np.float64), losses[-1:])
        self._show_empty(not len(losses))
        self._lines = self._say(cut=len(x) < len(losses), mean=len(places) > 0)
        if not self._mark.isVisible():
            self._note.set_text(self._lines)

    def _show_empty(self, empty: bool) -> None:
        self._empty.setVisible(empty)
        for side in ("left", "bottom"):
            # Numbers beside an empty plot would be numbers of nothing.
            self._plot.getAxis(side).setStyle(showValues=not empty)
        if empty:
            self._mark.hide()

    def _say(self, *, cut: bool, mean: bool) -> str:
        """What the lines are, where they are not simply the loss of each step."""
        parts = []
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
        self._dot.setSymbolBrush(theme.accent)
        self._dot.setSymbolPen(None)
        self._mark.setPen(pg.mkPen(theme.muted, style=Qt.PenStyle.DashLine))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.line)
            axis.setTextPen(theme.muted)
            axis.setTickFont(self.font())
            axis.label.setFont(self.font())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._tint()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self._plot.rect())
        self._throttle.ask()

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


def nearest_place(steps: np.ndarray, x: float) -> int:
    """The place in ascending `steps` (N,), N ≥ 1, of the one nearest to `x`."""
    after = int(np.searchsorted(steps, x))
    if after == 0:
        return 0
    if after == len(steps):
        return after - 1
    return after if steps[after] - x < x - steps[after - 1] else after - 1
