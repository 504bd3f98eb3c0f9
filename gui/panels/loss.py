"""The loss of every step since the run began."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.after_paint import AfterPaint
from gui.elided_label import ElidedLabel
from gui.more_button import MoreButton
from gui.numbers import as_computed
from gui.session import Session
from gui.theme import SPACING
from gui.throttle import Throttle

if TYPE_CHECKING:
    from gui.canvas.loss_plot import Drawn, LossPlot

REDRAW_MILLISECONDS = 100  # a person sees no more of a curve, and painting it takes its time


class LossPanel(QWidget):
    """The plot, a mean to see through the noise of batches, and the step under the mouse."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossPanel")
        self._session = session
        self._lines = ""
        self._plot: LossPlot | None = None
        self._compose()
        self._throttle = Throttle(REDRAW_MILLISECONDS, self, phase=2 * REDRAW_MILLISECONDS // 3)
        self._throttle.due.connect(self._redraw)
        session.frameShown.connect(self._throttle.ask)
        session.runStarted.connect(self._throttle.now)
        session.time.changed.connect(self._throttle.now)
        AfterPaint(self._view).painted.connect(self._make_plot)

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
        self._view = QWidget()
        self._view.setObjectName("lossView")
        self._view.setAccessibleName(self.tr("Loss of each step"))
        self._view.setBackgroundRole(QPalette.ColorRole.Base)
        self._view.setAutoFillBackground(True)
        self._view.setMinimumHeight(60)
        QVBoxLayout(self._view).setContentsMargins(0, 0, 0, 0)
        self._empty = QLabel(self.tr("Press Step to see the first loss"), self._view)
        self._empty.setObjectName("lossEmpty")
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self._view, 1)

    @Slot()
    def _make_plot(self) -> None:
        from gui.canvas.loss_plot import LossPlot

        names = (self.tr("Loss of each step"), self.tr("loss"), self.tr("step"))
        plot = self._plot = LossPlot(*names)
        plot.pointed.connect(self._tell_step)
        plot.tint()
        layout = self._view.layout()
        assert layout is not None
        layout.addWidget(plot)
        layout.activate()
        self._empty.raise_()
        self._redraw()

    # ── drawing ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _redraw(self) -> None:
        history, shown = self._session.losses, self._session.shown
        self._empty.setVisible(not len(history.losses))
        if self._plot is None:
            return
        here = len(history.losses) if shown is None else min(shown.step, len(history.losses))
        drawn = self._plot.draw(history.steps, history.losses, here)
        self._lines = self._say(self._show_compared(self._plot), drawn)
        if not self._plot.is_pointed:
            self._note.set_text(self._lines)

    def _show_compared(self, plot: "LossPlot") -> str:
        """Draw the losses of the branch that is compared; returns its name."""
        compared = self._session.time.compared
        if compared is None:
            plot.draw_other(self._session.losses.steps[:0], self._session.losses.losses[:0])
            return ""
        history = compared.history.losses
        plot.draw_other(history.steps, history.losses)
        return str(compared.name)

    def _say(self, other: str, drawn: "Drawn") -> str:
        """What the lines are, where they are not simply the loss of each step."""
        parts = []
        if other:
            parts.append(self.tr("dashed: branch “{name}”").format(name=other))
        if drawn.mean_of:
            parts.append(self.tr("thick: mean of {n} steps").format(n=drawn.mean_of))
        if drawn.cut:
            parts.append(self.tr("thin: lowest to highest"))
        elif drawn.mean_of:
            parts.append(self.tr("thin: each step"))
        return " · ".join(parts)

    @Slot(object)
    def _tell_step(self, place: int | None) -> None:
        if place is None:
            self._note.set_text(self._lines)
            return
        history = self._session.losses
        self._note.set_text(
            self.tr("step {step}: loss {loss}").format(
                step=f"{history.steps[place]:,}", loss=as_computed(float(history.losses[place]))
            )
        )

    # ── Qt's own events ───────────────────────────────────────────────────────────────────────

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._plot:
            self._plot.tint()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self._view.rect())
        self._redraw()

    def leaveEvent(self, event: QEvent) -> None:
        if self._plot is not None:
            self._plot.leave()
        super().leaveEvent(event)
