"""The settings of the training itself; all take effect at once, also while it runs."""

from msgspec.structs import replace
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from core.config import OptimizerConfig
from gui.panels.settings_group import SettingsGroup, check_field, number_field, show_checked
from gui.session import Session

LARGEST_BATCH = 1_000_000


class OptimizerSettings(SettingsGroup):
    """Batch size, momentum, Nesterov and weight decay."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Training"),
            "at once",
            self.tr("The optimizer and its learning rate stand in the bar of the window."),
            parent,
        )
        self._session = session
        self._batch = number_field("batchBox", 1, LARGEST_BATCH, logarithmic=True)
        self._batch.setDecimals(0)
        self._batch.valueChanged.connect(self._set_batch)
        self.add(self.tr("batch size"), self._batch, self.tr("Examples drawn for each step."))
        self._momentum = number_field("momentumBox", 0, 1, step=0.1)
        self._momentum.valueChanged.connect(self._set_optimizer)
        self.add(
            self.tr("momentum"),
            self._momentum,
            self.tr("SGD only: how much of the last move is made again, 0 for none."),
        )
        self._nesterov = check_field("nesterovBox", self.tr("on"))
        self._nesterov.toggled.connect(self._set_optimizer)
        self.add(
            self.tr("Nesterov"),
            self._nesterov,
            self.tr("SGD only: momentum that looks ahead; needs a momentum above 0."),
        )
        self._decay = number_field("weightDecayBox", 0, 10, step=0.01)
        self._decay.valueChanged.connect(self._set_optimizer)
        self.add(
            self.tr("weight decay"),
            self._decay,
            self.tr("Pulls every number towards 0 in each step, rows outside the batch too."),
        )

    def show_config(self) -> None:
        config = self._session.config
        optimizer = config.optimizer
        is_sgd = optimizer.name == "sgd"
        self._batch.show_value(config.batch_size)
        self._momentum.show_value(optimizer.momentum)
        self._momentum.setEnabled(is_sgd)
        show_checked(self._nesterov, optimizer.nesterov)
        self._nesterov.setEnabled(is_sgd and optimizer.momentum > 0)
        self._decay.show_value(optimizer.weight_decay)
        self._decay.setEnabled(optimizer.name != "sparse-adam")

    @Slot()
    def _set_batch(self) -> None:
        size = int(self._batch.value())
        if size != self._session.config.batch_size:
            self._session.set_batch_size(size)

    @Slot()
    def _set_optimizer(self) -> None:
        momentum = self._momentum.value()
        wanted = replace(
            self._session.config.optimizer,
            momentum=momentum,
            # Without momentum there is nothing that could look ahead.
            nesterov=self._nesterov.isChecked() and momentum > 0,
            weight_decay=self._decay.value(),
        )
        self._apply(wanted)

    def _apply(self, wanted: OptimizerConfig) -> None:
        if wanted != self._session.config.optimizer:
            self._session.set_optimizer(wanted)
