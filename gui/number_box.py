"""A field for one number: exact text, a dot in every language, steps of 1, 2, 5, 10."""

import math

from PySide6.QtCore import QLocale, QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QSizePolicy, QStyle, QStyleOptionSpinBox, QWidget

from gui.numbers import shortest

DECIMALS = 12
FIRST_ABOVE_ZERO = 0.001  # a logarithmic step up from 0 must go somewhere


class NumberBox(QDoubleSpinBox):
    """A `QDoubleSpinBox` that shows the shortest text that reads back as its value.

    `logarithmic` steps go through 1, 2, 5, 10, 20 …; otherwise they are of `singleStep`.
    """

    def __init__(
        self,
        low: float,
        high: float,
        *,
        logarithmic: bool = False,
        figures: int = 16,
        parent: QWidget | None = None,
    ) -> None:
        """It is as wide as `figures` figures need."""
        super().__init__(parent)
        self._logarithmic = logarithmic
        self._figures = figures
        self._typing = False  # whether there is text that has not become the value yet
        self.lineEdit().textEdited.connect(self._begin_typing)
        self.valueChanged.connect(self._end_typing)
        self.editingFinished.connect(self._end_typing)
        # A value typed as 0.05 must not be read as 5 where the comma is the decimal sign.
        self.setLocale(QLocale.c())
        self.setDecimals(DECIMALS)
        self.setRange(low, high)
        # Half-typed numbers are nobody's business: 0.05 begins with 0.
        self.setKeyboardTracking(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:
        option = QStyleOptionSpinBox()
        self.initStyleOption(option)
        text = QSize(
            self.fontMetrics().horizontalAdvance("0" * self._figures),
            self.lineEdit().sizeHint().height(),
        )
        kind = QStyle.ContentsType.CT_SpinBox
        return self.style().sizeFromContents(kind, option, text, self)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_value(self, value: float) -> None:
        """Show `value` as it is, even beyond the range, without telling anyone.

        What a person is typing stays, and becomes the value when they are done.
        """
        line = self.lineEdit()
        typed, place = line.text(), line.cursorPosition()
        with QSignalBlocker(self):
            self.setRange(min(self.minimum(), value), max(self.maximum(), value))
            self.setValue(value)
            if self._typing:
                line.setText(typed)
                line.setCursorPosition(place)

    @Slot()
    def _begin_typing(self) -> None:
        self._typing = True

    @Slot()
    def _end_typing(self) -> None:
        self._typing = False

    def textFromValue(self, value: float) -> str:
        return shortest(value)

    def valueFromText(self, text: str) -> float:
        number = _number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        number = _number(text)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        typing = not text.strip("+-.0123456789eE ")
        state = QValidator.State.Intermediate if typing else QValidator.State.Invalid
        return state, text, position

    def stepBy(self, steps: int) -> None:
        self._typing = False  # what was typed is where it steps from
        if not self._logarithmic:
            super().stepBy(steps)
            return
        value = self.valueFromText(self.text())
        for _ in range(abs(steps)):
            value = next_of_1_2_5(value, up=steps > 0)
        self.setValue(min(max(value, self.minimum()), self.maximum()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling past a field must not change it.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def next_of_1_2_5(value: float, *, up: bool) -> float:
    """The nearest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … above `value`, or below it."""
    if value <= 0:
        return FIRST_ABOVE_ZERO if up else 0.0
    decade = math.floor(math.log10(value))
    ladder = [
        float(f"{figure}e{power}")
        for power in range(decade - 1, decade + 3)
        for figure in (1, 2, 5)
    ]
    if up:
        return min(rung for rung in ladder if rung > value)
    return max(rung for rung in ladder if rung < value)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
