"""The commands: names, keys, what they ask of the session, and who gets Space and →."""

from collections import Counter
from operator import attrgetter
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions
from gui.keys import KeyRouter
from gui.session import State
from gui.speeds import SPEEDS, next_speed
from tests.gui.window_session import WindowSession

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(qapp):
    return WindowSession()


@pytest.fixture
def window(qtbot, session):
    """A window with the actions and one widget of each kind that has keys of its own."""
    window = QMainWindow()
    window.actions_ = Actions(session, window)
    window.addActions(list(window.actions_))
    window.router = KeyRouter(session, window)
    body = QWidget()
    layout = QVBoxLayout(body)
    window.widgets = {
        "line": QLineEdit(),
        "text": QPlainTextEdit(),
        "table": QTableWidget(3, 3),
        "button": QPushButton("press"),
        "slider": QSlider(Qt.Orientation.Horizontal),
        "box": QComboBox(),
        "spaceView": QWidget(),
        "tokenStrip": QWidget(),
        "plain": QWidget(),
    }
    for name, widget in window.widgets.items():
        widget.setObjectName(name)
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout.addWidget(widget)
    window.setCentralWidget(body)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window).__enter__()
    return window


def press(qtbot, window, name, key, modifier=Qt.KeyboardModifier.NoModifier):
    """What the session was asked when `key` is pressed in the widget called `name`."""
    widget = window.widgets[name]
    widget.setFocus()
    assert widget.hasFocus()
    before = len(window.actions_._session.calls)
    qtbot.keyClick(widget, key, modifier)
    return window.actions_._session.calls[before:]


def test_every_action_has_a_text_a_name_of_its_own_and_a_status_tip(window):
    actions = list(window.actions_)
    assert len(actions) >= 25
    for action in actions:
        assert action.text(), action.objectName()
        assert action.objectName().endswith("Action")
        assert action.statusTip(), action.objectName()
    assert len({action.objectName() for action in actions}) == len(actions)


def test_no_key_belongs_to_two_actions(window):
    keys = Counter(
        sequence.toString() for action in window.actions_ for sequence in action.shortcuts()
    )
    assert keys["Space"] == 1
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("run", ("toggle_run", None)),
        ("step", ("step", 1)),
        ("step_ten", ("step", 10)),
        ("reset", ("reset", None)),
        ("example_article", ("open_example", "article")),
        ("example_small_world", ("open_example", "small-world")),
        ("example_labelled", ("open_example", "labelled")),
        ("rebuild_vocabulary", ("rebuild_vocabulary", None)),
        ("space.hold_axes", ("set_axes", "held")),
        ("space.three_dimensions", ("set_dimensions", 3)),
        ("slower", ("set_speed", 1000)),
    ],
)
def test_an_action_asks_the_session(window, session, name, call):
    attrgetter(name)(window.actions_).trigger()
    assert session.calls == [call]


def test_axes_are_held_only_where_there_are_any(window, session):
    hold = window.actions_.space.hold_axes
    usual = hold.statusTip()
    assert hold.isEnabled()
    session.maps.current = object()
    session.maps.pointsChanged.emit()
    assert not hold.isEnabled()
    assert "nothing to hold" in hold.statusTip()
    session.maps.current = None
    session.maps.changed.emit()
    assert hold.isEnabled()
    session.shown = SimpleNamespace(projected=SimpleNamespace(policy="plain"))
    session.viewTurned.emit()
    assert not hold.isEnabled()
    assert "columns themselves" in hold.statusTip()
    session.shown.projected.policy = "follow"
    session.runStarted.emit()
    assert hold.isEnabled()
    assert hold.statusTip() == usual


def test_run_becomes_pause_while_it_runs(window, session):
    session.state = State.RUNNING
    session.stateChanged.emit()
    assert window.actions_.run.text() == "Pause"
    session.state = State.PAUSED
    session.stateChanged.emit()
    assert window.actions_.run.text() == "Run"


def test_undo_is_the_sessions(window, session):
    assert not window.actions_.undo.isEnabled()
    session.undo_stack.beginMacro("set a cell")
    session.undo_stack.endMacro()
    assert window.actions_.undo.isEnabled()
    assert window.actions_.undo.text() == "Undo set a cell"


