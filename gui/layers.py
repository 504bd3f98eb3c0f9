"""What is drawn in Space besides its points, as a person chose it."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from gui.canvas.space_scene import MOST_LABELS
from gui.settings import Settings

ALL_LABELS = 60
"""The end of the slider: as many names as have room."""

_PATH, _MEAN, _LABELS = "sentencePath", "sentenceMean", "mostLabels"
_POOLED = "pooledSentences"


@dataclass(frozen=True, eq=False)
class PooledVectors:
    """`base` and `now` (B, D): what the head of the padding tab makes of the sentences `names`."""

    base: NDArray[Any]
    now: NDArray[Any]
    names: tuple[str, ...]


class Layers(QObject):
    """Whether the typed line has a path and a mean, and how many names are written.

    And whether the pooled vectors of the padding tab are drawn, which whoever has them brings.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = self._mean = False
        self._labels = ALL_LABELS
        self._pooled = False
        self._vectors: PooledVectors | None = None

    @property
    def path(self) -> bool:
        """Whether the path of the typed line is drawn."""
        return self._path

    @property
    def mean(self) -> bool:
        """Whether the mean of the typed line is drawn."""
        return self._mean

    @property
    def labels(self) -> int:
        """Where the slider stands: so many names at the most, or `ALL_LABELS`."""
        return self._labels

    @property
    def most_labels(self) -> int:
        """How many names are written at the most."""
        return MOST_LABELS if self._labels == ALL_LABELS else self._labels

    @Slot(bool)
    def set_path(self, on: bool) -> None:
        """Draw the path, or do not."""
        if on != self._path:
            self._path = on
            self.changed.emit()

    @Slot(bool)
    def set_mean(self, on: bool) -> None:
        """Draw the mean, or do not."""
        if on != self._mean:
            self._mean = on
            self.changed.emit()

    @property
    def pooled(self) -> bool:
        """Whether the pooled vectors of the padding tab are drawn."""
        return self._pooled

    @property
    def vectors(self) -> PooledVectors | None:
        """The pooled vectors, where they are drawn and there are any."""
        return self._vectors if self._pooled else None

    @Slot(bool)
    def set_pooled(self, on: bool) -> None:
        """Draw the pooled vectors, or do not."""
        if on != self._pooled:
            self._pooled = on
            self.changed.emit()

    def bring(self, vectors: PooledVectors | None) -> None:
        """These are the pooled vectors now."""
        self._vectors = vectors
        if self._pooled:
            self.changed.emit()

    @Slot(int)
    def set_labels(self, labels: int) -> None:
        """Write `labels` names at the most; `ALL_LABELS` or more: as many as have room."""
        labels = min(max(labels, 0), ALL_LABELS)
        if labels != self._labels:
            self._labels = labels
            self.changed.emit()

    def restore(self, settings: Settings) -> None:
        """Show what was shown when the window was closed."""
        self.set_path(settings.flag(_PATH, False))
        self.set_mean(settings.flag(_MEAN, False))
        self.set_pooled(settings.flag(_POOLED, False))
        self.set_labels(settings.number(_LABELS, ALL_LABELS))

    @property
    def choices(self) -> dict[str, bool | int]:
        """What is shown, by the names that `restore` knows it by."""
        return {
            _PATH: self._path,
            _MEAN: self._mean,
            _POOLED: self._pooled,
            _LABELS: self._labels,
        }
