"""The field that finds a token or a command, by keyboard alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget

from core.vocabulary import Vocabulary
from core.word_arithmetic import Blend
from gui.actions import Actions
from gui.find_box import FindBox
from gui.search_mode import SearchModeButton
from tests.gui.window_session import WindowSession

# What Qt says of popups without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def session(qapp):
    # <unk> 0, <pad> 1, you 2, need 3, to 4, know 5, how 6, step 7
    made = WindowSession()
    yield made
    made.search.close()


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


def texts(window, typed):
    return [match.text for match in window.box.matching(typed)]


@pytest.mark.parametrize("mode", ["prefix", "plain", "regex"])
def test_tokens_that_begin_so_come_before_commands_that_do(window, session, mode):
    session.vocabulary = Vocabulary.build(["reads resets Re stepped are dark"])
    session.search.set_mode(mode)
    tokens = {*session.vocabulary.tokens}
    assert [text for text in texts(window, "re") if text in tokens] == ["Re", "reads", "resets"]
    assert texts(window, "re")[:3] == ["Re", "reads", "resets"]
    assert "Reset" in texts(window, "re")[3:]
    assert texts(window, "reset")[:2] == ["Reset", "resets"]  # but what is typed whole is meant
    assert texts(window, "step")[:3] == ["Step", "stepped", "Step ×10"]
    assert texts(window, "dark") == ["dark", "Dark"]
    assert texts(window, "Dark") == ["Dark", "dark"]


def test_tokens_that_hold_it_elsewhere_come_after_commands(qtbot, window, session):
    session.search.set_mode("plain")
    window.box.start()
    qtbot.keyClicks(window.box, "ep")  # of step; Step, Step ×10 and Step back
    lit(qtbot, session, [7])
    found = texts(window, "ep")
    assert found.index("Step ×10") < found.index("step") < found.index("1 token matches")


def test_a_pattern_lists_no_token_that_only_looks_like_it(qtbot, window, session):
    session.vocabulary = Vocabulary.from_tokens(["<unk>", "<pad>", "a.b", "axb"])
    session.search.set_mode("regex")
    window.box.start()
    qtbot.keyClicks(window.box, r"a\.")
    lit(qtbot, session, [2])
    assert [m.token_id for m in window.box.matching(r"a\.")] == [2, None]


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


def lit(qtbot, session, ids):
    qtbot.waitUntil(lambda: session.search.found and session.search.matches.tolist() == ids)


def test_all_that_match_are_lit_as_one_types_and_the_count_is_said(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "o")
    lit(qtbot, session, [])  # nothing begins so
    session.search.set_mode("plain")
    lit(qtbot, session, [2, 4, 5, 6])
    found = window.box.matching("o")
    assert [match.token_id for match in found if match.token_id is not None] == [2, 4, 5, 6]
    assert (found[-1].text, found[-1].keeps) == ("4 tokens match", True)
    qtbot.keyClick(window.box, Qt.Key.Key_Escape)
    assert session.search.matches.tolist() == []


def test_what_matches_can_stay_lit_until_the_field_is_emptied(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "kn")
    lit(qtbot, session, [5])
    popup = window.box.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    assert window.box.matching("kn")[-1].text == "1 token matches"
    for _ in range(popup.model().rowCount()):
        qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(window.other.hasFocus)
    assert window.box.text() == "kn"
    assert session.search.matches.tolist() == [5]
    assert session.calls == []
    window.box.clear()
    assert session.search.matches.tolist() == []


def test_going_through_the_list_does_not_search_for_its_lines(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "s")
    lit(qtbot, session, [7])
    popup = window.box.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    for _ in range(4):
        qtbot.keyClick(popup, Qt.Key.Key_Down)
    assert session.search.text == "s"


def test_a_pattern_finds_and_a_bad_one_says_why(qtbot, window, session):
    session.search.set_mode("regex")
    window.box.start()
    qtbot.keyClicks(window.box, "^(y|n)")
    lit(qtbot, session, [2, 3])
    assert [m.token_id for m in window.box.matching("^(y|n)")] == [2, 3, None]
    qtbot.keyClicks(window.box, "(")
    qtbot.waitUntil(lambda: session.search.problem is not None)
    (told,) = window.box.matching("^(y|n)(")
    assert "no regular expression" in told.text
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == []


def test_a_sum_of_words_is_asked_for(qtbot, window, session):
    window.box.start()
    qtbot.keyClicks(window.box, "need - to + know")
    assert window.box.matching("need - to + know")[0].text == "nearest to need − to + know"
    assert session.search.text == ""
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == [("ask", ("need − to + know", Blend((3, 4, 5), (1, -1, 1))))]


@pytest.mark.parametrize(
    ("text", "part"), [("need - tu", "“tu” is not"), ("need -", "missing behind the sign")]
)
def test_a_sum_that_cannot_be_asked_says_why(qtbot, window, session, text, part):
    (told,) = window.box.matching(text)
    assert part in told.text
    window.box.start()
    qtbot.keyClicks(window.box, text)
    qtbot.keyClick(window.box, Qt.Key.Key_Return)
    assert session.calls == []
    assert window.box.text() == ""


def test_the_way_of_matching_is_chosen_beside_the_field(qtbot, session):
    button = SearchModeButton(session)
    qtbot.addWidget(button)
    assert "begin" in button.accessibleDescription()
    button.menu().actions()[2].trigger()
    assert session.search.mode == "regex"
    assert "regular expression" in button.accessibleDescription()
    session.search.set_mode("plain")
    assert button.menu().actions()[1].isChecked()
