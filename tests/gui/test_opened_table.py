"""An opened table in a real session: shown to the bit, trained or frozen, and saved again."""

from functools import partial

import numpy as np
import pytest

from core.formats import registry
from core.given_rows import LARGEST_SENT
from core.problems import RowsChanged, UnknownEnding
from gui.background import Background
from gui.read_table import Wanted, load_table
from gui.save_table import TableSaver
from gui.session import State
from gui.settings import Settings
from tests.gui.sessions import session, step_to, wait
from tests.gui.table_files import ROWS, TOKENS, table_file

__all__ = ["session"]

SENTENCES = "you need to know\nknow you need\n"


@pytest.fixture
def saving(qapp, session, tmp_path):
    background = Background()

    def made(path):
        saver = TableSaver(session, background, Settings(), None, lambda *_: path)
        saver.heard = []
        for signal in (saver.told, saver.problemRaised, saver.errorRaised, saver.refused):
            signal.connect(saver.heard.append)
        return saver

    yield made
    background.close()


def show(qtbot, session, path, **wanted):
    """Open `path` as the window does, and wait until it is shown."""
    folder = session.history.keyframes.parent
    before = session.history
    work = partial(load_table, path, Wanted(**wanted), folder)
    session.show_document(work(lambda _done, _total: True))
    wait(qtbot, lambda: session.history is not before and session._live.is_shown)
    wait(qtbot, lambda: session.state is State.PAUSED)


@pytest.mark.parametrize("ending", [".vec", ".bin", ".npy", ".safetensors", ".csv"])
def test_the_rows_of_the_file_are_on_screen(qtbot, session, tmp_path, ending):
    show(qtbot, session, table_file(tmp_path, ending), text=SENTENCES)
    assert np.array_equal(session.shown.rows, ROWS)
    assert tuple(session.vocabulary.tokens) == TOKENS
    assert session.line == "you need to know"


def test_training_leaves_the_file_alone_and_undo_goes_back(qtbot, session, tmp_path):
    path = table_file(tmp_path, ".npy", ROWS.astype(np.float64))
    before = path.read_bytes()
    show(qtbot, session, path, text=SENTENCES)
    assert session.shown.rows.dtype == np.float64
    step_to(qtbot, session, 5)
    assert not np.array_equal(session.shown.rows, ROWS)
    assert path.read_bytes() == before
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.shown.rows) == 8)  # the article's
    session.undo_stack.redo()
    wait(qtbot, lambda: session.shown.step == 5 and len(session.shown.rows) == 6)


def test_frozen_rows_stay_and_what_stands_over_them_learns(qtbot, session, tmp_path):
    show(qtbot, session, table_file(tmp_path, ".vec"), text=SENTENCES, frozen=True)
    step_to(qtbot, session, 20)
    assert np.array_equal(session.shown.rows, ROWS)
    assert len(session.shown.touched_ids) == len(session.shown.moved_ids) == 0
    assert len(session.losses.losses) == 20


def test_a_table_that_is_too_large_for_a_message_is_shown_and_reset(qtbot, session, tmp_path):
    rows = np.random.default_rng(0).normal(size=(LARGEST_SENT // 32, 16)).astype(np.float32)
    path = table_file(tmp_path, ".npy", rows, None)
    show(qtbot, session, path, text="1 2 3\n4 5 6\n")
    assert np.array_equal(session.shown.rows[: len(rows)], rows)
    step_to(qtbot, session, 2)
    # Another file takes its name: the run goes on with what it began with.
    table_file(tmp_path, ".npy", rows + 1, None)
    session.reset()
    wait(qtbot, lambda: session.shown.step == 0 and session._live.is_shown)
    assert np.array_equal(session.shown.rows[: len(rows)], rows)
    assert session.history.values_file.path != str(path)


def test_rows_that_were_written_over_are_refused_in_words(qtbot, session, tmp_path):
    rows = np.ones((LARGEST_SENT // 32, 16), np.float32)
    path = table_file(tmp_path, ".npy", rows, None)
    show(qtbot, session, path, text="1 2 3\n4 5 6\n")
    step_to(qtbot, session, 1)
    with path.open("r+b") as file:
        file.seek(1000)
        file.write(b"12345")
        file.truncate(path.stat().st_size)
    with qtbot.waitSignal(session.problemRaised) as raised:
        session.set_seed(5)
    assert raised.args == [RowsChanged(str(path))]
    assert len(session.shown.rows) > len(rows)


def test_the_table_on_screen_is_saved_to_the_bit(qtbot, session, saving, tmp_path):
    show(qtbot, session, table_file(tmp_path, ".vec"), text=SENTENCES)
    step_to(qtbot, session, 3)
    path = tmp_path / "saved.bin"
    saver = saving(path)
    saver.save()
    wait(qtbot, lambda: bool(saver.heard))
    assert saver.heard == ["Saved saved.bin."]
    saved = registry.read(path)
    assert np.array_equal(saved.rows, session.shown.rows)
    assert tuple(saved.tokens) == TOKENS


def test_precision_that_a_format_lacks_is_told_of(qtbot, session, saving, tmp_path):
    show(qtbot, session, table_file(tmp_path, ".npy", ROWS.astype(np.float64)), text=SENTENCES)
    saver = saving(tmp_path / "saved.bin")
    saver.save()
    wait(qtbot, lambda: bool(saver.heard))
    assert saver.heard == ["Saved saved.bin, its numbers as float32: this format has no float64."]


def test_the_picked_rows_alone_can_be_saved(qtbot, session, saving, tmp_path):
    show(qtbot, session, table_file(tmp_path, ".vec"), text=SENTENCES)
    session.select([5, 1])
    saver = saving(tmp_path / "picked.safetensors")
    saver.save()
    saver._some.click()
    wait(qtbot, lambda: bool(saver.heard))
    saved = registry.read(tmp_path / "picked.safetensors")
    assert np.array_equal(saved.rows, ROWS[[1, 5]])
    assert list(saved.tokens) == ["<pad>", "know"]
    assert saved.padding_idx == 0


def test_a_name_that_says_no_format_is_refused(qtbot, session, saving, tmp_path):
    saver = saving(tmp_path / "table.xyz")
    saver.save()
    assert isinstance(saver.heard[0], UnknownEnding)
    assert not (tmp_path / "table.xyz").exists()
