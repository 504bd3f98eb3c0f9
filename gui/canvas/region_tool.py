"""Picking many points at once in Space: a rectangle or a lasso, by mouse or by keys."""

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from gui.canvas.region import Corner, Lasso, Rectangle, Region
from gui.canvas.space_picture import Picture
from gui.selection import How

Mode = Literal["", "rectangle", "lasso"]

_Key = Qt.Key
_Modifier = Qt.KeyboardModifier
_MODES: dict[Qt.Key, Mode] = {_Key.Key_R: "rectangle", _Key.Key_L: "lasso"}
_BEGIN_OR_END = (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space)
_ARROWS = {
    _Key.Key_Left: (-1, 0),
    _Key.Key_Right: (1, 0),
    _Key.Key_Up: (0, -1),
    _Key.Key_Down: (0, 1),
}
_STEP, _FINE_STEP = 16.0, 2.0  # pixels that an arrow key moves the cross
_LEAST = 2.0  # pixels between two corners of a lasso


class Pictured(Protocol):
    """What is needed of the view."""

    @property
    def picture(self) -> Picture:
        """What is shown, as it is seen now."""


class RegionTool(QObject):
    """What is being drawn, and the ids in it.

    In a mode a drag draws; without one it does with Ctrl, a rectangle. From the keyboard arrows
    move a cross, Space or Enter begins and ends. Escape gives up what is drawn, then the mode.
    """

    modeChanged = Signal()
    changed = Signal()  # paint it anew
    chosen = Signal(object, str)  # ids (n,) ascending, and `How` they change what is picked

    def __init__(self, view: Pictured, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.mode: Mode = ""
        self.how: How = "replace"
        self.cross: Corner | None = None
        self._corners: list[Corner] = []
        self._found: tuple[Picture, Region, NDArray[np.intp]] | None = None

    # ── what there is ─────────────────────────────────────────────────────────────────────────

    @property
    def region(self) -> Region | None:
        """What is being drawn; None while nothing is."""
        if not self._corners:
            return None
        if self.mode == "lasso":
            return Lasso(tuple(self._corners))
        return Rectangle(self._corners[0], self._corners[-1])

    def ids(self) -> NDArray[np.intp]:
        """The points on screen that are in it now, ascending."""
        region, picture = self.region, self._view.picture
        if region is None:
            return np.zeros(0, np.intp)
        found = self._found
        if found is None or found[0] is not picture or found[1] != region:
            ids = region.inside(picture.screen)
            ids = ids[picture.inside[ids]]  # nobody means what is outside the view
            self._found = found = (picture, region, ids)
        return found[2]

    def set_mode(self, mode: Mode) -> None:
        """Draw rectangles or lassos from now on; "" for neither."""
        self._corners.clear()
        self.cross = None
        if mode != self.mode:
            self.mode = mode
            self.modeChanged.emit()
        self.changed.emit()

    # ── by mouse ──────────────────────────────────────────────────────────────────────────────

    def takes(self, event: QMouseEvent) -> bool:
        """Whether a drag that this press begins would draw."""
        control = bool(event.modifiers() & _Modifier.ControlModifier)
        return event.button() == Qt.MouseButton.LeftButton and (bool(self.mode) or control)

    def drag(self, start: QPointF, at: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Draw from `start`, where the button was pressed, on to `at`."""
        if not self._corners:
            self._corners.append((start.x(), start.y()))
        self.cross = None
        self._draw_to(at.x(), at.y())
        # Without a mode Ctrl is what asked for the rectangle.
        self.how = _how(modifiers if self.mode else modifiers & ~_Modifier.ControlModifier)
        self.changed.emit()

    def finish(self) -> None:
        """Pick what is in it."""
        ids = self.ids()
        self.cancel()
        self.chosen.emit(ids, self.how)

    def cancel(self) -> None:
        """Draw nothing."""
        self._corners.clear()
        self._found = None
        self.changed.emit()

    # ── by keys ───────────────────────────────────────────────────────────────────────────────

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False: nothing."""
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in _MODES and not modifiers:
            self.set_mode("" if self.mode == _MODES[key] else _MODES[key])
        elif key == _Key.Key_Escape and self._corners:
            self.cancel()
        elif not self.mode:
            return False
        elif key == _Key.Key_Escape:
            self.set_mode("")
        elif key in _ARROWS and not modifiers & _Modifier.ControlModifier:
            self._move_cross(*_ARROWS[key], _FINE_STEP if _shifted(modifiers) else _STEP)
        elif key in _BEGIN_OR_END:
            self._begin_or_end(modifiers)
        else:
            return False
        return True

    def _move_cross(self, across: int, down: int, step: float) -> None:
        x, y = self._cross_now()
        frame = self._view.picture.frame
        x = min(max(x + across * step, frame.left()), frame.right())
        y = min(max(y + down * step, frame.top()), frame.bottom())
        self.cross = (x, y)
        if self._corners:
            self._draw_to(x, y)
        self.changed.emit()

    def _begin_or_end(self, modifiers: Qt.KeyboardModifier) -> None:
        self.cross = self._cross_now()
        self.how = _how(modifiers)
        if self._corners:
            self.finish()
        else:
            self._corners.append(self.cross)
        self.changed.emit()

    def _cross_now(self) -> Corner:
        centre = self._view.picture.frame.center()
        return self.cross or (centre.x(), centre.y())

    def _draw_to(self, x: float, y: float) -> None:
        last_x, last_y = self._corners[-1]
        if self.mode == "lasso":
            if abs(x - last_x) + abs(y - last_y) >= _LEAST:
                self._corners.append((x, y))
        else:
            self._corners[1:] = [(x, y)]


def _shifted(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & _Modifier.ShiftModifier)


def _how(modifiers: Qt.KeyboardModifier) -> How:
    if modifiers & (_Modifier.ControlModifier | _Modifier.AltModifier):
        return "subtract"
    return "add" if _shifted(modifiers) else "replace"
