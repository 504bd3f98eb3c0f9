"""What comes back with a project besides its run: tokenizers, and how it was looked at."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.formats.opened_table import Choice
from core.maps.settings import MapSettings
from core.problems import ViewUnreadable
from gui import maps
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


def test_space_is_looked_at_as_before(desk, another, qtbot):
    session, again = desk.session, another.session
    session.set_axes("held")
    step_to(qtbot, session, 5)
    session.chosen_axes.show_components((2, 1, 3))
    wait(qtbot, lambda: session.shown.projected.numbers == (2, 1))
    step_to(qtbot, session, 8)
    session.colouring.set_cluster_count(3)
    session.colouring.choose("clusters")
    session.layers.set_path(True)
    session.layers.set_labels(7)
    session.search.set_mode("regex")
    session.search.look_for("o.e")
    another.open(desk.save())
    projected = session.shown.projected
    assert (projected.policy, projected.since) == ("held", 5)
    wait(qtbot, lambda: np.array_equal(again.shown.projected.basis, projected.basis))
    assert np.array_equal(again.shown.projected.points, projected.points)
    assert (again.shown.projected.since, again.shown.projected.exact) == (5, projected.exact)
    names = [[axis.number for axis in each.axes] for each in (again.shown.projected, projected)]
    assert names[0] == names[1]
    assert again.chosen_axes.numbers == (2, 1, 3)
    assert (again.colouring.choice, again.colouring.cluster_count) == ("clusters", 3)
    assert (again.layers.path, again.layers.mean, again.layers.labels) == (True, False, 7)
    assert (again.search.mode, again.search.text) == ("regex", "o.e")


def test_axes_that_follow_go_on_from_where_they_were(desk, another, qtbot):
    session, again = desk.session, another.session
    step_to(qtbot, session, 400)  # on the way the axes have turned, as they were never found anew
    session.set_dimensions(3)
    session.set_dimensions(2)
    another.open(desk.save())
    was = session.shown.projected
    wait(qtbot, lambda: np.allclose(again.shown.projected.basis, was.basis, atol=1e-6))


def test_a_map_is_shown_as_it_was_and_not_made_again(desk, another, qtbot):
    session, again = desk.session, another.session
    session.maps.set_settings(MapSettings(neighbours=3, iterations=60))
    session.maps.choose("tsne")
    wait(qtbot, lambda: session.maps.current is not None and session.maps.making is None)
    was = session.maps.current
    step_to(qtbot, session, 2)
    another.open(desk.save())
    assert again.maps.method == "tsne"
    assert again.maps.settings == MapSettings(neighbours=3, iterations=60)
    now = again.maps.current
    assert np.array_equal(now.points, was.points, equal_nan=True)
    assert (now.step, now.ids.tolist(), now.trust) == (0, was.ids.tolist(), was.trust)
    assert (now.scale, now.complete, now.left_out) == (was.scale, was.complete, was.left_out)
    assert again.maps.making is None
    assert again.maps.process_id() == 0
    again.maps.go_on()
    wait(qtbot, lambda: again.maps.making is None and again.maps.current.step == 2)


def test_a_umap_map_is_shown_where_umap_is_missing(desk, another, qtbot, monkeypatch):
    session, again = desk.session, another.session
    session.maps.set_settings(MapSettings(neighbours=3, iterations=60))
    session.maps.choose("tsne")
    wait(qtbot, lambda: session.maps.current is not None and session.maps.making is None)
    kept = replace(session.maps.current, settings=MapSettings("umap"))
    session.maps.show_again("umap", [], [kept], 2)
    path = desk.save()
    monkeypatch.setattr(maps, "is_installed", lambda method: method != "umap")
    told = []
    for problems in (another.projects.problemRaised, again.problemRaised):
        problems.connect(told.append)
    another.open(path)
    assert np.array_equal(again.maps.current.points, kept.points, equal_nan=True)
    again.set_dimensions(3)  # of which no map was kept
    wait(qtbot, lambda: again.maps.dimensions == 3)
    step_to(qtbot, again, 1)
    assert again.maps.making is None
    assert again.maps.process_id() == 0
    assert told == []


def test_of_a_map_the_rows_that_were_removed_since_are_left_out(desk, another, qtbot):
    session, again = desk.session, another.session
    rows = len(session.vocabulary)
    session.set_text(session.text + "\nzebra zebra\n")
    wait(qtbot, lambda: len(session.shown.rows) == rows + 1)
    session.maps.set_settings(MapSettings(neighbours=3, iterations=60))
    session.maps.choose("tsne")
    wait(qtbot, lambda: session.maps.current is not None and session.maps.making is None)
    session.undo_stack.undo()
    wait(qtbot, lambda: len(session.shown.rows) == rows)
    assert rows in session.maps.current.ids
    another.open(desk.save())
    shown = session.maps.points()
    assert np.array_equal(again.maps.current.points, shown, equal_nan=True)
    assert again.maps.method == "tsne"


def test_a_view_that_cannot_be_read_is_told_of_and_costs_nothing_else(desk, another, qtbot):
    session, again = desk.session, another.session
    session.set_cell(3, 1, -2.0)
    step_to(qtbot, session, 3)
    path = desk.save()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    told = json.loads(parts["project.json"])
    told["view"]["axes"] = "blue"
    parts["project.json"] = json.dumps(told).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with qtbot.waitSignal(another.projects.problemRaised) as raised:
        another.open(path)
    assert isinstance(raised.args[0], ViewUnreadable)
    assert raised.args[0].path == str(path)
    assert np.array_equal(again.shown.rows, session.shown.rows)
    assert again.selection  # no panel is empty
