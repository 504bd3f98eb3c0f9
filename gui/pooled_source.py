"""Brings the pooled vectors of the padding tab to Space, while they are wanted there."""

from PySide6.QtCore import QObject, Slot

from gui.layers import Layers, PooledVectors
from gui.padding_study import Answer, PaddingStudy


class PooledSource(QObject):
    """Watches the study for Space as long as the layer is on."""

    def __init__(self, layers: Layers, study: PaddingStudy, parent: QObject) -> None:
        super().__init__(parent)
        self._layers, self._study = layers, study
        self._brought: Answer | None = None
        layers.changed.connect(self._watch)
        study.changed.connect(self._bring)
        self._watch()

    @Slot()
    def _watch(self) -> None:
        self._study.watch(self._layers.pooled, "space")

    @Slot()
    def _bring(self) -> None:
        answer = self._study.answer
        if answer is self._brought:
            return
        self._brought = answer
        probed = None if answer is None else answer.studied.probed
        if answer is None or probed is None:
            self._layers.bring(None)
            return
        now = probed.pooled.numpy()
        names = answer.batch.names[: len(now)]
        self._layers.bring(PooledVectors(probed.pooled_base.numpy(), now, names))