def test_the_speeds_are_gone_through_and_end_at_both_ends():
    assert next_speed(None, 1) is None
    assert next_speed(None, -1) == 1000
    assert next_speed(7, 1) == 10
    assert next_speed(7, -1) == 5
    assert next_speed(1, -1) == 1
    assert next_speed(1000, 1) is None
    assert SPEEDS[-1] is None


def test_space_and_right_are_commands_where_nothing_uses_them(qtbot, window):
    assert press(qtbot, window, "plain", Qt.Key.Key_Space) == [("toggle_run", None)]
    assert press(qtbot, window, "plain", Qt.Key.Key_Right) == [("step", 1)]
    assert press(qtbot, window, "plain", Qt.Key.Key_Left) == [("back", None)]
    assert press(qtbot, window, "button", Qt.Key.Key_Right) == [("step", 1)]
    assert press(qtbot, window, "slider", Qt.Key.Key_Space) == [("toggle_run", None)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("line", Qt.Key.Key_Space),
        ("line", Qt.Key.Key_Right),
        ("text", Qt.Key.Key_Space),
        ("text", Qt.Key.Key_Right),
        ("table", Qt.Key.Key_Space),
        ("table", Qt.Key.Key_Right),
        ("button", Qt.Key.Key_Space),
        ("box", Qt.Key.Key_Space),
        ("slider", Qt.Key.Key_Right),
        ("tokenStrip", Qt.Key.Key_Right),
    ],
)
def test_a_widget_keeps_the_keys_that_it_uses(qtbot, window, name, key):
    assert press(qtbot, window, name, key) == []


def test_a_space_typed_into_a_field_arrives_there(qtbot, window):
    press(qtbot, window, "line", Qt.Key.Key_Space)
    assert window.widgets["line"].text() == " "


def test_the_space_view_keeps_both_keys_in_3d_only(qtbot, window, session):
    assert press(qtbot, window, "spaceView", Qt.Key.Key_Right) == [("step", 1)]
    session.dimensions = 3
    assert press(qtbot, window, "spaceView", Qt.Key.Key_Right) == []
    assert press(qtbot, window, "spaceView", Qt.Key.Key_Space) == []


@pytest.mark.parametrize("name", ["line", "text", "table", "slider", "spaceView", "plain"])
def test_with_control_they_are_commands_everywhere(qtbot, window, name):
    assert press(qtbot, window, name, Qt.Key.Key_Right, CONTROL) == [("step", 1)]
    assert press(qtbot, window, name, Qt.Key.Key_Left, CONTROL) == [("back", None)]
    for enter in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        assert press(qtbot, window, name, enter, CONTROL) == [("toggle_run", None)]


def test_what_is_picked_is_changed_by_commands(session, window):
    picking = window.actions_.picking
    assert not picking.none.isEnabled()
    assert not picking.only.isEnabled()
    session.select((2, 3))
    picking.others.trigger()
    rows = range(len(session.vocabulary))
    assert session.selection == tuple(id_ for id_ in rows if id_ not in (2, 3))
    picking.all.trigger()
    assert session.selection == tuple(rows)
    picking.none.trigger()
    assert session.selection == ()
    assert not picking.none.isEnabled()


def test_only_what_is_picked_is_shown_and_then_all(session, window):
    picking = window.actions_.picking
    assert not picking.everything.isEnabled()
    session.select((3, 2))
    picking.only.trigger()
    assert session.calls[-1] == ("show_only", [2, 3])
    session.select(())
    assert picking.everything.isEnabled()
    picking.everything.trigger()
    assert session.calls[-1] == ("show_only", None)
    assert not picking.everything.isEnabled()


def test_a_view_in_which_the_keys_draw_keeps_them(session, window):
    view = window.widgets["spaceView"]
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Right):
        assert not window.router.keeps(view, key)
        view.setProperty("keepsKeys", True)
        assert window.router.keeps(view, key)
        view.setProperty("keepsKeys", False)
