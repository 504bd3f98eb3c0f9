"""Collects Python's garbage between two events, and at no other time.

Python collects wherever it happens to allocate: in the middle of a paint event, or in a thread that
computes. Widgets and other objects of Qt that are garbage would be destroyed there, which Qt does
not survive.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500


class Collector(QObject):
    """Does what Python's own collector would do, from the event loop; `end` gives it back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that has passed its threshold, and those younger."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [n for n, count in enumerate(counts) if count > thresholds[n] > 0]
        if due:
            gc.collect(max(due))

    def end(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()
