"""What comes back with a project besides its run: tokenizers, and how it was looked at."""

import json
from pathlib import Path

import numpy as np

from core.formats.opened_table import Choice
from gui.projects import Wish
from gui.read_table import Wanted, load_table
from tests.gui.sessions import session, step_to, wait
from tests.gui.table_files import table_file
from tests.gui.test_projects import Desk, another, desk

__all__ = ["another", "desk", "session"]


def tokenizer_in(folder: Path) -> Path:
    path = folder / "tokenizer.json"
    ids = {"[UNK]": 0, "[PAD]": 1, "play": 2, "##ing": 3, "to": 4}
    model = {"type": "WordPiece", "vocab": ids, "unk_token": "[UNK]"}
    model |= {"continuing_subword_prefix": "##", "max_input_chars_per_word": 100}
    splitter = {"type": "Whitespace"}
    path.write_text(json.dumps({"version": "1.0", "model": model, "pre_tokenizer": splitter}))
    return path


def open_table(desk: Desk, folder: Path) -> None:
    """A table whose tokens are those of a tokenizer, with sentences."""
    wanted = Wanted(Choice(tokens=tokenizer_in(folder)), text="playing to play\nto playing\n")
    path = table_file(folder, ".npy", tokens=None)
    read = load_table(path, wanted, folder, lambda _done, _total: True)
    desk.session.show_document(read)
    wait(desk.qtbot, lambda: desk.session._live.is_shown and len(desk.session.vocabulary) == 6)


def test_a_tokenizers_session_goes_on_to_the_same_bits(desk, another, qtbot, tmp_path):
    open_table(desk, tmp_path)
    session, again = desk.session, another.session
    step_to(qtbot, session, 3)
    session.set_text("play to\nplaying\nto to play\n")
    step_to(qtbot, session, 5)
    session.set_line("playing")
    another.open(desk.save())
    assert again.vocabulary.encode("playing cat") == session.vocabulary.encode("playing cat")
    assert [token.id for token in again.line_tokens] == [2, 3]
    for each in (session, again):
        each.set_text("to playing\nplay\n")
        step_to(qtbot, each, 9)
    assert np.array_equal(again.shown.rows, session.shown.rows)
    again.rebuild_vocabulary()
    assert again.vocabulary.tokens == session.vocabulary.tokens


def test_it_is_in_what_is_kept_for_a_crash(desk, another, qtbot, tmp_path):
    open_table(desk, tmp_path)
    kept = tmp_path / "kept.embedscope"
    with qtbot.waitSignal(desk.projects.settled):
        desk.projects.write(Wish(kept, own=True))
    another.open(kept)
    assert [token.id for token in another.session.vocabulary.encode("playing")] == [2, 3]
