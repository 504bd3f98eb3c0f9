"""The pixels of the table: each cell the colour of its value, each mark where it belongs."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.background import Background
from gui.canvas.heat_table import FIRST_VALUE
from gui.canvas.row_marks import ChangedRows
from gui.panels.table import TablePanel
from gui.session import State
from gui.theme import DARK, LIGHT, Theme, apply_theme, heat_colour
from tests.gui.table_session import FakeShown, ids, large_session


@pytest.fixture(params=[LIGHT, DARK], ids=lambda theme: theme.name)
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    apply_theme(qapp, request.param.name)
    return request.param


def test_touched_and_moved_are_told_apart() -> None:
    changed = ChangedRows(touched=ids(9, 4), moved=ids(4, 5, 2))
    touched, alone = changed.among(np.arange(3, 7))
    assert touched.tolist() == [False, True, False, False]
    assert alone.tolist() == [False, False, True, False]
    assert changed.some_moved_alone
    assert not ChangedRows(touched=ids(4, 7), moved=ids(4)).some_moved_alone


def paint(qtbot: QtBot, panel: TablePanel) -> QImage:
    qtbot.addWidget(panel)
    panel.resize(560, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel.view.viewport().grab().toImage()


def test_each_cell_has_the_colour_of_its_value(qtbot: QtBot, theme: Theme) -> None:
    session = large_session(1000, 16)
    panel = TablePanel(session, Background(session))
    image = paint(qtbot, panel)
    for row, column in [(0, 0), (2, 5), (7, 15)]:
        middle = panel.view.visualRect(panel.view.model().index(row, FIRST_VALUE + column)).center()
        value = float(session.shown.rows[row, column])
        expected = heat_colour(value, panel.view.limit.value, theme)
        assert image.pixelColor(middle) == expected


def test_scrolled_cells_too(qtbot: QtBot, theme: Theme) -> None:
    session = large_session(1000, 300)
    panel = TablePanel(session, Background(session))
    paint(qtbot, panel)
    panel.view.horizontalScrollBar().setValue(777)
    panel.view.verticalScrollBar().setValue(1234)
    image = panel.view.viewport().grab().toImage()
    index = panel.view.indexAt(panel.view.viewport().rect().center())
    value = float(session.shown.rows[index.row(), index.column() - FIRST_VALUE])
    expected = heat_colour(value, panel.view.limit.value, theme)
    assert image.pixelColor(panel.view.visualRect(index).center()) == expected


def line_of(image: QImage, y: int, colour: QColor) -> float:
    """The share of line `y` that has `colour`."""
    width = image.width() // 2
    return sum(image.pixelColor(x, y) == colour for x in range(width)) / width


def test_a_touched_row_is_framed_and_one_moved_alone_is_dashed(qtbot: QtBot, theme: Theme) -> None:
    session = large_session(1000, 8)
    session.state = State.RUNNING
    rows = session.shown.rows
    one = np.ones(1, np.float32)
    session.shown = FakeShown(1, 0, rows, ids(3), one, ids(3, 5), np.ones(2, np.float32))
    panel = TablePanel(session, Background(session))
    image = paint(qtbot, panel)
    tops = {row: panel.view.rowViewportPosition(row) for row in (2, 3, 5)}
    assert line_of(image, tops[3], theme.touched) > 0.98
    assert 0.3 < line_of(image, tops[5], theme.moved) < 0.9
    assert line_of(image, tops[2], theme.touched) == 0


def test_the_pad_row_is_hatched(qtbot: QtBot, theme: Theme) -> None:
    session = large_session(1000, 8)
    session.shown.rows[:2] = 0
    panel = TablePanel(session, Background(session))
    panel.findChild(type(panel._numbers), "tableNumbers").click()
    image = paint(qtbot, panel)

    def colours(row: int) -> int:
        box = panel.view.visualRect(panel.view.model().index(row, FIRST_VALUE)).adjusted(
            2, 2, -3, -3
        )
        return len(
            {
                image.pixel(x, y)
                for x in range(box.left(), box.right())
                for y in range(box.top(), box.bottom())
            }
        )

    assert colours(0) == 1
    assert colours(1) > 1
