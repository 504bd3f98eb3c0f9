"""Opening tables: told from texts by their content, asked about, and refused in a sentence."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialogButtonBox, QLabel, QLineEdit, QSpinBox
from safetensors.numpy import save_file

from core.problems import BrokenTable, UnknownFormat
from gui.background import Background
from gui.canvas.first_rows import FirstRows
from gui.opening import Opener
from gui.table_preview import holds_table
from tests.gui.table_files import ROWS, TOKENS, table_file
from tests.gui.window_session import WindowSession


@pytest.fixture
def session(qapp, tmp_path):
    made = WindowSession()
    made.text = "you know\n"
    made.history = SimpleNamespace(keyframes=tmp_path / "session" / "run-1")
    return made


@pytest.fixture
def opener(session):
    background = Background()
    made = Opener(session, background)
    yield made
    made.tables._close_dialog()
    background.close()


def ask(qtbot, opener, path):
    """The dialog about `path`."""
    opener.open(path)
    qtbot.waitUntil(lambda: opener.tables.dialog is not None)
    return opener.tables.dialog


def press(dialog, button):
    dialog.findChild(QDialogButtonBox).button(button).click()


def read(qtbot, session, dialog):
    press(dialog, QDialogButtonBox.StandardButton.Open)
    qtbot.waitUntil(lambda: bool(session.calls))
    ((name, found),) = session.calls
    assert name == "show_document"
    return found


def box(dialog, name):
    return dialog.findChild(QComboBox, name)


# ── what is a table ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", [".vec", ".bin", ".npy", ".safetensors", ".csv"])
def test_a_table_is_told_by_its_content(tmp_path, ending):
    path = table_file(tmp_path, ending)
    assert holds_table(path)
    assert holds_table(path.rename(tmp_path / "no-ending"))


@pytest.mark.parametrize(
    "text",
    [
        "you need to know\nhow to code\n",
        "good\tI like it\nbad\tI do not\n",
        "One, two, three\nfour, five\n",
        "There were 3 4\nof them\n",
        "3 4\nis how it begins\n",
        "",
        "word\n",
    ],
)
def test_sentences_are_no_table(tmp_path, text):
    path = tmp_path / "text.txt"
    path.write_text(text, "utf-8")
    assert not holds_table(path)


def test_a_file_that_is_not_there_is_no_table(tmp_path):
    assert not holds_table(tmp_path / "gone")


# ── what is asked ─────────────────────────────────────────────────────────────────────────────


def test_the_first_rows_are_shown_as_they_are(qtbot, session, opener, tmp_path):
    dialog = ask(qtbot, opener, table_file(tmp_path, ".vec"))
    rows = dialog.findChild(FirstRows)
    assert [rows.item(row, 0).text() for row in range(rows.rowCount())] == list(TOKENS)
    assert rows.item(1, 2).text() == "0.625"
    about = dialog.findChild(QLabel, "importAbout").text()
    assert about == "table.vec: word2vec text, 6 rows of 4 numbers, float32"
    assert box(dialog, "importUnk").currentText() == "Row 0, <unk>: recognised"
    assert session.calls == []


def test_it_is_opened_as_it_was_recognised(qtbot, session, opener, tmp_path):
    path = table_file(tmp_path, ".npy", ROWS.astype(np.float64))
    told = []
    for signal in (opener.opened, opener.told):
        signal.connect(told.append)
    found = read(qtbot, session, ask(qtbot, opener, path))
    assert np.array_equal(found.rows, ROWS)
    assert found.config.table.dtype == "float64"
    assert found.document.text == "you know\n"
    assert told == ["table.npy: 6 rows of 4 numbers, float64.", path]
    assert opener.tables.dialog is None


def test_what_is_chosen_counts(qtbot, session, opener, tmp_path):
    dialog = ask(qtbot, opener, table_file(tmp_path, ".vec"))
    box(dialog, "importUnk").setCurrentIndex(1)
    dialog.findChild(QSpinBox, "importUnkRow").setValue(3)
    box(dialog, "importPad").setCurrentIndex(2)
    box(dialog, "importFrozen").setCurrentIndex(1)
    box(dialog, "importSentences").setCurrentIndex(1)
    found = read(qtbot, session, dialog)
    assert found.document.vocabulary.unk_id == 3
    assert found.document.vocabulary.pad_id == 6
    assert found.config.table.frozen
    assert found.document.text == ""


def test_of_several_tables_the_largest_is_proposed_and_another_can_be_chosen(
    qtbot, session, opener, tmp_path
):
    path = tmp_path / "model.safetensors"
    small = ROWS[:2].astype(np.float16)
    save_file({"a": small, "b": ROWS, "bias": ROWS[0]}, path)
    dialog = ask(qtbot, opener, path)
    tables = box(dialog, "importTensor")
    named = [tables.itemText(number).split() for number in range(tables.count())]
    assert sorted(named) == [["a", "2", "×", "4", "float16"], ["b", "6", "×", "4", "float32"]]
    assert tables.currentData() == "b"
    tables.setCurrentIndex(tables.findData("a"))
    tables.activated.emit(tables.currentIndex())
    about = dialog.findChild(QLabel, "importAbout")
    qtbot.waitUntil(lambda: "2 rows of 4 numbers, float16" in about.text())
    assert np.array_equal(read(qtbot, session, dialog).rows, small)


def test_tokens_can_be_taken_from_another_file(qtbot, session, opener, tmp_path):
    dialog = ask(qtbot, opener, table_file(tmp_path, ".npy", tokens=None))
    assert dialog.findChild(QLabel, "importTokensFrom").text().startswith("none in the file")
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("\n".join(TOKENS) + "\n", "utf-8")
    dialog.take_tokens(vocab)
    qtbot.waitUntil(lambda: dialog.findChild(QLabel, "importTokensFrom").text() == "from vocab.txt")
    assert dialog.findChild(FirstRows).item(2, 0).text() == "you"
    assert tuple(read(qtbot, session, dialog).document.vocabulary.tokens) == TOKENS


def test_a_column_can_be_named(qtbot, session, opener, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("x,number,y\n1,7,2\n3,8,4\n", "utf-8")
    opener.tables.open(path)
    qtbot.waitUntil(lambda: opener.tables.dialog is not None)
    dialog = opener.tables.dialog
    column = dialog.findChild(QLineEdit, "importColumn")
    problem = dialog.findChild(QLabel, "importProblem")
    column.setText("nothing")
    column.editingFinished.emit()
    qtbot.waitUntil(lambda: "there is no “nothing”" in problem.text())
    assert not dialog.findChild(QDialogButtonBox).buttons()[0].isEnabled()
    column.setText("number")
    column.editingFinished.emit()
    qtbot.waitUntil(lambda: problem.text() == "")
    found = read(qtbot, session, dialog)
    assert found.rows.tolist() == [[1, 2], [3, 4]]
    assert tuple(found.document.vocabulary.tokens[:2]) == ("7", "8")


def test_where_a_token_comes_twice_the_dialog_says_so_and_can_be_answered(
    qtbot, session, opener, tmp_path
):
    path = tmp_path / "twice.vec"
    path.write_text("3 2\na 1 2\nb 3 4\na 5 6\n", "utf-8")
    dialog = ask(qtbot, opener, path)
    press(dialog, QDialogButtonBox.StandardButton.Open)
    problem = dialog.findChild(QLabel, "importProblem")
    qtbot.waitUntil(lambda: "are both called “a”" in problem.text())
    assert dialog.isVisible()
    assert session.calls == []
    dialog.findChild(QCheckBox, "importFirstOnly").click()
    assert read(qtbot, session, dialog).rows.tolist() == [[1, 2], [3, 4]]


def test_given_up_nothing_happens(qtbot, session, opener, tmp_path):
    dialog = ask(qtbot, opener, table_file(tmp_path, ".vec"))
    press(dialog, QDialogButtonBox.StandardButton.Cancel)
    assert opener.tables.dialog is None
    assert session.calls == []


def test_everything_has_a_name_for_a_screen_reader(qtbot, opener, tmp_path):
    dialog = ask(qtbot, opener, table_file(tmp_path, ".vec"))
    for kind in (QComboBox, QSpinBox, QLineEdit, QCheckBox, FirstRows):
        for field in dialog.findChildren(kind):
            if field.objectName() != "qt_spinbox_lineedit":
                assert field.objectName()
                assert field.accessibleName() or field.text(), field.objectName()


# ── what is refused ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"3 4\na 1 2 3 4\nb 1 2\nc 1 2 3 4\n", BrokenTable),
        (b"\x00\x01\x02" * 100, UnknownFormat),
    ],
)
def test_a_bad_file_is_a_problem_and_changes_nothing(
    qtbot, session, opener, tmp_path, content, kind
):
    path: Path = tmp_path / "bad"
    path.write_bytes(content)
    with qtbot.waitSignal(opener.problemRaised) as raised:
        opener.tables.open(path)
    assert isinstance(raised.args[0], kind)
    assert raised.args[0].path == str(path)
    assert session.calls == []
    assert opener.tables.dialog is None
