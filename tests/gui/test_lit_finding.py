"""A finding that is lit: what is picked, which cells of a batch, and which tokens of the text."""

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit

from core.audit.finding import Finding, as_cells, as_rows
from core.audit.subject import StudiedBatch, Text
from gui.canvas.sentences_edit import SentencesEdit
from gui.lit_cells import lit_cells
from gui.lit_finding import LitFinding
from gui.padding_batch import Batch
from gui.panels.sentences import SentencesPanel
from tests.gui.text_session import TextSession

SENTENCES = ((3, 6, 5), (4, 7), (2,))  # numbers 4, 1 and none in the text
BATCH = Batch(SENTENCES, ("5", "2", "typed"), numbers=(4, 1, None))


def unknown(*cells: tuple[int, int]) -> Finding:
    """A finding about tokens of the text."""
    return Finding("unknown-share", "warning", as_rows(0), as_cells(*zip(*cells, strict=True)))


def in_batch(*cells: tuple[int, int]) -> Finding:
    """A finding about tokens of a batch under study."""
    cells = as_cells(*zip(*cells, strict=True))
    return Finding("id-out-of-range", "error", cells=cells, of_batch=True)


@pytest.fixture
def session(qapp) -> TextSession:
    return TextSession("you need to know\n\nhow 𝄞 to code\nto code")


@pytest.fixture
def lit(session) -> LitFinding:
    return session.findings.lit


# ── what is picked ────────────────────────────────────────────────────────────────────────────


def test_every_row_is_picked_the_one_that_matters_most_last(session, lit):
    lit.light(Finding("dead-rows", "note", as_rows(np.arange(5000))), None)
    assert len(session.selection) == 5000
    assert session.selection[-1] == 0
    assert lit.cell is None
    assert not lit.is_about_cells


def test_a_second_click_goes_to_the_next_cell_and_round(lit):
    seen = []
    for _ in range(4):
        lit.light(unknown((0, 1), (2, 0), (2, 3)), None)  # another look finds it anew
        seen.append(lit.cell)
    assert seen == [(0, 1), (2, 0), (2, 3), (0, 1)]
    lit.light(unknown((2, 0)), None)
    assert lit.cell == (2, 0)


def test_the_light_goes_out_with_another_choice_or_other_sentences(qtbot, session, lit):
    for other in (lambda: session.select([3]), lambda: session.set_text("to"), session.runStarted):
        lit.light(unknown((0, 1)), None)
        assert lit.finding is not None
        with qtbot.waitSignal(lit.changed):
            getattr(other, "emit", other)()
        assert lit.finding is None


# ── cells of a padded batch ───────────────────────────────────────────────────────────────────


def test_cells_are_found_by_their_sentence_whatever_its_line(lit):
    lit.light(unknown((1, 0), (3, 0), (4, 2)), None)
    right = lit_cells(lit, BATCH, "right", 5)
    assert right.cells == {(1, 0), (0, 2)}  # sentence 3 is not in the batch
    assert right.current == (1, 0)
    # Of 5 columns the words of sentence 1 have the last 2, those of sentence 4 the last 3.
    assert lit_cells(lit, BATCH, "left", 5).cells == {(1, 3), (0, 4)}


def test_a_cell_that_is_not_in_the_batch_is_not_the_current_one(lit):
    lit.light(unknown((3, 0), (4, 1)), None)
    assert lit_cells(lit, BATCH, "right", 3).current is None


def test_the_place_behind_a_sentence_is_its_first_pad_on_either_side(lit):
    lit.light(unknown((1, 2)), None)
    assert lit_cells(lit, BATCH, "right", 5).cells == {(1, 2)}  # words in columns 0 and 1
    assert lit_cells(lit, BATCH, "left", 5).cells == {(1, 2)}  # words in columns 3 and 4
    assert lit_cells(lit, BATCH, "right", 2).cells == {(1, 1)}  # no pad: the last word
    assert lit_cells(lit, BATCH, "left", 2).cells == {(1, 0)}


def test_what_was_found_in_a_batch_is_found_again_in_another_by_its_ids(lit):
    ids = np.array([2, 99, 4, 7], np.int64)  # [2, 99] and [4, 7]
    batch = StudiedBatch("mean", Text(ids, np.array([0, 2, 4])), 1)
    lit.light(in_batch((0, 1), (1, 1)), batch)
    assert lit_cells(lit, BATCH, "right", 3).cells == {(1, 1)}
    assert lit_cells(lit, BATCH, "right", 3).current is None  # [2, 99] is gone
    same = Batch(((2, 99), (4, 7)), ("1", "2"))
    assert lit_cells(lit, same, "right", 3).current == (0, 1)


# ── tokens in the editor ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def panel(qtbot, session) -> SentencesPanel:
    made = SentencesPanel(session)
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


@pytest.fixture
def edit(panel) -> SentencesEdit:
    return panel.findChild(SentencesEdit)


def marked(edit: SentencesEdit) -> list[str]:
    marks = edit.extraSelections()
    return [mark.cursor.selectedText() for mark in marks]


def test_tokens_are_marked_where_they_stand(lit, edit):
    # The blank line is no sentence; the sign in sentence 1 is two units of what Qt counts.
    lit.light(unknown((0, 1), (1, 1), (1, 3)), None)
    assert marked(edit) == ["need", "𝄞", "code"]
    marks = edit.extraSelections()
    first, second, _ = (mark.format.background().color() for mark in marks)
    assert first != second  # the one that is looked at
    lit.put_out()
    assert marked(edit) == []


def test_pads_are_behind_a_whole_sentence(lit, edit):
    lit.light(unknown((2, 2)), None)
    assert marked(edit) == ["to code"]


def test_labels_are_not_tokens(session, lit, edit):
    session.set_text("good\tyou need\nbad\t  to code")
    lit.light(unknown((0, 1), (1, 0)), None)
    assert marked(edit) == ["need", "to"]


def test_nothing_is_marked_for_a_batch_of_its_own_or_once_one_types(lit, edit):
    lit.light(in_batch((0, 1)), None)
    assert marked(edit) == []
    lit.light(unknown((0, 1)), None)
    QTest.keyClicks(edit, "x")
    assert marked(edit) == []


def test_what_is_out_of_sight_is_marked_when_it_comes_into_sight(qtbot, session, lit, edit):
    session.set_text("\n".join(["you need"] * 500))
    lit.light(unknown(*((number, 1) for number in range(500))), None)
    assert 0 < len(marked(edit)) < 60
    edit.verticalScrollBar().setValue(250)
    qtbot.waitUntil(lambda: _first_line(edit) == 250)
    far = unknown((499, 0))
    lit.light(far, None)
    qtbot.waitUntil(lambda: marked(edit) == ["you"])
    assert edit.verticalScrollBar().value() > 450


def _first_line(edit: QTextEdit) -> int:
    marks = edit.extraSelections()
    return marks[0].cursor.blockNumber()
