"""Picking points in Space by rectangle and lasso, with the mouse and with the keys alone."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.canvas.region_drawing import RegionDrawing
from gui.canvas.region_tool import RegionTool
from gui.canvas.space_scene import Scene
from gui.canvas.space_view import SpaceView

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE = Modifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
# Four in a square, one in its middle, and one that is not drawn.
FLAT = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [0, 0], [np.nan, 0]], np.float32)


class Chosen:
    """What a tool chose, one entry a time."""

    def __init__(self, tool: RegionTool) -> None:
        self.each: list[tuple[list[int], str]] = []
        tool.chosen.connect(self.take)

    def take(self, ids: np.ndarray, how: str) -> None:
        self.each.append((ids.tolist(), how))


@pytest.fixture
def view(qtbot: QtBot) -> SpaceView:
    made = SpaceView()
    made.setObjectName("spaceView")
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.show_scene(Scene(FLAT, name_of=str))
    return made


def drag(view: SpaceView, *stops: QPointF, held: Modifier = NONE, until_up: bool = True) -> None:
    """Press at the first stop, move to the others, let go at the last."""
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (len(stops) - 1)]
    if until_up:
        kinds.append(QEvent.Type.MouseButtonRelease)
        stops = (*stops, stops[-1])
    for kind, at in zip(kinds, stops, strict=True):
        moves = kind == QEvent.Type.MouseMove
        button, buttons = (Qt.MouseButton.NoButton, LEFT) if moves else (LEFT, LEFT)
        if kind == QEvent.Type.MouseButtonRelease:
            buttons = Qt.MouseButton.NoButton
        event = QMouseEvent(kind, at, view.mapToGlobal(at), button, buttons, held)
        QApplication.sendEvent(view, event)


def place(view: SpaceView, id_: int, dx: float = 0, dy: float = 0) -> QPointF:
    x, y = view.picture.screen[id_].tolist()
    return QPointF(x + dx, y + dy)


def around_left_side(view: SpaceView) -> tuple[QPointF, QPointF]:
    return place(view, 3, -20, -20), place(view, 0, 20, 20)


def around_middle(view: SpaceView) -> tuple[QPointF, QPointF]:
    return place(view, 4, -10, -10), place(view, 4, 10, 10)


@pytest.mark.parametrize(
    ("held", "how"),
    [
        (NONE, "replace"),
        (Modifier.ShiftModifier, "add"),
        (Modifier.ControlModifier, "subtract"),
        (Modifier.AltModifier, "subtract"),
    ],
)
def test_a_rectangle_by_mouse(view: SpaceView, held: Modifier, how: str) -> None:
    chosen = Chosen(view.tool)
    shown = view.picture.shown
    view.tool.set_mode("rectangle")
    drag(view, *around_left_side(view), held=held)
    assert chosen.each == [([0, 3], how)]
    assert view.tool.region is None
    assert view.picture.shown == shown  # it did not pan


@pytest.mark.parametrize(
    ("held", "how"),
    [
        (Modifier.ControlModifier, "replace"),
        (Modifier.ControlModifier | Modifier.ShiftModifier, "add"),
        (Modifier.ControlModifier | Modifier.AltModifier, "subtract"),
    ],
)
def test_a_rectangle_without_a_mode(view: SpaceView, held: Modifier, how: str) -> None:
    chosen = Chosen(view.tool)
    drag(view, *around_left_side(view), held=held)
    assert chosen.each == [([0, 3], how)]
    assert view.tool.mode == ""


def test_a_lasso_by_mouse(view: SpaceView) -> None:
    chosen = Chosen(view.tool)
    view.tool.set_mode("lasso")
    # Around the two below and the one in the middle: a triangle that points upwards.
    stops = (place(view, 0, -60, 20), place(view, 4, 0, -30), place(view, 1, 60, 20))
    drag(view, *stops)
    assert chosen.each == [([0, 1, 4], "replace")]


def test_a_plain_drag_still_pans(view: SpaceView) -> None:
    chosen = Chosen(view.tool)
    before = view.picture.shown
    drag(view, *around_left_side(view))
    assert not chosen.each
    assert view.picture.shown != before


def test_a_click_in_a_mode_picks_one(view: SpaceView, qtbot: QtBot) -> None:
    view.tool.set_mode("rectangle")
    with qtbot.waitSignal(view.picked) as picked:
        drag(view, place(view, 4))
    assert picked.args == [4, False]


def test_escape_gives_up_the_drag_and_then_the_mode(view: SpaceView, qtbot: QtBot) -> None:
    chosen = Chosen(view.tool)
    before = view.picture.shown
    view.tool.set_mode("lasso")
    drag(view, *around_left_side(view), until_up=False)
    assert view.tool.region is not None
    qtbot.keyClick(view, Key.Key_Escape)
    assert view.tool.region is None
    assert view.tool.mode == "lasso"
    drag(view, place(view, 1), place(view, 2))  # what is left of the drag
    qtbot.keyClick(view, Key.Key_Escape)
    assert view.tool.mode == ""
    assert view.picture.shown == before
    assert [ids for ids, _ in chosen.each] == [[]]


def test_the_rest_of_a_drag_that_was_given_up_does_nothing(view: SpaceView, qtbot: QtBot) -> None:
    chosen = Chosen(view.tool)
    before = view.picture.shown
    view.tool.set_mode("rectangle")
    start, end = around_left_side(view)
    drag(view, start, end, until_up=False)
    qtbot.keyClick(view, Key.Key_Escape)
    for kind in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
        at = place(view, 2)
        event = QMouseEvent(kind, at, view.mapToGlobal(at), LEFT, LEFT, NONE)
        QApplication.sendEvent(view, event)
    assert not chosen.each
    assert view.picture.shown == before


@pytest.mark.parametrize(
    ("held", "how"),
    [
        (NONE, "replace"),
        (Modifier.ShiftModifier, "add"),
        (Modifier.ControlModifier, "subtract"),
    ],
)
def test_a_rectangle_by_keys(view: SpaceView, qtbot: QtBot, held: Modifier, how: str) -> None:
    chosen = Chosen(view.tool)
    qtbot.keyClick(view, Key.Key_R)
    assert view.tool.mode == "rectangle"
    assert view.property("keepsKeys")
    press(qtbot, view, Key.Key_Up, 30)  # to the upper edge
    press(qtbot, view, Key.Key_Left, 1)
    qtbot.keyClick(view, Key.Key_Space)
    press(qtbot, view, Key.Key_Down, 60)
    press(qtbot, view, Key.Key_Right, 60)
    qtbot.keyClick(view, Key.Key_Space, held)
    assert chosen.each == [([1, 2, 4], how)]  # the right half, and the middle
    qtbot.keyClick(view, Key.Key_R)
    assert view.tool.mode == ""
    assert not view.property("keepsKeys")


def test_a_lasso_by_keys(view: SpaceView, qtbot: QtBot) -> None:
    chosen = Chosen(view.tool)
    qtbot.keyClick(view, Key.Key_L)
    press(qtbot, view, Key.Key_Left, 1)
    press(qtbot, view, Key.Key_Up, 1)
    qtbot.keyClick(view, Key.Key_Return)
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Left):  # 32 pixels around the middle
        press(qtbot, view, key, 2)
    qtbot.keyClick(view, Key.Key_Return)
    assert chosen.each == [([4], "replace")]


def press(qtbot: QtBot, view: SpaceView, key: Key, times: int) -> None:
    for _ in range(times):
        qtbot.keyClick(view, key)


def test_shift_moves_the_cross_finely(view: SpaceView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Key.Key_R)
    qtbot.keyClick(view, Key.Key_Right)
    qtbot.keyClick(view, Key.Key_Right, Modifier.ShiftModifier)
    centre = view.picture.frame.center()
    assert view.tool.cross == (centre.x() + 16 + 2, centre.y())


def test_only_what_is_in_the_view_is_picked(view: SpaceView) -> None:
    chosen = Chosen(view.tool)
    view.pan(0, -view.picture.screen[2][1] - 5)  # the upper two are above the frame now
    view.tool.set_mode("rectangle")
    drag(view, QPointF(1, -300), QPointF(499, 399))
    assert chosen.each == [([0, 1, 4], "replace")]


def test_three_dimensions_are_picked_as_they_are_seen(view: SpaceView) -> None:
    chosen = Chosen(view.tool)
    deep = np.column_stack([FLAT, np.linspace(-1, 1, len(FLAT))]).astype(np.float32)
    view.show_scene(Scene(deep, name_of=str))
    view.turn(0.7, 0.3)
    view.tool.set_mode("rectangle")
    at = place(view, 2)
    drag(view, at + QPointF(-9, -9), at + QPointF(9, 9))
    assert chosen.each == [([2], "replace")]


def test_the_count_follows_the_points(view: SpaceView) -> None:
    drawing = RegionDrawing(view.tool)
    view.tool.set_mode("rectangle")
    drag(view, *around_left_side(view), until_up=False)
    assert drawing.count() == "2 tokens"
    moved = FLAT.copy()
    moved[0] = moved[4]
    view.show_scene(Scene(moved, name_of=str))
    assert drawing.count() == "1 token"
    view.tool.cancel()
    drag(view, *around_middle(view), until_up=False, held=Modifier.ShiftModifier)
    assert drawing.count() == "+2 tokens"
    before = view.grab().toImage()
    view.tool.cancel()
    assert view.grab().toImage() != before


def test_the_hint_tells_the_mode(view: SpaceView) -> None:
    drawing = RegionDrawing(view.tool)
    assert drawing.hint() == ""
    view.tool.set_mode("lasso")
    assert drawing.hint().startswith("Draw around tokens")
    before = view.grab().toImage()
    view.tool.set_mode("")
    assert view.grab().toImage() != before
