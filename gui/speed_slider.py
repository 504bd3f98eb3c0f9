"""How fast to step: a logarithmic slider from 1 step a second to as fast as it goes."""

import math

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QSlider, QVBoxLayout, QWidget

from gui.readout import GAP

POSITIONS_PER_DECADE = 10
LAST_LIMITED = 3 * POSITIONS_PER_DECADE  # 1,000 steps/s
FULL = LAST_LIMITED + 1


def speed_at(position: int) -> float | None:
    """Steps per second at a position of the slider, in two figures; None at its end."""
    if position >= FULL:
        return None
    return float(f"{10 ** (position / POSITIONS_PER_DECADE):.2g}")


def position_of(speed: float | None) -> int:
    """Where the slider stands at `speed`."""
    if speed is None:
        return FULL
    return min(max(round(math.log10(speed) * POSITIONS_PER_DECADE), 0), LAST_LIMITED)


class SpeedSlider(QWidget):
    """A slider under the words for what it is set to."""

    speedChosen = Signal(object)  # float | None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setForegroundRole(self.palette().ColorRole.PlaceholderText)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("speedSlider")
        self._slider.setAccessibleName(self.tr("Speed"))
        self._slider.setRange(0, FULL)
        self._slider.setPageStep(POSITIONS_PER_DECADE)
        self._slider.setToolTip(self.tr("How fast Run steps, to the right as fast as it goes"))
        self._slider.valueChanged.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self._label)
        column.addWidget(self._slider)
        self.show_speed(None)
        self._fit()

    def _fit(self) -> None:
        """Keep one width, whatever the words say."""
        widest = (self._text(1000.0), self._text(None))
        self.setFixedWidth(max(self.fontMetrics().horizontalAdvance(text) for text in widest) + 2)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def set_field_height(self, height: int) -> None:
        """Make the slider as high as the fields beside it, so that captions stand in one line."""
        self._slider.setFixedHeight(height)

    @property
    def text(self) -> str:
        """What the slider says it is set to."""
        return self._label.text()

    def show_speed(self, speed: float | None) -> None:
        """Stand at `speed` without telling anyone."""
        blocked = self._slider.blockSignals(True)
        self._slider.setValue(position_of(speed))
        self._slider.blockSignals(blocked)
        self._label.setText(self._text(speed))
        self._slider.setAccessibleDescription(self._label.text())

    @Slot(int)
    def _choose(self, position: int) -> None:
        self.speedChosen.emit(speed_at(position))

    def _text(self, speed: float | None) -> str:
        if speed is None:
            return self.tr("full speed")
        return self.tr("{speed} steps/s").format(speed=f"{speed:,.10g}")
