"""Texts that a user's own tokenizer gives up on: said plainly, and nothing typed is lost."""

import pytest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from core.problems import TokenizerGaveUp
from core.tokenizer_file import tokenizer_of
from core.vocabulary import Vocabulary
from gui.document import Document
from gui.padding_batch import batch_of_text
from gui.panels.sentences import SentencesPanel
from gui.session import Session
from tests.gui.sessions import session, wait

__all__ = ["session"]

TOO_HARD = "a" * 28 + "b"  # for the pattern below, which tries every way to share out the a's


@pytest.fixture
def picky(qtbot: QtBot, session: Session) -> Session:
    """The session over the tokens of a tokenizer that gives up on some texts."""
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0, "a": 1, "c": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("(a+)+$"), "isolated")]
    )
    vocabulary = Vocabulary.of_tokenizer(tokenizer_of(tokenizer.to_str(), "t"), (), ["a c", "c a"])
    session.show_document(Document.of("a c\nc a", vocabulary))
    wait(qtbot, lambda: len(session.vocabulary) == 3)
    return session


def test_a_line_stays_as_typed_and_has_no_tokens(picky: Session) -> None:
    told: list[object] = []
    picky.lineChanged.connect(lambda: told.append(picky.line_tokens))
    picky.problemRaised.connect(told.append)
    picky.set_line(TOO_HARD)
    assert told == [(), TokenizerGaveUp(told[1].reason)]
    assert picky.line == TOO_HARD
    assert picky.line_tokens == ()
    assert batch_of_text(picky, 3, "typed").names == ("1", "2")
    picky.set_line("a c")
    assert [token.id for token in picky.line_tokens] == [1, 2]


def test_a_line_that_another_vocabulary_cannot_read_stays_too(picky: Session, qtbot: QtBot) -> None:
    picky.undo_stack.undo()
    wait(qtbot, lambda: len(picky.vocabulary) == 8)
    picky.set_line(TOO_HARD)
    assert [token.known for token in picky.line_tokens] == [False]
    with qtbot.waitSignal(picky.problemRaised):
        picky._vocabulary = picky.vocabulary
        picky._take_vocabulary(picky.undo_stack.command(0)._after.document.vocabulary)
    assert picky.line == TOO_HARD
    assert picky.line_tokens == ()


def test_sentences_stay_in_the_editor_and_the_run_as_it_is(picky: Session, qtbot: QtBot) -> None:
    panel = SentencesPanel(picky)
    qtbot.addWidget(panel)
    edit = panel.findChild(QPlainTextEdit, "sentencesEdit")
    rebuild = panel.findChild(QPushButton, "rebuildButton")
    assert edit is not None
    assert rebuild is not None
    before = picky.undo_stack.count()
    edit.selectAll()
    edit.insertPlainText(f"c c\n{TOO_HARD}")
    with qtbot.waitSignal(picky.problemRaised) as raised:
        panel.flush()
    assert isinstance(raised.args[0], TokenizerGaveUp)
    rebuild.click()
    picky.set_seed(7)  # a new run, which tells anew of the sentences that are trained on
    assert edit.toPlainText() == f"c c\n{TOO_HARD}"
    assert picky.text == "a c\nc a"
    assert picky.undo_stack.count() == before + 1  # the new run alone
    words = panel.findChild(QLabel, "sentencesWords")
    assert words is not None
    assert "cannot read this text" in words.text()
    edit.selectAll()
    edit.insertPlainText("c c")
    panel.flush()
    assert picky.text == "c c"
    assert "cannot read" not in words.text()
