"""Where the colours of values end, the scale that shows it, and numbers that fit a cell."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.numbers import shortest
from gui.theme import heat_image, number_font, theme_of

WHOLE_TABLE = 2**18  # cells; reading that many takes well under a millisecond
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
SMALL = 0.01  # less has no figure among the first two decimals, but may round to one
_SHRINK = 0.6  # below this share of the limit the colours are too pale to tell apart


def largest_magnitude(values: NDArray[np.floating]) -> float:
    """The largest finite |value| in `values`, of any shape; 0 where there is none."""
    if values.size == 0:
        return 0.0
    largest = max(float(values.max()), -float(values.min()))
    if math.isfinite(largest):
        return largest
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max()) if finite.size else 0.0


def rounded_up(largest: float) -> float:
    """The next round number at or above `largest`: 2.31 → 2.5; 1 where `largest` is 0."""
    if largest <= 0:
        return 1.0
    exponent = math.floor(math.log10(largest))
    power = 10.0**exponent
    for step in _ROUND:
        candidate = float(f"{step}e{exponent}")
        if largest <= candidate * (1 + 1e-12):
            return candidate
    return 10 * power


class HeatLimit:
    """The value at which the colour is full, steady enough that colours do not flicker.

    It is the largest |value| of the table, rounded up. It grows at once and shrinks only when the
    colours have become pale. Of a table of more than `WHOLE_TABLE` cells it reads rows spread
    evenly over the table, and the rows that are looked at.
    """

    def __init__(self) -> None:
        self.value = 1.0
        self.largest = 0.0
        self.rows_read = 0
        self.rows_in_all = 0
        self._seen = 0.0

    @property
    def whole_table(self) -> bool:
        """Whether every row was read."""
        return self.rows_read == self.rows_in_all

    def forget(self) -> None:
        """Begin anew with another table."""
        self.value = 0.0
        self._seen = 0.0

    def read(self, rows: NDArray[np.floating]) -> None:
        """Follow the values of the table `rows` (V, D)."""
        stride = max(1, math.ceil(rows.size / WHOLE_TABLE))
        sample = rows[::stride]
        self.rows_in_all, self.rows_read = len(rows), len(sample)
        if stride == 1:
            self._seen = 0.0
        self._follow(max(largest_magnitude(sample), self._seen))

    def look_at(self, rows: NDArray[np.floating]) -> None:
        """Make sure that the values of `rows` (n, D), which are about to be seen, are within."""
        if not self.whole_table:
            self._seen = max(self._seen, largest_magnitude(rows))
            self._follow(max(self.largest, self._seen))

    def _follow(self, largest: float) -> None:
        self.largest = largest
        wanted = rounded_up(largest)
        if wanted > self.value or wanted < _SHRINK * self.value:
            self.value = wanted


def short_norm(norm: float) -> str:
    """`norm` rounded to at most 3 digits, or to a whole number, in 5 characters up to 99,999."""
    if not math.isfinite(norm):
        return shortest(norm)
    if 0 < norm < 1e-3 or norm >= 99_999.5:
        return f"{norm:.0e}"
    return f"{norm:.0f}" if norm >= 999.5 else f"{norm:.3g}"


def fit_number(text: str, room: int, figures: int = 9) -> str:
    """`text`, a number in shortest form, in `room` characters: rounded behind "≈" if it must be.

    "≈0.123", "≈1.2e-05": in as many figures as have room, `figures` at most. Where a small number
    has not even room for one, as -0.003 in six characters, it is "≈-0.00"; any other is "…".
    """
    if len(text) <= room:
        return text
    value = float(text)
    if math.isfinite(value):
        for count in range(min(room - 1, figures), 0, -1):
            rounded = f"{value:.{count}g}"
            if "e" in rounded:  # "1.2e+02" is shortest as "120"
                rounded = shortest(float(rounded))
            if len(rounded) < room:
                return f"≈{rounded}"
        if abs(value) < SMALL and room > len(tiny := f"{value:.2f}"):
            return f"≈{tiny}"
    return "…"


class HeatScale(QWidget):
    """The map of values from −limit over 0 to limit, with its numbers; painted in one line."""

    STRIP = 8

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def limit(self) -> float:
        """The value at both ends."""
        return self._limit

    def set_limit(self, limit: float) -> None:
        """Show the map that is full at ±`limit`."""
        if limit != self._limit:
            self._limit = limit
            self.setAccessibleDescription(" ".join(self._labels()))
            self.update()

    def sizeHint(self) -> QSize:
        """One strip over one line of numbers."""
        metrics = QFontMetrics(number_font(self.font()))
        return QSize(20 * metrics.averageCharWidth(), self.STRIP + metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        """Room for the three numbers."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip, a tick at zero and the three numbers."""
        painter = QPainter(self)
        theme = theme_of(self)
        strip = QRect(0, 0, self.width(), self.STRIP)
        ramp = np.linspace(-1, 1, max(2, self.width()))[None, :]
        painter.drawImage(QRectF(strip), heat_image(ramp, 1.0, theme))
        painter.setPen(theme.line)
        painter.drawRect(strip.adjusted(0, 0, -1, -1))
        painter.setPen(theme.muted)
        painter.drawLine(self.width() // 2, 0, self.width() // 2, self.STRIP)
        painter.setFont(number_font(self.font()))
        numbers = QRect(0, self.STRIP + 2, self.width(), self.height() - self.STRIP - 2)
        places = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for label, place in zip(self._labels(), places, strict=True):
            painter.drawText(numbers, place | Qt.AlignmentFlag.AlignVCenter, label)

    def _labels(self) -> tuple[str, str, str]:
        end = shortest(self._limit)
        return f"-{end}", "0", end
