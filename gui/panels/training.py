"""The bar that trains: run and step, how fast, how far, and what for."""

from typing import Protocol

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.config import OBJECTIVES, OPTIMIZERS, OptimizerConfig, OptimizerName
from gui.icons import icon
from gui.number_box import NumberBox
from gui.numbers import as_computed, rounded
from gui.panels.run_settings import RunSettingsDialog
from gui.readout import GAP, Readout
from gui.session import Session
from gui.setting_names import SettingNames
from gui.speed_slider import SpeedSlider
from gui.theme import SPACING

LOWEST_RATE, HIGHEST_RATE = 0.000001, 1000.0


class TrainingActions(Protocol):
    """The actions that the bar shows as buttons."""

    run: QAction
    step: QAction
    step_ten: QAction
    reset: QAction


class TrainingBar(QWidget):
    """One row where the window is wide enough for it, else two."""

    def __init__(
        self, session: Session, actions: TrainingActions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainingBar")
        self._session = session
        self._names = SettingNames(self)
        self._dialog: RunSettingsDialog | None = None
        self._compose(actions)
        session.frameShown.connect(self._show_step)
        session.runStarted.connect(self._show_step)
        session.stateChanged.connect(self._show_state)
        session.configChanged.connect(self._show_config)
        session.problemRaised.connect(self._show_config)
        self._show_config()
        self._show_state()
        self._show_step()

    # ── what stands where ─────────────────────────────────────────────────────────────────────

    def _compose(self, actions: TrainingActions) -> None:
        self._progress = _row(
            *(
                self._button(action)
                for action in (actions.run, actions.step, actions.step_ten, actions.reset)
            ),
            self._make_speed(),
            *self._make_readouts(),
        )
        self._setup = _row(
            _captioned(self.tr("objective"), self._make_objectives()),
            _captioned(self.tr("optimizer"), self._make_optimizers()),
            _captioned(self.tr("learning rate"), self._make_rate()),
            self._make_settings_button(),
        )
        for field in (self._speed, self._step, self._loss, self._rate_of_steps):
            field.set_field_height(self._rate.sizeHint().height())
        self._first = QHBoxLayout()
        self._first.setSpacing(2 * SPACING)
        self._second = QHBoxLayout()
        self._first.addWidget(self._progress)
        self._first.addStretch(1)
        self._first.addWidget(self._setup)
        self._second.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addLayout(self._first)
        column.addLayout(self._second)

    def _button(self, action: QAction) -> QToolButton:
        button = _BarButton()
        button.setDefaultAction(action)
        button.setObjectName(action.objectName().removesuffix("Action") + "Button")
        button.setAccessibleName(action.text())
        return button

    def _make_speed(self) -> SpeedSlider:
        self._speed = SpeedSlider()
        self._speed.speedChosen.connect(self._set_speed)
        return self._speed

    def _make_readouts(self) -> tuple[Readout, Readout, Readout]:
        self._step = Readout(self.tr("step"), "10,000")
        self._step.setObjectName("stepReadout")
        self._loss = Readout(self.tr("loss"), "≈ 0.0123")
        self._loss.setObjectName("lossReadout")
        self._rate_of_steps = Readout(self.tr("steps/s"), "≈ 2,000")
        self._rate_of_steps.setObjectName("stepsPerSecondReadout")
        return self._step, self._loss, self._rate_of_steps

    def _make_objectives(self) -> QComboBox:
        self._objective = _box("objectiveBox", self.tr("Objective"))
        for name in OBJECTIVES:
            named = self._names.objective(name)
            self._objective.addItem(named.name, name)
            tip = self.tr("{hint} Starts a new run.").format(hint=named.hint)
            self._objective.setItemData(
                self._objective.count() - 1, tip, Qt.ItemDataRole.ToolTipRole
            )
        self._objective.activated.connect(self._set_objective)
        return self._objective

    def _make_optimizers(self) -> QComboBox:
        self._optimizer = _box("optimizerBox", self.tr("Optimizer"))
        for name in OPTIMIZERS:
            named = self._names.optimizer(name)
            self._optimizer.addItem(named.name, name)
            self._optimizer.setItemData(
                self._optimizer.count() - 1, named.hint, Qt.ItemDataRole.ToolTipRole
            )
        self._optimizer.activated.connect(self._set_optimizer)
        return self._optimizer

    def _make_rate(self) -> NumberBox:
        self._rate = NumberBox(LOWEST_RATE, HIGHEST_RATE, logarithmic=True, figures=8)
        self._rate.setObjectName("rateBox")
        self._rate.setAccessibleName(self.tr("Learning rate"))
        self._rate.setToolTip(self.tr("How far a step goes; takes effect at once, also on Run"))
        self._rate.valueChanged.connect(self._set_rate)
        return self._rate

    def _make_settings_button(self) -> QToolButton:
        button = _BarButton()
        button.setObjectName("settingsButton")
        button.setIcon(icon("settings"))
        button.setText(self.tr("Settings…"))
        button.setAccessibleName(self.tr("Settings"))
        button.setToolTip(
            self.tr("Batch size, columns, seed, padding_idx and every other setting of the run")
        )
        button.clicked.connect(self.open_settings)
        return button

    # ── what the session says ─────────────────────────────────────────────────────────────────

    @Slot()
    def _show_step(self) -> None:
        session = self._session
        step = None if session.shown is None else session.shown.step
        self._step.show_value("–" if step is None else f"{step:,}")
        loss = session.loss
        if loss is not None:
            exact = as_computed(loss)
            self._loss.show_value(rounded(loss))
            self._loss.setToolTip(self.tr("The loss of this step: {loss}").format(loss=exact))
        else:
            self._loss.show_value("–")
            self._loss.setToolTip(self.tr("No step has been made yet"))
        speed = session.steps_per_second
        self._rate_of_steps.show_value(f"≈ {speed:,.3g}" if 0 < speed < 100 else _whole(speed))

    @Slot()
    def _show_state(self) -> None:
        self._speed.show_speed(self._session.speed)
        self._show_step()

    @Slot()
    def _show_config(self) -> None:
        config = self._session.config
        self._objective.setCurrentIndex(self._objective.findData(config.objective.name))
        self._objective.setToolTip(
            self.tr("{hint} Another objective starts a new run.").format(
                hint=self._names.objective(config.objective.name).hint
            )
        )
        self._optimizer.setCurrentIndex(self._optimizer.findData(config.optimizer.name))
        self._optimizer.setToolTip(self._names.optimizer(config.optimizer.name).hint)
        self._rate.show_value(config.optimizer.rate)

    # ── what a person chooses; refused, the session tells of its config again ─────────────────

    @Slot(int)
    def _set_objective(self, index: int) -> None:
        config = self._session.config.objective
        name = self._objective.itemData(index)
        if name != config.name:
            self._session.set_objective(replace(config, name=name))

    @Slot(int)
    def _set_optimizer(self, index: int) -> None:
        config = self._session.config.optimizer
        name = self._optimizer.itemData(index)
        if name != config.name:
            self._session.set_optimizer(with_algorithm(config, name))

    @Slot(float)
    def _set_rate(self, rate: float) -> None:
        config = self._session.config.optimizer
        if rate != config.rate:
            self._session.set_optimizer(replace(config, rate=rate))

    @Slot(object)
    def _set_speed(self, speed: float | None) -> None:
        self._session.set_speed(speed)
        self._speed.show_speed(self._session.speed)

    @Slot()
    def open_settings(self) -> None:
        """Open the settings beside the window, which goes on meanwhile."""
        if self._dialog is None:
            self._dialog = RunSettingsDialog(self._session, self.window())
        self._dialog.show()
        self._dialog.activateWindow()

    # ── one row or two ────────────────────────────────────────────────────────────────────────

    def minimumSizeHint(self) -> QSize:
        widest = max(self._progress.sizeHint().width(), self._setup.sizeHint().width())
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return handled

    def _arrange(self) -> None:
        needed = self._progress.sizeHint().width() + self._setup.sizeHint().width() + 2 * SPACING
        fits = needed <= self.width()
        target, other = (self._first, self._second) if fits else (self._second, self._first)
        if other.indexOf(self._setup) >= 0:
            other.removeWidget(self._setup)
            target.addWidget(self._setup)


class _BarButton(QToolButton):
    """An icon over a word; the width of "Pause" and "Run" is the same, so nothing jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setAutoRaise(True)
        self.setIconSize(QSize(20, 20))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(
            max(hint.width(), self.fontMetrics().horizontalAdvance("mmmmm")), hint.height()
        )


def with_algorithm(config: OptimizerConfig, name: OptimizerName) -> OptimizerConfig:
    """`config` with another algorithm, without the settings that the algorithm does not have."""
    config = replace(config, name=name)
    if name != "sgd":
        config = replace(config, momentum=0.0, nesterov=False)
    return replace(config, weight_decay=0.0) if name == "sparse-adam" else config


def _whole(speed: float) -> str:
    return "–" if speed <= 0 else f"≈ {round(speed):,}"


def _box(name: str, accessible: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(accessible)
    return box


def _captioned(caption: str, control: QWidget) -> QWidget:
    """`control` under its caption."""
    label = QLabel(caption)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    label.setBuddy(control)
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GAP)
    column.addWidget(label)
    column.addWidget(control)
    return both


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACING)
    for part in parts:
        layout.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
    row.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    return row
