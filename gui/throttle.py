"""Thins out news that come faster than a person can read; the first and the last get through."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot


class Throttle(QObject):
    """`due` follows `ask` at once, or as soon as `milliseconds` have passed since the last one.

    Those of the same news are due in the same moment, and would then stay so: what each draws would
    add up in one frame. One with a `phase` is due that many milliseconds later from then on.
    """

    due = Signal()

    def __init__(self, milliseconds: int, parent: QObject, *, phase: int = 0) -> None:
        super().__init__(parent)
        self._milliseconds, self._phase = milliseconds, phase
        self._was_at_once = False
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)

    @Slot()
    def ask(self) -> None:
        """There is news."""
        if self._timer.isActive():
            return
        waited = self._since.elapsed() if self._since.isValid() else self._milliseconds
        if waited >= self._milliseconds:
            self._was_at_once = True
            self._emit()
        else:
            phase = self._phase if self._was_at_once else 0
            self._was_at_once = False
            self._timer.start(self._milliseconds - waited + phase)

    @Slot()
    def now(self) -> None:
        """There is news that must not wait."""
        self._timer.stop()
        self._emit()

    def hurry(self) -> None:
        """What is due later, if anything, is due now: somebody looks."""
        if self._timer.isActive():
            self.now()

    @Slot()
    def _emit(self) -> None:
        self._since.start()
        self.due.emit()
