"""Thins out news that come faster than a person can read; the first and the last get through."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

REST_MILLISECONDS = 1000  # news after so long are single ones, not those of a slow run


class Throttle(QObject):
    """`due` follows `ask` at once, or as soon as `milliseconds` have passed since the last one.

    Those of the same news would be due in the same moment, and what each draws would add up to a
    stall. While news keep coming, one with a `phase` is due that many milliseconds later.
    """

    due = Signal()

    def __init__(self, milliseconds: int, parent: QObject, *, phase: int = 0) -> None:
        super().__init__(parent)
        self._milliseconds, self._phase = milliseconds, phase
        self._rest = max(milliseconds, REST_MILLISECONDS if phase else 0)
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
        waited = self._since.elapsed() if self._since.isValid() else self._rest
        if waited >= self._rest:
            self._was_at_once = True
            self._emit()
            return
        slow = waited >= self._milliseconds
        phase = self._phase if slow or self._was_at_once else 0
        self._was_at_once = False
        self._timer.start(max(self._milliseconds - waited, 0) + phase)

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
