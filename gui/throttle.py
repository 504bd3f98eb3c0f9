"""Thins out news that come faster than a person can read; the first and the last get through."""

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

REST_MILLISECONDS = 5000  # news after so long are single ones, not those of a slow run
NEXT_MILLISECONDS = 25  # news that keep coming come sooner, so these would be the last


class Throttle(QObject):
    """`due` follows `ask` at once, or with the next news when `milliseconds` have passed.

    What takes long to draw has a `phase`: while news keep coming, those of frames, its `due` comes
    when the frame that brought them has been painted, which would else be late. Between the frames
    of a slow run it comes `phase` milliseconds after them; what several draw of the same news, each
    with a phase of its own, does not add up to a stall.
    """

    due = Signal()

    def __init__(self, milliseconds: int, parent: QObject, *, phase: int = 0) -> None:
        super().__init__(parent)
        self._milliseconds, self._phase = milliseconds, phase
        self._wanted = 0  # milliseconds after the last one
        self._since = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._emit)

    @Slot()
    def ask(self) -> None:
        """There is news."""
        waited = self._since.elapsed() if self._since.isValid() else REST_MILLISECONDS
        late = waited - self._wanted
        if late < 0:
            if not self._timer.isActive():
                self._timer.start(NEXT_MILLISECONDS - late)
        elif not self._phase or waited >= REST_MILLISECONDS:
            self.now()
            self._wanted += self._phase
        elif late <= NEXT_MILLISECONDS:
            self._timer.start(0)  # events that are posted, as those to paint are, come first
        elif not self._timer.isActive():
            self._timer.start(self._phase)

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
