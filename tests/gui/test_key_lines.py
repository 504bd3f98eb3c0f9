"""The key to a picture is never more than a third of it, until somebody wants all of it."""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from gui.canvas.key_lines import MORE, Entry, folded, line_height, lines_of, width_of
from gui.canvas.space_scene import Marked, Scene
from gui.canvas.space_view import SpaceView
from gui.canvas.tints import Category, Tints

WIDTH = 480.0


def more(count: int) -> str:
    return f"and {count} more"


@pytest.fixture
def metrics(qapp: object) -> QFontMetricsF:
    return QFontMetricsF(QFont())


def entries_of(marks: int, colours: int) -> list[Entry]:
    found = [Entry("trail", f"a mark of the number {n}") for n in range(marks)]
    return found + [Entry("trail", f"group {n}", of_colours=True) for n in range(colours)]


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 8), st.sampled_from([160.0, WIDTH]))
def test_nothing_goes_missing_untold(marks: int, colours: int, most: int, width: float) -> None:
    metrics, entries = QFontMetricsF(QFont()), entries_of(marks, colours)
    lines = folded(entries, width, metrics, most, more)
    assert len(lines) <= max(most, 2)
    shown = [entry for line in lines for entry in line]
    hidden = sum(int(entry.text.split()[1]) for entry in shown if entry.sign == MORE)
    kept = [entry for entry in shown if entry.sign != MORE]
    assert len(kept) + hidden == len(entries)
    for of_colours in (False, True):  # the first of each kind, in their order
        mine = [entry.text[:5] for entry in kept if entry.of_colours is of_colours]
        all_of_kind = [entry.text[:5] for entry in entries if entry.of_colours is of_colours]
        assert mine == all_of_kind[: len(mine)]


def test_colours_have_the_room_but_for_a_line_of_marks(metrics: QFontMetricsF) -> None:
    lines = folded(entries_of(20, 4), WIDTH, metrics, 3, more)
    assert [line[0].of_colours for line in lines] == [False, False, True]
    lines = folded(entries_of(20, 40), WIDTH, metrics, 3, more)
    assert [line[0].of_colours for line in lines] == [False, True, True]
    assert lines[0][-1].sign == lines[-1][-1].sign == MORE


def test_no_line_is_wider_than_the_picture(metrics: QFontMetricsF) -> None:
    long = Entry("trail", "what has a very long name " * 10)
    [line] = lines_of([long], WIDTH, metrics)
    assert width_of(line[0], metrics) <= WIDTH
    assert line[0].text.endswith("…")


def view_with_a_long_key(qtbot: QtBot) -> SpaceView:
    key = tuple(Category(f"a label of the number {n}", n, 1) for n in range(12))
    tints = Tints(np.arange(12, dtype=np.uint8), np.zeros((12, 3), np.uint8), "Label", key)
    points = np.random.default_rng(0).standard_normal((12, 2)).astype(np.float32)
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(480, 220)
    view.show()
    marked = Marked(np.arange(4), 4)
    view.show_scene(Scene(points, tints=tints, touched=marked, drifted=marked, selected=(3,)))
    return view


def height_of_key(view: SpaceView) -> float:
    """Down to the lowest line, as it was painted last."""
    view.grab()
    return max(box.bottom() for box in view.key_boxes)


def test_a_long_key_is_bounded_until_it_is_unfolded(qtbot: QtBot) -> None:
    view = view_with_a_long_key(qtbot)
    line = line_height(QFontMetricsF(view.font()))
    assert height_of_key(view) <= view.height() / 3 + line
    assert len(view.legend()) == 3 + 1 + 12  # all are told to who cannot see it
    QTest.keyClick(view, Qt.Key.Key_K)
    assert height_of_key(view) > view.height() / 3 + line
    QTest.keyClick(view, Qt.Key.Key_K)
    assert height_of_key(view) <= view.height() / 3 + line


def test_a_click_on_the_rest_unfolds_the_key_and_picks_nothing(qtbot: QtBot) -> None:
    view = view_with_a_long_key(qtbot)
    folded_height = height_of_key(view)
    last = max(view.key_boxes, key=lambda box: box.bottom())
    place = QPoint(int(last.right()) - 20, int(last.center().y()))
    with qtbot.assertNotEmitted(view.picked):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert height_of_key(view) > folded_height
    QToolTip.hideText()


def test_a_double_click_on_the_rest_unfolds_the_key_and_fits_nothing(qtbot: QtBot) -> None:
    view = view_with_a_long_key(qtbot)
    view.zoom(3.0)
    folded_height, shown = height_of_key(view), view.picture.shown
    last = max(view.key_boxes, key=lambda box: box.bottom())
    place = QPoint(int(last.right()) - 20, int(last.center().y()))
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert height_of_key(view) > folded_height  # its end is no longer under the pointer
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert height_of_key(view) > folded_height
    assert view.look.window is not None
    assert view.picture.shown == shown
    QToolTip.hideText()


def test_the_points_have_two_thirds_of_the_picture(qtbot: QtBot) -> None:
    view = view_with_a_long_key(qtbot)
    assert view.picture.area.top <= view.height() / 3 + 14
    assert view.picture.screen[:, 1].min() >= view.picture.area.top - 1


def test_names_of_many_picked_tokens_leave_the_key_alone(qtbot: QtBot) -> None:
    """Those of a few may cover it: somebody has just picked them."""
    view = view_with_a_long_key(qtbot)
    across = np.concatenate([np.linspace(-1, -0.7, 10), np.linspace(0, 1, 30)])
    points = np.column_stack([across, np.zeros(40)]).astype(np.float32)
    every = tuple(range(40))[::-1]  # the last ten are on the left, where the key is not
    scene = replace(view.scene, points=points, tints=None, selected=every, picked=40)
    view.restart()  # so that the view fits these points
    view.show_scene(replace(scene, name_of=str))
    view.zoom(1.1)
    height_of_key(view)  # it is painted
    place = view.picture.place(0)
    assert place is not None
    view.pan(0, view.key_boxes[0].bottom() - place[1])  # to where it is
    painted: list[QRectF] = []
    with patch("gui.canvas.space_labels._draw_name", lambda _, box, *_rest: painted.append(box)):
        view.grab()
    over = [box for box in painted if any(box.intersects(line) for line in view.key_boxes)]
    assert painted
    assert not over
