"""The lists beside the details: kept, named, picked, shown alone, copied, saved, dropped."""

from pathlib import Path
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QUndoStack
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QListView, QMenu
from pytestqt.qtbot import QtBot

from core.problems import NoSuchFile
from gui import panel_numbers
from gui.background import Background
from gui.list_files import ListFiles, tokens_in
from gui.panels.lists import ListsPanel
from gui.panels.lists_model import MOST_LISTED
from gui.selection import Selection, others, picked_after
from gui.session import Session
from gui.settings import Settings
from gui.theme import apply_theme
from gui.token_lists import TokenLists
from tests.gui.space_session import SpaceSession

Key = Qt.Key


class ListsSession(SpaceSession):
    def __init__(self) -> None:
        super().__init__()
        self.undo_stack = QUndoStack(self)
        self.lists = TokenLists(cast("Session", self), self)


@pytest.fixture
def session() -> ListsSession:
    return ListsSession()


@pytest.fixture
def panel(qtbot: QtBot, session: ListsSession, tmp_path: Path) -> ListsPanel:
    background = Background()
    asked = tmp_path / "asked.txt"
    made = ListsPanel(cast("Session", session), cast("ListFiles", None))
    made.background = background
    made._files = ListFiles(
        cast("Session", session),
        background,
        Settings(),
        made,
        lambda *_: asked,  # type: ignore[arg-type]
    )
    made.sentences = []
    for teller in (made, made._files):
        teller.told.connect(made.sentences.append)
    qtbot.addWidget(made)
    made.resize(420, 260)
    made.show()
    yield made
    background.close()


def view(panel: ListsPanel, name: str) -> QListView:
    found = panel.findChild(QListView, name)
    assert isinstance(found, QListView)
    return found


def button(panel: ListsPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def lines(panel: ListsPanel, name: str = "listsNames") -> list[str]:
    model = view(panel, name).model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def go_to(panel: ListsPanel, line: int) -> None:
    names = view(panel, "listsNames")
    names.setCurrentIndex(names.model().index(line, 0))
    names.setFocus()


def choose(panel: ListsPanel, name: str) -> None:
    menu = panel.menu()
    actions = [*menu.actions(), *(a for m in menu.findChildren(QMenu) for a in m.actions())]
    next(action for action in actions if action.objectName() == name).trigger()
    menu.deleteLater()


def test_nothing_is_picked_is_said(panel, session):
    assert lines(panel) == ["Picked now (0)"]
    assert "drop a text file" in panel.findChild(QLabel, "listsWords").text()
    assert panel.findChild(QLabel, "listsWords").isVisible()
    assert not button(panel, "listsKeep").isEnabled()
    assert not button(panel, "listsOnly").isEnabled()
    panel.keep()
    assert panel.sentences == ["Nothing is picked that could be kept."]
    assert session.lists.lists == ()


def test_what_is_picked_is_listed(panel, session):
    session.select((4, 2))
    assert lines(panel) == ["Picked now (2)"]
    assert lines(panel, "listsTokens") == ["know", "code"]
    assert not panel.findChild(QLabel, "listsWords").isVisible()


def test_keeping_asks_for_a_name_at_once(panel, session, qtbot):
    session.select((4, 2))
    button(panel, "listsKeep").click()
    assert panel.sentences == ["2 tokens kept as List 1."]
    editor = view(panel, "listsNames").findChild(QLineEdit)
    editor.setText("Verbs")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: lines(panel) == ["Picked now (2)", "Verbs (2)"])
    assert session.lists.lists[0].tokens == ("know", "code")
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert lines(panel) == ["Picked now (2)"]


def test_a_list_is_picked_added_and_taken_away_by_keys(panel, session, qtbot):
    session.lists.keep(("code", "you"), "Two")
    session.select((3, 6))
    go_to(panel, 1)
    names = view(panel, "listsNames")
    qtbot.keyClick(names, Key.Key_Plus)
    assert session.selection == (3, 6, 2)
    qtbot.keyClick(names, Key.Key_Minus)
    assert session.selection == (6,)
    qtbot.keyClick(names, Key.Key_Return)
    assert session.selection == (2, 3)
    assert panel.sentences[-1] == "2 tokens picked."
    qtbot.keyClick(names, Key.Key_Delete)
    assert session.lists.lists == ()
    assert panel.sentences[-1] == "Two is removed; Undo brings it back."


def test_a_list_that_is_not_in_the_table_does_nothing(panel, session):
    session.lists.keep(("nowhere", "never"), "Lost")
    session.select((3,))
    go_to(panel, 1)
    assert lines(panel)[1] == "Lost (0 of 2)"
    assert not button(panel, "listsPick").isEnabled()
    panel.change_picked("replace")
    panel.show_only()
    assert panel.sentences == ["None of these tokens is in this table."] * 2
    assert session.selection == (3,)
    assert session.shown_only.tokens is None
    assert lines(panel, "listsTokens") == ["nowhere", "never"]


def test_tokens_are_shown_alone(panel, session):
    session.select((4, 2))
    button(panel, "listsOnly").click()
    assert session.shown.projected.only.tolist() == [2, 4]
    session.lists.keep(("you", "nowhere"), "One")
    go_to(panel, 1)
    button(panel, "listsOnly").click()
    assert session.shown.projected.only.tolist() == [3]


