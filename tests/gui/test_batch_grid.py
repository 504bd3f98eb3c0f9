"""The grid of a batch: what its cells say, and what hands do with them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.canvas.batch_cells import BatchCells
from gui.canvas.batch_grid import BatchGrid
from gui.theme import LIGHT

WORDS = ["<unk>", "<pad>", "how", "to", "code"]
IDS = np.array([[2, 3, 4, 1], [3, 77, 1, 1]])


def cells(values: np.ndarray | None = None, limit: float = 0.0) -> BatchCells:
    return BatchCells(
        IDS,
        IDS != 1,
        IDS if values is None else values,
        lambda id_: WORDS[id_],
        limit,
        range(3, 4),
        0,
        {(1, 1): "id 77 is past the last row, 4"},
        ("sentence 1", "sentence 2"),
    )


@pytest.fixture
def grid(qtbot: QtBot) -> BatchGrid:
    grid = BatchGrid()
    qtbot.addWidget(grid)
    grid.resize(600, 200)
    grid.show_cells(cells())
    grid.show()
    qtbot.waitExposed(grid)
    return grid


def middle(grid: BatchGrid, line: int, column: int) -> QPoint:
    return grid.rect_of(line, column).center()


def test_cells_are_found_where_they_are_painted(grid: BatchGrid) -> None:
    for line, column in np.ndindex(2, 4):
        assert grid.cell_at(middle(grid, line, column)) == (line, column)
    assert grid.cell_at(grid.rect_of(2, 0).center()) is None
    assert grid.cell_at(QPoint(1, 1)) is None


def test_a_click_picks_the_token_but_not_an_id_without_a_row(qtbot: QtBot, grid: BatchGrid) -> None:
    with qtbot.waitSignal(grid.picked) as picked:
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(grid, 0, 2))
    assert picked.args == [4]
    with qtbot.assertNotEmitted(grid.picked):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=middle(grid, 1, 1))


def test_arrow_keys_walk_and_enter_picks(qtbot: QtBot, grid: BatchGrid) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(grid, key)  # (0, 0), (0, 1), (1, 1), (1, 0)
    with qtbot.waitSignal(grid.picked) as picked:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert picked.args == [3]
    assert grid.accessibleDescription() == "sentence 2, position 0: to, id 3, 3"


def test_arrow_keys_stay_within_the_batch(grid: BatchGrid) -> None:
    for _ in range(9):
        QTest.keyClick(grid, Qt.Key.Key_Down)
        QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.accessibleDescription().startswith("sentence 2, position 3: padding")


def test_a_wrong_id_says_what_is_wrong(grid: BatchGrid) -> None:
    assert grid.about((1, 1)) == "id 77 is past the last row, 4"
    assert grid.about((0, 3)) == "sentence 1, position 3: padding, id 1, 1"


def test_numbers_are_as_exact_as_they_are_kept() -> None:
    values = np.full(IDS.shape, 0.1, np.float32)
    assert cells(values).number(0, 0) == "0.1"
    assert cells(IDS != 1).number(0, 3) == "0"


def test_a_number_that_has_no_room_is_rounded_and_says_so() -> None:
    values = np.full(IDS.shape, 0.5)
    values[0] = [0.02837465, 6.12345e-05, 123456.75, np.inf]
    shown = cells(values)
    # Seven characters: three figures, one beside an exponent, and none too few.
    assert [shown.number_in(0, column, 7) for column in range(4)] == [
        "≈0.0284",
        "≈6e-05",
        "≈123000",
        "Inf",
    ]
    assert shown.number_in(1, 0, 7) == "0.5"
    assert shown.number_in(0, 0, 3) == "…"
    assert cells().number_in(1, 1, 1) == "…"  # an id is never rounded


def test_values_are_coloured_by_their_sign(qtbot: QtBot, grid: BatchGrid) -> None:
    values = np.where(IDS == 2, 1.0, np.where(IDS == 3, -1.0, 0.0))
    grid.show_cells(cells(values, 1.0))
    picture = grid.viewport().grab().toImage()
    corner = QPoint(-2, -2)
    assert picture.pixelColor(grid.rect_of(0, 0).bottomRight() + corner) == LIGHT.positive
    assert picture.pixelColor(grid.rect_of(0, 1).bottomRight() + corner) == LIGHT.negative


def test_a_batch_wider_than_the_view_scrolls_to_the_current_cell(grid: BatchGrid) -> None:
    grid.resize(180, 120)
    for _ in range(4):
        QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.viewport().rect().contains(grid.rect_of(0, 3))


def test_extra_padding_is_narrow_where_there_is_no_room(grid: BatchGrid) -> None:
    wide = grid.rect_of(0, 0).width()
    assert grid.rect_of(0, 3).width() == wide  # 600 pixels hold four columns
    ids = np.concatenate((IDS, np.full((2, 60), 1)), 1)
    for extra in (range(4, 64), range(60)):
        shown = ids if extra.start else ids[:, ::-1]
        grid.show_cells(BatchCells(shown, shown != 1, shown, str, extra=extra))
        column = extra.start + 7
        assert grid.rect_of(0, column).width() < wide / 4
        assert grid.cell_at(middle(grid, 1, column)) == (1, column)
        assert grid.rect_of(0, 0 if extra.start else 63).width() == wide
        assert not grid.viewport().grab().isNull()


def test_an_empty_batch_is_shown_as_nothing(grid: BatchGrid) -> None:
    empty = np.empty((0, 0), np.int64)
    grid.show_cells(BatchCells(empty, empty == 0, empty, str))
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.cell_at(QPoint(100, 40)) is None
    assert not grid.viewport().grab().isNull()
