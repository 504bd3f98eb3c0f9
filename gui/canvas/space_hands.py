"""What a person's hands do in Space: mouse, wheel and keys become calls on its view."""

import math
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.canvas.region_tool import RegionTool
from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import Scene

_REACH = 12.0  # pixels from a point within which the cursor is on it
_RADIANS_PER_PIXEL = 0.008
_WHEEL_FACTOR = 1.25  # of a notch
_KEY_FACTOR = 1.25
_KEY_PIXELS = 40.0
_KEY_RADIANS = math.radians(7.5)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_LOOKS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}


class Handled(Protocol):
    """What hands can do to a view."""

    @property
    def scene(self) -> Scene:
        """What is shown."""

    @property
    def picture(self) -> Picture:
        """What is shown, as it is seen now."""

    def apart(self, at: QPointF) -> int | None:
        """The row at a pixel of the line of those that have no place."""

    def fit(self) -> None:
        """Show all points."""

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Make everything larger around a pixel."""

    def pan(self, dx: float, dy: float) -> None:
        """Drag the picture."""

    def turn(self, turn: float, tilt: float) -> None:
        """Turn three dimensions."""

    def look_along(self, axis: int) -> None:
        """Turn an axis to the viewer."""


class SpaceHands(QObject):
    """Drag pans, or turns in three dimensions; a click picks; the wheel zooms around the cursor.

    Where `tool` takes a drag, that draws. The view hands its events over. A key that means nothing
    here is left to the view.
    """

    hovered = Signal(object)  # the id under the cursor, or None
    picked = Signal(object, bool)  # an id or None, and whether it adds to what is picked
    holdAsked = Signal()  # the key H
    keyAsked = Signal()  # the key K: all of the key to the marks

    def __init__(self, view: Handled, tool: RegionTool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._tool = view, tool
        self._draws = False
        self._pressed_at: QPointF | None = None
        self._dragged_to: QPointF | None = None

    def press(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self._pressed_at = self._dragged_to = event.position()
        self._draws = self._tool.takes(event)

    def move(self, event: QMouseEvent) -> None:
        """Drag what is pressed; otherwise light up what is under the cursor."""
        at = event.position()
        if self._pressed_at is None or self._dragged_to is None:
            self.hovered.emit(self._under(at))
            return
        moved = at - self._dragged_to
        if self._is_click(at) and self._dragged_to == self._pressed_at:
            return
        self._dragged_to = at
        if self._draws:
            self._tool.drag(self._pressed_at, at, event.modifiers())
            return
        turns = event.buttons() == Qt.MouseButton.LeftButton and not event.modifiers()
        if self._view.scene.dimensions == 3 and turns:
            self._view.turn(moved.x() * _RADIANS_PER_PIXEL, moved.y() * _RADIANS_PER_PIXEL)
        else:
            self._view.pan(moved.x(), moved.y())

    def release(self, event: QMouseEvent) -> None:
        """End a drag, or pick what was clicked."""
        drawn = self._draws and self._tool.region is not None
        clicked = self._pressed_at is not None and self._dragged_to == self._pressed_at
        self._pressed_at = self._dragged_to = None
        if drawn:
            self._tool.finish()
        elif clicked and event.button() == Qt.MouseButton.LeftButton:
            adds = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            self.picked.emit(self._under(event.position()), bool(event.modifiers() & adds))

    def double_click(self, event: QMouseEvent) -> None:
        """Fit, unless a point was double-clicked."""
        if self._under(event.position()) is None:
            self._view.fit()

    def leave(self) -> None:
        """Nothing is under the cursor."""
        self.hovered.emit(None)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        notches = event.angleDelta().y() / 120
        if notches:
            self._view.zoom(_WHEEL_FACTOR**notches, event.position())
        event.accept()

    def key(self, event: QKeyEvent) -> bool:
        """Draw, turn, pan, zoom or fit; False: the key means nothing here."""
        key, view = event.key(), self._view
        if self._tool.key(event):
            if self._draws and self._tool.region is None:  # given up: the drag does nothing more
                self._pressed_at = self._dragged_to = None
            return True
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if key in _ARROWS:
            return self._arrow(*_ARROWS[Qt.Key(key)], event.modifiers())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            view.zoom(_KEY_FACTOR)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            view.zoom(1 / _KEY_FACTOR)
        elif key in _LOOKS and view.scene.dimensions == 3:
            view.look_along(_LOOKS[Qt.Key(key)])
        elif key == Qt.Key.Key_F:
            view.fit()
        elif key in (Qt.Key.Key_H, Qt.Key.Key_K):
            (self.holdAsked if key == Qt.Key.Key_H else self.keyAsked).emit()
        else:
            return False
        return True

    def _arrow(self, across: int, down: int, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._view.pan(-across * _KEY_PIXELS, -down * _KEY_PIXELS)
        elif self._view.scene.dimensions == 3:
            self._view.turn(across * _KEY_RADIANS, down * _KEY_RADIANS)
        else:
            return False
        return True

    def _under(self, at: QPointF) -> int | None:
        apart = self._view.apart(at)
        return self._view.picture.nearest(at.x(), at.y(), _REACH) if apart is None else apart

    def _is_click(self, at: QPointF) -> bool:
        if self._pressed_at is None:
            return False
        return (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance()
