"""A number being typed is nobody's but the typist's until it is done."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.number_box import NumberBox


@pytest.fixture
def box(qtbot: QtBot) -> NumberBox:
    """A field with 0 in it, all of it selected, as Tab leaves it."""
    made = NumberBox(0, 10)
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    made.selectAll()
    return made


@pytest.mark.parametrize("shown", [0, 0.4, 7])
@pytest.mark.parametrize("typed_before", ["", "0", "0.", "0.9"])
def test_what_is_shown_meanwhile_does_not_disturb_typing(box, qtbot, typed_before, shown):
    told = []
    box.valueChanged.connect(told.append)
    QTest.keyClicks(box, typed_before)
    box.show_value(shown)
    if not typed_before:
        box.selectAll()
    QTest.keyClicks(box, "0.9".removeprefix(typed_before))
    assert box.text() == "0.9"
    assert told == []
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert told == [0.9]
    assert (box.value(), box.text()) == (0.9, "0.9")


def test_what_was_typed_into_the_middle_stays_there(box):
    QTest.keyClicks(box, "13")
    QTest.keyClick(box, Qt.Key.Key_Left)
    box.show_value(5)
    QTest.keyClick(box, Qt.Key.Key_Period)
    assert box.text() == "1.3"


def test_what_is_shown_after_typing_is_shown(box):
    QTest.keyClicks(box, "0.9")
    QTest.keyClick(box, Qt.Key.Key_Return)
    box.show_value(0)  # refused
    assert box.text() == "0"


def test_a_refusal_on_the_spot_is_shown(box):
    box.valueChanged.connect(lambda _: box.show_value(0))
    QTest.keyClicks(box, "0.9")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text()) == (0, "0")


@pytest.mark.parametrize("logarithmic", [False, True])
def test_a_step_goes_from_what_was_typed(qtbot: QtBot, logarithmic: bool) -> None:
    box, told = NumberBox(0, 10, logarithmic=logarithmic), []
    qtbot.addWidget(box)
    box.setValue(5)
    box.show()
    box.selectAll()
    box.valueChanged.connect(told.append)
    QTest.keyClicks(box, "1")
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (box.value(), box.text(), told) == (2, "2", [2])


def test_what_is_shown_after_a_step_from_nothing_is_shown(box):
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClick(box, Qt.Key.Key_Up)
    box.show_value(3)
    assert box.text() == "3"
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 3