def test_tokens_are_copied_and_saved_one_a_line(panel, session, qtbot, tmp_path):
    session.lists.keep(("you", "nowhere"), "Some")
    go_to(panel, 1)
    qtbot.keyClick(view(panel, "listsNames"), Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "you\nnowhere"
    choose(panel, "save")
    assert (tmp_path / "asked.txt").read_text() == "you\nnowhere\n"
    assert panel.sentences == ["2 tokens copied.", "Saved asked.txt."]


def test_the_menu_does_what_the_keys_do(panel, session):
    session.lists.keep(("code", "you"), "Two")
    session.select((6,))
    go_to(panel, 1)
    choose(panel, "add")
    assert session.selection == (6, 2, 3)
    choose(panel, "subtract")
    assert session.selection == (6,)
    choose(panel, "pick")
    assert session.selection == (2, 3)
    choose(panel, "colour")
    choose(panel, "only")
    assert session.shown_only.tokens == ("code", "you")
    choose(panel, "remove")
    assert lines(panel) == ["Picked now (2)"]
    choose(panel, "keep")
    assert len(session.lists.lists) == 1


def test_numbers_are_those_of_the_rows(panel, session):
    session.select((4, 2))
    numbers = panel_numbers.picked_numbers(cast("Session", session), panel.entry.ids)
    assert numbers.header == ("id", "token", "count", "norm", "0", "1", "2")
    # √(0.2² + 0.1² + 0.8²) = √0.69
    rows = list(numbers.rows())
    assert rows[0][:3] == ["4", "know", "1"]
    assert float(rows[0][3]) == pytest.approx(np.sqrt(0.69))
    assert rows[1][4:] == ["0.2", "0.9", "0.3"]
    assert panel_numbers.picked_numbers(cast("Session", session), ()) is None


def drop(panel: ListsPanel, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dropEvent(event)


def test_a_dropped_file_becomes_a_list(panel, session, qtbot, tmp_path):
    path = tmp_path / "fruit.txt"
    path.write_text("code\n\n  you \ncode\npear\n")
    drop(panel, path)
    qtbot.waitUntil(lambda: len(session.lists.lists) == 1)
    assert lines(panel)[1] == "fruit (2 of 3)"
    assert panel.sentences == ["3 tokens kept as fruit; 1 of them not in this table."]


def test_a_file_that_cannot_be_read_is_a_problem(panel, session, qtbot, tmp_path):
    with qtbot.waitSignal(panel._files.problemRaised) as raised:
        panel._files.read(tmp_path / "gone.txt")
    assert raised.args == [NoSuchFile(str(tmp_path / "gone.txt"))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", ()),
        ("a\r\nb\n\n a\n", ("a", "b")),
        ('id,token,count\n3,you,1\n4,"a,b",2\n', ("you", "a,b")),
        ("token\tid\nyou\t3\n", ("you",)),
        ("token\nyou\n", ("token", "you")),  # of one column, it may be a token itself
        ('token\tid\n"\t5\nyou\t3\n', ('"', "you")),
        pytest.param('token,id\n",5\n' + "you,3\n" * 30_000, ('"', "you"), id="long"),
    ],
)
def test_the_tokens_of_a_file(text, tokens):
    assert tokens_in(text) == tokens


def test_pointing_at_a_token_lights_it_up_and_enter_picks_it(panel, session, qtbot):
    session.lists.keep(("you", "nowhere"), "Some")
    go_to(panel, 1)
    tokens = view(panel, "listsTokens")
    for line, id_ in ((0, 3), (1, None)):
        tokens.entered.emit(tokens.model().index(line, 0))
        assert session.hovered == id_
    tokens.setCurrentIndex(tokens.model().index(0, 0))
    qtbot.keyClick(tokens, Key.Key_Return)
    assert session.selection == (3,)


def test_only_the_first_of_many_are_listed(panel, session):
    session.lists.keep([f"w{n}" for n in range(MOST_LISTED + 5)], "Many")
    go_to(panel, 1)
    shown = lines(panel, "listsTokens")
    assert len(shown) == MOST_LISTED + 1
    assert shown[-1] == "… and 5 more"


def test_chips_follow_the_theme(panel, session, qapp, qtbot):
    session.lists.keep(("you",), "One")
    before = view(panel, "listsNames").grab().toImage()
    apply_theme(qapp, "dark")
    qtbot.waitUntil(lambda: view(panel, "listsNames").grab().toImage() != before)
    apply_theme(qapp, "light")


def test_what_is_picked_after_a_region():
    before, ids = (5, 1, 3), np.array([1, 2])
    assert picked_after(before, ids, "replace") == (1, 2)
    assert picked_after(before, ids, "add") == (5, 1, 3, 2)
    assert picked_after(before, ids, "subtract") == (5, 3)
    assert others((1, 3), 5).tolist() == [0, 2, 4]
    assert others((), 2).tolist() == [0, 1]
    picked = Selection((5, 1))
    assert picked == (5, 1)
    assert 1 in picked
    assert 2 not in picked
