"""The point cloud as a widget: mouse, wheel and keys."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.project.view import Look, Window
from gui.canvas.space_scene import Marked, Scene
from gui.canvas.space_view import SpaceView
from gui.canvas.trails import Moves, Trail
from gui.theme import apply_theme, theme_of

FLAT = np.array([[-1, 0], [1, 0], [0, 0.5], [np.nan, np.nan]], np.float32)
DEEP = np.array([[-1, 0, 0], [1, 0, 0], [0, 0.5, 0], [0, 0, 1]], np.float32)


def view_of(qtbot: QtBot, points: np.ndarray, **more: object) -> SpaceView:
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_scene(Scene(points, name_of=str, **more))
    return view


def drag(qtbot: QtBot, view: SpaceView, by: QPoint, button: Qt.MouseButton) -> None:
    start = QPoint(250, 300)
    qtbot.mousePress(view, button, pos=start)
    for share in (0.5, 1.0):
        event_at = start + by * share
        QApplication.sendEvent(view, move_event(view, event_at, button))
    qtbot.mouseRelease(view, button, pos=start + by)


def move_event(view: SpaceView, at: QPoint, button: Qt.MouseButton) -> QMouseEvent:
    return QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        view.mapToGlobal(QPointF(at)),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )


def test_both_axes_have_one_scale_and_y_grows_upwards(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    left, right, upper = view.picture.screen[:3].astype(float)
    assert right[0] - left[0] == pytest.approx(4 * (left[1] - upper[1]), rel=1e-3)
    assert upper[1] < left[1]
    assert view.inside() == 3


def test_the_nearest_point_within_reach_is_under_the_cursor(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    x, y = view.picture.screen[1].tolist()
    with qtbot.waitSignal(view.hovered, check_params_cb=lambda id_: id_ == 1):
        qtbot.mouseMove(view, QPoint(round(x) + 5, round(y) - 5))
    with qtbot.waitSignal(view.hovered, check_params_cb=lambda id_: id_ is None):
        qtbot.mouseMove(view, QPoint(round(x) + 30, round(y)))


def test_of_points_on_one_another_the_nearer_to_us_is_picked(qtbot: QtBot) -> None:
    view = view_of(qtbot, np.array([[0, 0, 0], [0, 0, 1], [0, 0, -1], [5, 5, 0]], np.float32))
    view.turn(-view.camera.turn, -view.camera.tilt)  # along axis 3: the first three are one
    x, y = view.picture.screen[0].tolist()
    assert view.picture.nearest(x, y, 12) == 1


def test_a_drag_pans_and_picks_nothing(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    before = view.picture.screen[0].copy()
    with qtbot.assertNotEmitted(view.picked):
        drag(qtbot, view, QPoint(60, -40), Qt.MouseButton.LeftButton)
    assert view.picture.screen[0] - before == pytest.approx(np.array([60, -40]), abs=0.01)


def test_a_drag_turns_three_dimensions_and_with_the_right_button_pans(qtbot: QtBot) -> None:
    view = view_of(qtbot, DEEP)
    turn = view.camera.turn
    drag(qtbot, view, QPoint(50, 0), Qt.MouseButton.LeftButton)
    assert view.camera.turn == pytest.approx(turn + 50 * 0.008)
    camera, before = view.camera, view.picture.screen[0].copy()
    drag(qtbot, view, QPoint(50, 0), Qt.MouseButton.RightButton)
    assert view.camera == camera
    assert view.picture.screen[0] - before == pytest.approx(np.array([50, 0]), abs=0.01)


def test_the_wheel_zooms_around_the_cursor(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    before = view.picture.screen[:2].copy()
    x, y = before[1].tolist()
    at = QPointF(x, y)
    wheel = QWheelEvent(
        at,
        view.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, wheel)
    after = view.picture.screen[:2]
    assert after[1] == pytest.approx(before[1], abs=0.01)
    assert np.ptp(after[:, 0]) == pytest.approx(1.25 * np.ptp(before[:, 0]), rel=1e-4)


def test_keys_zoom_pan_and_fit(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    fitted = view.picture.shown
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.picture.shown.scale == pytest.approx(fitted.scale * 1.25)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.picture.shown.scale == pytest.approx(fitted.scale)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert view.picture.shown.x == pytest.approx(fitted.x + 40 / fitted.scale)
    qtbot.keyClick(view, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: view.picture.shown == fitted)


def test_arrows_turn_three_dimensions_and_are_the_windows_in_two(qtbot: QtBot) -> None:
    view = view_of(qtbot, DEEP)
    camera = view.camera
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.camera.turn == pytest.approx(camera.turn + math.radians(7.5))
    view.show_scene(Scene(FLAT))
    shown = view.picture.shown
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.picture.shown == shown


def test_a_double_click_beside_the_points_fits(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    fitted = view.picture.shown
    view.pan(100, 30)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 395))
    qtbot.waitUntil(lambda: view.picture.shown == fitted)


def test_nothing_moves_in_the_view_while_the_cloud_stays_inside(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT)
    shown = view.picture.shown
    view.show_scene(Scene(FLAT * np.float32(0.7)))
    assert view.picture.shown == shown


def test_a_cloud_elsewhere_in_space_is_looked_at_without_a_jump(qtbot: QtBot) -> None:
    view = view_of(qtbot, DEEP)
    view.show_scene(Scene(DEEP + np.float32(9)))
    qtbot.waitUntil(lambda: view.inside() == 4)
    assert view.camera.pivot == (9, 9.25, 9.5)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("count", [8, 5_000])
def test_every_layer_is_painted_in_both_themes(
    qtbot: QtBot, qapp: QApplication, theme: str, count: int
) -> None:
    palette = qapp.palette()
    apply_theme(qapp, theme)
    try:
        for columns in (2, 3):
            points = np.random.default_rng(0).normal(size=(count, columns)).astype(np.float32)
            three = np.array([2, 3, 4], np.int32)
            view = view_of(
                qtbot,
                points,
                touched=Marked(three, 3),
                drifted=Marked(three + 1, 3),
                selected=(2,),
                hovered=3,
                unknown=0,
                pad=1,
                moves=Moves(three, points[three] + 1, np.array([True, False, True]), 3),
                trails=(Trail(5, points[:6]),),
                axis_names=("PC 1", "PC 2", "PC 3")[:columns],
            )
            image = view.grab().toImage()
            colours = {image.pixelColor(x, y).rgb() for x in range(500) for y in range(0, 400, 2)}
            wanted = theme_of(view)
            assert {wanted.surface.rgb(), wanted.accent.rgb(), wanted.touched.rgb()} <= colours
    finally:
        apply_theme(qapp, "system")
        qapp.setPalette(palette)


def test_seen_around_another_pivot_every_point_is_within_the_extent(qtbot: QtBot) -> None:
    view = view_of(qtbot, DEEP)
    x, y, z = view.camera.pivot
    # The farthest point, (-1, 0, 0), is 0.3 farther from there than from any pivot before.
    view.look_from(Look(0.0, 0.0, (x + 0.3, y, z), Window(0.0, 0.0, 4.0, 4.0)))
    assert view.camera.pivot == (x + 0.3, y, z)
    extent = view.picture.extent
    assert extent is not None
    assert extent.left <= view.picture.screen[:, 0].min()
    assert view.look.window is not None
