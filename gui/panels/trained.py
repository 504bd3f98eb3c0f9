"""What the step on screen trained on: inputs → targets, and the negatives."""

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.config import ObjectiveName
from gui.canvas.example_pieces import Examples
from gui.elided_label import ElidedLabel
from gui.more_button import MoreButton
from gui.panel_labels import title_label
from gui.panels.trained_view import TrainedView
from gui.session import Session, Shown, State
from gui.theme import SPACING
from gui.throttle import Throttle

REDRAW_MILLISECONDS = 100
MOST_DRAWN = 2000  # examples
MOST_DRAWN_RUNNING = 100  # nobody scrolls in what changes ten times a second


class TrainedPanel(QWidget):
    """While training runs it changes ten times a second; what it shows is always one step."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainedPanel")
        self._session = session
        self._shown: Shown | None = None
        self._examples: Examples | None = None
        self._compose()
        # The loss plot is drawn as often: not both in the same frame.
        self._throttle = Throttle(REDRAW_MILLISECONDS, self, phase=REDRAW_MILLISECONDS // 3)
        self._throttle.due.connect(self._show_step)
        session.frameShown.connect(self._throttle.ask)
        session.runStarted.connect(self._throttle.now)
        session.stateChanged.connect(self._throttle.now)
        self._view.movedOn.connect(self._show_rest)
        self._show_step()

    def sizeHint(self) -> QSize:
        return QSize(420, 150)

    def _compose(self) -> None:
        self._title = title_label("trainedTitle")
        self._kind = ElidedLabel()
        self._kind.setObjectName("trainedKind")
        self._rest = QLabel()
        self._rest.setObjectName("trainedRest")
        self._rest.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.setSpacing(SPACING)
        head.addWidget(self._title)
        head.addWidget(self._kind, 1)
        head.addWidget(self._rest)
        self.more = MoreButton("trainedMore", self.tr("What the step trained on"), self)
        head.addWidget(self.more)
        self._view = TrainedView(self._session)
        self._view.setMinimumHeight(60)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING, SPACING // 2, SPACING, SPACING // 2)
        column.setSpacing(SPACING // 2)
        column.addLayout(head)
        column.addWidget(self._view, 1)

    @Slot()
    def _show_step(self) -> None:
        session, shown = self._session, self._session.shown
        # Read once for each step: the settings of now may already be those of another run.
        if shown is None or shown is not self._shown:
            self._shown = shown
            self._examples = self._read(shown)
        running = session.state is State.RUNNING
        most = MOST_DRAWN_RUNNING if running else MOST_DRAWN
        self._view.show_examples(self._examples, most, self._words_instead(shown))

    def _words_instead(self, shown: Shown | None) -> str:
        """What is said where there are no examples."""
        if shown is not None and not shown.done:
            text = self.tr("What step {step} trained on was not stored")
            return text.format(step=f"{shown.step:,}")
        return self.tr("Press Step to see what it trains on, word by word")

    def _read(self, shown: Shown | None) -> Examples | None:
        if shown is None or shown.trained is None:
            self._title.setText(self.tr("What the step trained on"))
            self._kind.set_text("")
            return None
        session = self._session
        objective = session.shown_config.objective.name
        labels = session.label_names if objective == "sentence-label" else None
        examples = Examples(shown.trained, session.vocabulary, labels)
        self._title.setText(self._said(shown.step, len(examples)))
        self._kind.set_text(self._kind_of(objective))
        return examples

    def _said(self, step: int, count: int) -> str:
        if count == 1:
            return self.tr("Step {step} trained on 1 example").format(step=f"{step:,}")
        return self.tr("Step {step} trained on {count} examples").format(
            step=f"{step:,}", count=f"{count:,}"
        )

    def _kind_of(self, objective: ObjectiveName) -> str:
        return {
            "next-word": self.tr("word → next word"),
            "cbow": self.tr("words around → word"),
            "skip-gram": self.tr("word → neighbour × negatives"),
            "sentence-label": self.tr("sentence → label"),
        }[objective]

    @Slot()
    def _show_rest(self) -> None:
        more = self._view.below + self._view.left_out
        text = self.tr("{count} more").format(count=f"{more:,}") if more else ""
        if self._view.left_out and self._session.state is not State.RUNNING:
            text = self.tr("{count} more, {left_out} of them not drawn").format(
                count=f"{more:,}", left_out=f"{self._view.left_out:,}"
            )
        self._rest.setText(text)
