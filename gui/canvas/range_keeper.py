"""Keeps the view's range: it follows the cloud gently, until a person takes it over."""

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal, Slot

from gui.canvas.view_range import HEADROOM, Area, Bounds, ViewRange, fitted, needs_fit

_MILLISECONDS = 280


class RangeKeeper(QObject):
    """Holds one `ViewRange` and moves it; `rangeChanged` says that it is another now."""

    rangeChanged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._range = ViewRange()
        self._from, self._goal = self._range, self._range
        self._begun = False
        self._taken = False
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(_MILLISECONDS)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._motion.valueChanged.connect(self._move)

    @property
    def range(self) -> ViewRange:
        """What is shown now."""
        return self._range

    @property
    def taken(self) -> bool:
        """Whether a person has panned or zoomed since the last fit."""
        return self._taken

    @property
    def moving(self) -> bool:
        """Whether the range is on its way to another."""
        return self._motion.state() == QVariantAnimation.State.Running

    def restart(self) -> None:
        """Another cloud comes: show all of it at once, whatever was shown before."""
        self._motion.stop()
        self._begun = self._taken = False

    def follow(self, bounds: Bounds | None, area: Area) -> None:
        """The cloud now fills `bounds`: fit the view again if that is needed and wanted."""
        if bounds is None:
            return
        if not self._begun:
            self._begun = True
            self._set(fitted(bounds, area))
        elif not self._taken and not self.moving and needs_fit(self._range, bounds, area):
            self._go(fitted(bounds, area, HEADROOM))

    def fit(self, bounds: Bounds | None, area: Area) -> None:
        """Show all of the cloud, and follow it from now on."""
        self._taken = False
        if bounds is not None:
            self._begun = True
            self._go(fitted(bounds, area))

    def resized(self, bounds: Bounds | None, area: Area) -> None:
        """The widget has another size."""
        if bounds is not None and not self._taken:
            self._motion.stop()
            self._set(fitted(bounds, area))

    def take(self, wanted: ViewRange) -> None:
        """A person wants this range; it stays until the next `fit`."""
        self._motion.stop()
        self._begun = self._taken = True
        self._set(wanted)

    def shifted(self, dx: float, dy: float) -> None:
        """The plane's own origin moved by (`dx`, `dy`): show the same part of it as before."""
        self._motion.stop()
        self._set(ViewRange(self._range.x - dx, self._range.y - dy, self._range.scale))

    def _go(self, goal: ViewRange) -> None:
        self._motion.stop()
        self._from, self._goal = self._range, goal
        self._motion.start()

    def _set(self, now: ViewRange) -> None:
        if now != self._range:
            self._range = now
            self.rangeChanged.emit()

    @Slot("QVariant")
    def _move(self, share: float) -> None:
        self._set(self._from.towards(self._goal, share))
