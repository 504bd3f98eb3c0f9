"""The sentences: typing reaches the session, the session's text is shown, all is counted."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QUndoCommand
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core.corpus import parse_sentences
from core.vocabulary import Vocabulary
from gui.canvas.excerpt import EDITABLE_LINE, EDITABLE_TEXT, excerpt_of
from gui.canvas.sentences_edit import SentencesEdit, difference
from gui.panels.sentences import SentencesPanel
from tests.gui.text_session import ARTICLE, TextSession

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session() -> TextSession:
    return TextSession()


@pytest.fixture
def panel(qtbot: QtBot, session: TextSession) -> SentencesPanel:
    return shown_panel(qtbot, session)


def shown_panel(qtbot: QtBot, session: TextSession) -> SentencesPanel:
    panel = SentencesPanel(session)
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    panel.show()
    return panel


def edit_of(panel: SentencesPanel) -> SentencesEdit:
    edit = panel.findChild(SentencesEdit, "sentencesEdit")
    assert edit is not None
    return edit


def note_of(panel: SentencesPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return "" if label.isHidden() else label.text()


def sent(session: TextSession) -> list[object]:
    return [what for name, what in session.calls if name == "set_text"]


# ── from the editor to the session ────────────────────────────────────────────────────────────


def test_an_edit_is_sent_once_after_a_pause(
    qtbot: QtBot, panel: SentencesPanel, session: TextSession
) -> None:
    edit = edit_of(panel)
    QTest.keyClicks(edit, "a b")
    assert sent(session) == []
    with qtbot.waitSignal(session.sentencesChanged):
        pass
    assert sent(session) == [f"a b{ARTICLE}"]


def test_an_edit_is_sent_at_once_when_asked(panel: SentencesPanel, session: TextSession) -> None:
    QTest.keyClicks(edit_of(panel), "x")
    panel.flush()
    panel.flush()
    assert sent(session) == [f"x{ARTICLE}"]


def test_an_edit_is_sent_when_the_editor_is_left(
    panel: SentencesPanel, session: TextSession
) -> None:
    edit = edit_of(panel)
    QTest.keyClicks(edit, "x")
    edit.left.emit()
    assert sent(session) == [f"x{ARTICLE}"]


def test_typing_moves_nothing_under_the_cursor(panel: SentencesPanel) -> None:
    edit = edit_of(panel)
    for text in ("a", "b", "c"):
        QTest.keyClicks(edit, text)
        panel.flush()  # the session's answer must not put the cursor elsewhere
    assert edit.text() == f"abc{ARTICLE}"
    assert edit.textCursor().position() == 3


def test_hard_spaces_and_foreign_scripts_survive_an_edit(
    panel: SentencesPanel, session: TextSession
) -> None:
    text = "a\u00a0b 안녕 🙂\n\tשבת  e\u0301"
    session.set_text(text)
    edit = edit_of(panel)
    edit.moveCursor(edit.textCursor().MoveOperation.End)
    QTest.keyClicks(edit, "!")
    panel.flush()
    assert sent(session)[-1] == f"{text}!"


def test_tab_passes_through_and_goes_into_what_is_written(
    panel: SentencesPanel, session: TextSession
) -> None:
    edit = edit_of(panel)
    edit.clearFocus()
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    assert edit.tabChangesFocus()
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert edit.tabChangesFocus()
    QTest.keyClicks(edit, "good")
    assert not edit.tabChangesFocus()
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    QTest.keyClicks(edit, "to know")
    panel.flush()
    assert sent(session) == ["good\tto know"]


def test_tab_goes_into_a_text_that_was_clicked_on(panel: SentencesPanel) -> None:
    edit = edit_of(panel)
    edit.clearFocus()
    edit.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.mouseClick(edit.viewport(), Qt.MouseButton.LeftButton)
    assert not edit.tabChangesFocus()


def test_shift_enter_begins_a_new_sentence(panel: SentencesPanel, session: TextSession) -> None:
    QTest.keyClicks(edit_of(panel), "a")
    QTest.keyClick(edit_of(panel), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    panel.flush()
    assert sent(session) == [f"a\n{ARTICLE}"]


# ── from the session to the editor ────────────────────────────────────────────────────────────


def test_what_others_set_is_shown_and_not_sent_back(
    panel: SentencesPanel, session: TextSession
) -> None:
    session.set_text("one\ntwo")
    panel.flush()
    assert edit_of(panel).text() == "one\ntwo"
    assert sent(session) == ["one\ntwo"]


def test_the_cursor_stands_at_what_changed(panel: SentencesPanel, session: TextSession) -> None:
    lines = [f"line {number}" for number in range(200)]
    session.set_text("\n".join(lines))
    assert edit_of(panel).textCursor().position() == 0
    lines[150] = "another 150"
    session.set_text("\n".join(lines))
    assert edit_of(panel).textCursor().blockNumber() == 150


def test_another_text_is_shown_from_its_top(panel: SentencesPanel, session: TextSession) -> None:
    # Both begin with "you need to", which is less than half of the first.
    session.set_text("you need to know how to code")
    session.set_text("you need to see\n" + "\n".join(100 * ["and see again"]))
    assert edit_of(panel).textCursor().position() == 0
    assert edit_of(panel).verticalScrollBar().value() == 0


def test_undo_sends_what_is_typed_first_and_then_undoes_it(
    panel: SentencesPanel, session: TextSession
) -> None:
    class SetText(QUndoCommand):
        def undo(self) -> None:
            session.set_text(ARTICLE)

    edit = edit_of(panel)
    session.sentencesChanged.connect(
        lambda: session.text == ARTICLE or session.undo_stack.push(SetText("edit"))
    )
    QTest.keyClicks(edit, "x")
    QTest.keyClick(edit, Qt.Key.Key_Z, CONTROL)
    assert sent(session) == [f"x{ARTICLE}", ARTICLE]
    assert edit.text() == ARTICLE


@given(st.text(), st.text(), st.text(), st.text())
def test_the_difference_of_two_texts_makes_one_of_the_other(
    start: str, old: str, new: str, end: str
) -> None:
    before, after = start + old + end, start + new + end
    prefix, gone, middle = difference(before, after)
    units = before.encode("utf-16-le", "surrogatepass")
    built = units[: 2 * prefix] + middle.encode("utf-16-le") + units[2 * (prefix + gone) :]
    assert built.decode("utf-16-le") == after


def test_the_difference_never_cuts_a_character_in_two() -> None:
    # 🙂 is D83D DE42 and 🙁 is D83D DE41: the first half is the same.
    assert difference("a🙂b", "a🙁b") == (1, 2, "🙁")


# ── what is told ──────────────────────────────────────────────────────────────────────────────


def test_the_article_is_counted(panel: SentencesPanel) -> None:
    assert note_of(panel, "sentencesCounts") == "6 words, 7 tokens, 1 sentence"


def test_no_text_is_counted_too(panel: SentencesPanel, session: TextSession) -> None:
    session.set_text("")
    assert note_of(panel, "sentencesCounts") == "0 words, 0 tokens, 0 sentences"


def test_vanished_words_are_named_and_can_be_cleared(
    panel: SentencesPanel, session: TextSession
) -> None:
    button = panel.findChild(QPushButton, "rebuildButton")
    assert button is not None
    assert button.isHidden()
    session.set_text("you need code to run")
    # 5 words, of which "run" is new; "know" (4) and "how" (7) are gone.
    assert note_of(panel, "sentencesCounts") == "5 words, 5 tokens, 1 sentence"
    assert "No longer used: know, how." in note_of(panel, "sentencesWords")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ("rebuild_vocabulary", None) in session.calls


def test_many_vanished_words_are_counted(qtbot: QtBot) -> None:
    session = TextSession(" ".join(f"w{number}" for number in range(12)))
    session.vocabulary = Vocabulary.build([session.text])
    panel = shown_panel(qtbot, session)
    session.set_text("w0")
    assert "w1, w2, w3, w4, w5 and 6 more" in note_of(panel, "sentencesWords")


def test_unknown_tokens_are_counted(qtbot: QtBot) -> None:
    session = TextSession("you see it run")
    panel = shown_panel(qtbot, session)  # the article's words hold only "you"
    assert note_of(panel, "sentencesCounts") == "1 word, 4 tokens, 1 sentence"
    assert note_of(panel, "sentencesWords").startswith("3 tokens are not in the vocabulary")


def test_a_line_without_a_label_is_named_where_the_first_has_one(qtbot: QtBot) -> None:
    session = TextSession("ask\tyou need\n\nhow to code\ntell\tcode")
    panel = shown_panel(qtbot, session)
    assert "Line 3 has no label" in note_of(panel, "sentencesWords")
    session.set_text("ask\tyou need\n\ntell\thow to code\ntell\tcode")
    assert "label" not in note_of(panel, "sentencesWords")
    session.set_text("\nyou need\nhow to code")
    assert "label" not in note_of(panel, "sentencesWords")


def test_the_file_is_named(panel: SentencesPanel, session: TextSession) -> None:
    session.text_source = Path("/somewhere/poem.txt")
    session.set_text("a poem")
    assert note_of(panel, "sentencesSource") == "poem.txt"


# ── large texts ───────────────────────────────────────────────────────────────────────────────


def test_of_many_sentences_the_first_are_shown_and_all_are_counted(qtbot: QtBot) -> None:
    session = TextSession("")
    text = "\n".join(f"g\tsentence number {number:,} of them" for number in range(40_000))
    session.text, session.corpus = text, parse_sentences(text)
    panel = shown_panel(qtbot, session)
    edit = edit_of(panel)
    assert edit.isReadOnly()
    assert edit.blockCount() == 2_000
    assert edit.text().endswith("g\tsentence number 1,999 of them")
    assert "The first 2,000 of 40,000 sentences" in note_of(panel, "sentencesExcerpt")
    QTest.keyClicks(edit, "x")
    panel.flush()
    assert sent(session) == []
    session.set_text("small")
    assert not edit.isReadOnly()
    assert note_of(panel, "sentencesExcerpt") == ""


def test_of_an_endless_sentence_the_beginning_is_shown() -> None:
    text = "x " * EDITABLE_LINE
    excerpt = excerpt_of(text, parse_sentences(text))
    assert excerpt is not None
    assert (len(excerpt.text), excerpt.sentences) == (EDITABLE_LINE, 0)


def test_what_is_just_small_enough_is_editable() -> None:
    line = "x" * 9_999
    text = "\n".join([line] * (EDITABLE_TEXT // 10_000))
    assert excerpt_of(text, parse_sentences(text)) is None


def test_files_are_left_to_the_window(panel: SentencesPanel) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/poem.txt")])
    data.setText("/somewhere/poem.txt")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    edit_of(panel).dragEnterEvent(event)
    assert not event.isAccepted()
