"""A bar that goes on in another line where it has too little room."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget
from pytestqt.qtbot import QtBot

from gui.flow_layout import FlowLayout


class Block(QWidget):
    """40 wide and 10 high, or as wide as there is room."""

    def __init__(self, *, taker: bool = False) -> None:
        super().__init__()
        if taker:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(40, 10)


@pytest.fixture
def bar(qtbot: QtBot) -> QWidget:
    """A taker and three blocks, 5 apart."""
    made = QWidget()
    qtbot.addWidget(made)
    layout = FlowLayout(least=20, parent=made)
    layout.setContentsMargins(1, 2, 1, 2)
    layout.setSpacing(5)
    for number in range(4):
        layout.addWidget(Block(taker=number == 0))
    return made


def places(bar: QWidget, width: int) -> list[tuple[int, int, int]]:
    """Left, top and width of each block."""
    bar.resize(width, bar.layout().heightForWidth(width))
    bar.layout().activate()
    found = [bar.layout().itemAt(n).geometry() for n in range(bar.layout().count())]
    return [(each.x(), each.y(), each.width()) for each in found]


def test_one_line_where_there_is_room(bar):
    # 1 + 63 + 5 + 40 + 5 + 40 + 5 + 40 + 1: the first takes what is left.
    assert places(bar, 200) == [(1, 2, 63), (69, 2, 40), (114, 2, 40), (159, 2, 40)]
    assert bar.height() == 14


def test_two_lines_where_there_is_not(bar):
    # 20 + 5 + 40 + 5 + 40 fill 110; the last stands at the right of another line.
    assert places(bar, 112) == [(1, 2, 20), (26, 2, 40), (71, 2, 40), (71, 17, 40)]
    assert bar.height() == 2 + 10 + 5 + 10 + 2


def test_a_line_each_where_there_is_hardly_any(bar):
    assert [top for _, top, _ in places(bar, 47)] == [2, 2, 17, 32]
    assert bar.layout().minimumSize() == QSize(42, 14)


def test_too_little_for_the_one_that_takes_is_nothing(bar):
    assert places(bar, 111) == [(20, 2, 0), (25, 2, 40), (70, 2, 40), (70, 17, 40)]


def test_what_is_hidden_takes_no_room(bar):
    bar.layout().itemAt(1).widget().hide()
    assert places(bar, 200)[2:] == [(114, 2, 40), (159, 2, 40)]
    assert bar.layout().sizeHint() == QSize(0 + 5 + 40 + 5 + 40 + 2, 14)


def test_what_is_taken_out_is_there_no_more(bar):
    layout = bar.layout()
    assert layout.takeAt(9) is None
    taken = layout.takeAt(3)
    assert layout.count() == 3
    assert layout.itemAt(3) is None
    taken.widget().deleteLater()
