"""The typed line: each key reaches the session, files pass through."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gui.panels.line import LinePanel
from gui.panels.token_strip import TokenStrip
from tests.gui.text_session import TextSession


@pytest.fixture
def session() -> TextSession:
    return TextSession()


@pytest.fixture
def panel(qtbot: QtBot, session: TextSession) -> LinePanel:
    panel = LinePanel(session)
    qtbot.addWidget(panel)
    panel.resize(600, panel.sizeHint().height())
    panel.show()
    return panel


def edit_of(panel: LinePanel) -> QLineEdit:
    edit = panel.findChild(QLineEdit, "lineEdit")
    assert edit is not None
    return edit


def test_every_key_is_sent(panel: LinePanel, session: TextSession) -> None:
    lines = []
    session.lineChanged.connect(lambda: lines.append(session.line))
    QTest.keyClicks(edit_of(panel), "to go")
    assert lines == ["t", "to", "to ", "to g", "to go"]


def test_a_line_that_others_set_is_shown_and_not_sent_back(
    panel: LinePanel, session: TextSession
) -> None:
    sent = []
    session.set_line("you need to run")
    edit_of(panel).textEdited.connect(sent.append)
    assert edit_of(panel).text() == "you need to run"
    assert sent == []


def test_a_line_that_others_set_is_shown_from_its_beginning(
    panel: LinePanel, session: TextSession
) -> None:
    session.set_line("you need to know how to code and how to run and what to do then")
    strip = panel.findChild(TokenStrip, "tokenStrip")
    assert strip is not None
    assert (strip.current, strip.horizontalScrollBar().value()) == (0, 0)


def test_typing_in_the_middle_leaves_the_cursor_there(
    panel: LinePanel, session: TextSession
) -> None:
    session.set_line("you run")
    edit = edit_of(panel)
    edit.setCursorPosition(3)
    QTest.keyClicks(edit, "r")
    assert (edit.text(), edit.cursorPosition()) == ("your run", 4)


def test_the_card_at_the_cursor_is_current(panel: LinePanel, session: TextSession) -> None:
    strip = panel.findChild(TokenStrip, "tokenStrip")
    assert strip is not None
    # Qt counts the smiley as two, Python as one: "🙂 to" ends at 5 or 4, "🙂 to need" at 10 or 9.
    session.set_line("🙂 to need")
    edit = edit_of(panel)
    for position, card in ((0, 0), (2, 0), (3, 1), (5, 1), (6, 2), (10, 2)):
        edit.setCursorPosition(position)
        assert strip.current == card, position


@pytest.mark.parametrize("with_text", [False, True])
def test_files_are_left_to_the_window(panel: LinePanel, with_text: bool) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/poem.txt")])
    if with_text:
        data.setText("/somewhere/poem.txt")
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    edit_of(panel).dragEnterEvent(event)
    assert not event.isAccepted()
