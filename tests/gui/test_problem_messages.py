"""Which message stays, goes or gives way to another."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.looking_problems import BranchUnseen
from core.problems import FileUnreadable, NoExamples
from gui.message_bar import MessageBar
from gui.problem_messages import ProblemMessages
from gui.session import Session
from tests.gui.sessions import session

__all__ = ["session"]


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    bar = MessageBar()
    qtbot.addWidget(bar)
    return bar


def more(bar: MessageBar) -> str:
    label = bar.findChild(QLabel, "messageMore")
    return label.text() if label.isVisibleTo(bar) else ""


def test_a_file_that_fails_again_says_so_once_and_another_besides(
    session: Session, bar: MessageBar
) -> None:
    messages = ProblemMessages(bar, session)
    messages.show(FileUnreadable("a.txt", "Permission denied"))
    messages.show(FileUnreadable("a.txt", "Is a directory"))
    assert ("a.txt" in bar.text, more(bar)) == (True, "")
    messages.show(FileUnreadable("b.txt", "Permission denied"))
    assert ("b.txt" in bar.text, more(bar)) == (True, "1 more")


def test_a_refusal_goes_with_the_next_change(session: Session, bar: MessageBar) -> None:
    messages = ProblemMessages(bar, session)
    messages.show(NoExamples("next-word"))
    assert bar.text
    session.set_cell(0, 0, 1.5)
    assert not bar.text


def test_what_a_comparison_lacks_is_no_news_after_it(session: Session, bar: MessageBar) -> None:
    messages = ProblemMessages(bar, session)
    messages.show(BranchUnseen("branch 1"))
    assert "branch 1" in bar.text
    session.time.changed.emit()  # as when the comparison ends
    assert not bar.text
