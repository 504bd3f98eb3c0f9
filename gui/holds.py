"""Who still reads the rows of a step outside of the UI thread, so that the engine lets them be.

The engine writes only the buffer that is not on screen, and only after the window has acknowledged
the frame in the other one. So a buffer that somebody reads is kept as it is by not acknowledging
the frame that took its place; training goes on meanwhile, and only the showing of it waits.
"""

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot


class Hold(QObject):
    """The rows (V, D) of one step, which stay as they are until `release`, from any thread."""

    _let_go = Signal()

    def __init__(self, rows: NDArray[Any], holds: "Holds") -> None:
        super().__init__(holds)
        self.rows: NDArray[Any] | None = rows
        self._holds = holds
        self._let_go.connect(self._end)

    @Slot()
    def release(self) -> None:
        """The rows are read: they may change from now on. A second time it does nothing."""
        if self.rows is not None:  # once let go of, this object is soon deleted
            self.rows = None
            self._let_go.emit()

    def __enter__(self) -> "Hold":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @Slot()
    def _end(self) -> None:
        """On the UI thread."""
        self._holds.forget(self)


class Holds(QObject):
    """The holds under way, and what waits for one to end."""

    freed = Signal(object)  # what waited

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._held: dict[Hold, int] = {}
        self._waiting: tuple[int, object] | None = None

    def take(self, rows: NDArray[Any]) -> Hold:
        """Hold `rows`, those on screen now."""
        hold = Hold(rows, self)
        self._held[hold] = _address(rows)
        return hold

    def when_free(self, rows: NDArray[Any] | None, what: object) -> None:
        """Emit `freed(what)` as soon as nobody holds `rows`, maybe at once.

        What waited before is forgotten: the engine has one frame in flight, so that only another
        engine or run can have come meanwhile.
        """
        self._waiting = (-1 if rows is None else _address(rows), what)
        self._go_on()

    def forget(self, hold: Hold) -> None:
        """`hold` has ended; a second time it does nothing."""
        if self._held.pop(hold, None) is not None:
            hold.deleteLater()
            self._go_on()

    def _go_on(self) -> None:
        if self._waiting is not None and self._waiting[0] not in self._held.values():
            what, self._waiting = self._waiting[1], None
            self.freed.emit(what)


def _address(rows: NDArray[Any]) -> int:
    return int(rows.__array_interface__["data"][0])
