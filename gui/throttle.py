"""Thins out news that come faster than a person can read; the first and the last get through."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

REST_MILLISECONDS = 5000  # news after so long are single ones, not those of a slow run
NEXT_MILLISECONDS = 25  # news that keep coming come sooner, so these would be the last


class Throttle(QObject):
    """`due` follows `ask` at once, or when `milliseconds` have passed since the last one.

    News that keep coming are those of frames. Then `due` comes when the frame that brought them has
    been painted, since what is drawn before that delays it, or the next one. What several draw of
    the same news would add up to a stall: one with a `phase` is due that many milliseconds later.
    """

    due = Signal()

    def __init__(self, milliseconds: int, parent: QObject, *, phase: int = 0) -> None:
        super().__init__(parent)
        self._milliseconds, self._phase = milliseconds, phase
        self._rest = max(milliseconds, REST_MILLISECONDS if phase else 0)
        self._wanted = 0  # milliseconds after the last one
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)

    @Slot()
    def ask(self) -> None:
        """There is news."""
        waited = self._since.elapsed() if self._since.isValid() else self._rest
        late = waited - self._wanted
        if late > NEXT_MILLISECONDS and not self._timer.isActive():
            self._ask_after_a_pause(waited)
        elif late >= 0:
            self._timer.start(0)  # events that are posted, as those to paint are, come first
        elif not self._timer.isActive():
            self._timer.start(NEXT_MILLISECONDS - late)

    def _ask_after_a_pause(self, waited: int) -> None:
        if waited < self._rest:
            self._timer.start(self._phase)
        else:
            self._emit()
            self._wanted = self._milliseconds + self._phase

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
        self._wanted = self._milliseconds
        self.due.emit()
