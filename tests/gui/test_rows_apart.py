"""Rows that hold NaN or infinity are named apart from the points, and can be picked there."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.canvas.space_scene import Scene
from gui.canvas.space_view import SpaceView


def view_of(qtbot: QtBot, left_out: list[int], dimensions: int = 2, count: int = 40) -> SpaceView:
    points = np.random.default_rng(0).standard_normal((count, dimensions)).astype(np.float32)
    points[left_out] = np.nan
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(480, 240)
    view.show()
    ids = np.array(left_out, np.int64)
    view.show_scene(Scene(points, name_of="word {}".format, left_out=ids))
    view.grab()
    return view


def rows_in_the_line(view: SpaceView) -> dict[int, QPoint]:
    """Where the names are."""
    found: dict[int, QPoint] = {}
    for y in range(0, view.height(), 4):
        for x in range(0, view.width(), 4):
            id_ = view.apart(QPoint(x, y).toPointF())
            if id_ is not None:
                found[id_] = QPoint(x, y)
    return found


@pytest.mark.parametrize("dimensions", [2, 3])
def test_rows_without_a_place_are_named_and_can_be_picked(qtbot: QtBot, dimensions: int) -> None:
    view = view_of(qtbot, [5, 9], dimensions)
    places = rows_in_the_line(view)
    assert set(places) == {5, 9}
    with qtbot.waitSignal(view.picked) as picked:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[9])
    assert picked.args == [9, False]


def test_no_more_are_named_than_have_room(qtbot: QtBot) -> None:
    view = view_of(qtbot, list(range(3, 40)))
    named = rows_in_the_line(view)
    assert 1 <= len(named) < 37
    assert sorted(named) == list(range(3, 3 + len(named)))


def test_where_all_rows_have_a_place_there_is_no_line(qtbot: QtBot) -> None:
    assert not rows_in_the_line(view_of(qtbot, []))


def test_no_point_is_under_the_line(qtbot: QtBot) -> None:
    view = view_of(qtbot, [5, 9])
    highest = min(place.y() for place in rows_in_the_line(view).values())
    assert np.nanmax(view.picture.screen[:, 1]) <= highest + 4


def test_nothing_but_such_rows_is_no_error(qtbot: QtBot) -> None:
    assert rows_in_the_line(view_of(qtbot, list(range(6)), count=6))
