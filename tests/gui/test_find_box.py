"""The field that finds a token or a command, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.find_box import FindBox
from tests.gui.window_session import WindowSession

# What Qt says of popups without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def session(qapp):
    # <unk> 0, <pad> 1, you 2, need 3, to 4, know 5, how 6, step 7
    return WindowSession()


@pytest.fixture
def window(qtbot, session):
    window = QMainWindow()
    window.actions_ = Actions(session, window)
    window.box = FindBox(session, window.actions_)
    window.other = QLineEdit()
    body = QWidget()
    layout = QVBoxLayout(body)
    layout.addWidget(window.other)
    layout.addWidget(window.box)
    window.setCentralWidget(body)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    window.other.setFocus()
    return window


def test_a_token_is_found_by_its_beginning_and_picked_with_enter(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "kn")
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == [("select", (5,))]
    assert window.box.text() == ""
    assert window.other.hasFocus()


def test_a_command_is_found_by_any_part_of_its_name(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "ep ×10")
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == [("step", 10)]


def test_a_token_typed_whole_comes_before_commands_of_that_name(window):
    found = window.box.matching("step")
    assert found[0].token_id == 7
    assert found[1].action is window.actions_.step
    assert found[2].action is window.actions_.step_ten


def test_down_and_enter_take_the_line_that_is_chosen(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "step")
    popup = window.box.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    for _ in range(3):  # the token, Step, Step ×10
        qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(session.calls))
    assert session.calls == [("step", 10)]
    assert window.box.text() == ""


def test_what_is_disabled_is_not_offered(window):
    assert not window.actions_.undo.isEnabled()
    assert [match.text for match in window.box.matching("undo")] == []


def test_escape_leaves_and_changes_nothing(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "you")
    qtbot.keyClick(window.box.completer().popup(), Qt.Key.Key_Escape)
    qtbot.keyClick(window.box, Qt.Key.Key_Escape)
    assert session.calls == []
    assert window.box.text() == ""
    assert window.other.hasFocus()


def test_enter_on_nothing_found_does_nothing(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "zzz")
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == []
    assert window.box.text() == "zzz"
