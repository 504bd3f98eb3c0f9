"""A project comes back as it was saved, and training goes on from it to the same bits."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.machine import Machine
from core.messages import Array, Event, SetRow
from core.problems import FileUnreadable, ProblemError
from core.progress import Cancelled
from core.project import early_flush
from core.project.archive import is_project
from core.project.contents import KeptState, Project
from core.project.opening import read_project
from core.project.saving import write_project
from core.project.states import states_in, within
from tests.core.edits import set_row
from tests.core.project.projects import project, text_of, trained, trainer_of, with_run

pytestmark = pytest.mark.usefixtures("one_thread")

GO_ON = """
import sys
from pathlib import Path
import torch
from core.project.opening import read_project
from tests.core.project.projects import trained, trainer_of

torch.set_num_threads(1)
read = read_project(Path(sys.argv[1]), Path(sys.argv[2]))
trainer = trainer_of(read)
trained(trainer, (), int(sys.argv[3]))
sys.stdout.buffer.write(trainer.table.weight.detach().numpy().tobytes())
"""


def same(one: Project, other: Project) -> None:
    for a, b in zip(one.texts, other.texts, strict=True):
        assert (a.text, a.source, a.encoded) == (b.text, b.source, b.encoded)
        assert tuple(a.vocabulary.tokens) == tuple(b.vocabulary.tokens)
        assert a.vocabulary.vanished.tolist() == b.vocabulary.vanished.tolist()
        assert a.vocabulary.counts.tolist() == b.vocabulary.counts.tolist()
    for run, again in zip(one.runs, other.runs, strict=True):
        assert repr(run.events) == repr(again.events)  # NaN is not equal to itself
        np.testing.assert_array_equal(run.losses, again.losses)
        for field in (
            "config",
            "text",
            "step",
            "marks",
            "line",
            "scenario",
            "name",
            "begins",
            "hashes",
        ):
            assert getattr(run, field) == getattr(again, field)
        for state, kept in zip(run.states, again.states, strict=True):
            assert (state.step, state.events) == (kept.step, kept.events)
            assert state.path.read_bytes() == kept.path.read_bytes()
    assert (one.lists, one.looked.view, one.machine) == (
        other.lists,
        other.looked.view,
        other.machine,
    )
    assert other.view_lost == ""


def test_a_project_comes_back_as_it_was(tmp_path):
    made = project(tmp_path / "run")
    path = tmp_path / "animals.embedscope"
    told = []
    write_project(path, made, lambda done, total: told.append((done, total)) is None)
    assert told[-1][0] == told[-1][1]
    assert is_project(path)
    read = read_project(path, tmp_path / "opened")
    same(made, read)
    assert read.texts[1].vocabulary.vanished.tolist() != []  # "dog" is gone
    change = read.runs[0].events[-1].change
    assert change.corpus is read.texts[1].encoded  # as the window finds the text of a corpus


@pytest.mark.parametrize("optimizer", ["sgd", "adagrad", "adam"])
def test_training_goes_on_in_another_process_to_the_same_bits(tmp_path, optimizer):
    made = project(tmp_path / "run", optimizer, 7)
    path = tmp_path / "p.embedscope"
    write_project(path, made)
    never_saved = trainer_of(made)
    trained(never_saved, (), 20)
    process = subprocess.run(
        [sys.executable, "-c", GO_ON, path, tmp_path / "opened", "20"],
        capture_output=True,
        check=True,
    )
    assert process.stdout == never_saved.table.weight.detach().numpy().tobytes()


def test_the_same_project_is_the_same_bytes(tmp_path):
    made = project(tmp_path / "run")
    for name in ("a", "b"):
        write_project(tmp_path / name, made)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with zipfile.ZipFile(tmp_path / "a") as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["mimetype", "project.json"]


def test_a_file_that_the_first_version_saved_is_opened(tmp_path):
    read = read_project(Path(__file__).with_name("version-1.embedscope"), tmp_path / "opened")
    made = project(tmp_path / "run")
    # What was trained there has other bits, if the processor is another one.
    told = with_run(made, losses=read.runs[0].losses, states=read.runs[0].states, hashes=())
    same(replace(told, machine=Machine("2.13.0", "AVX2", 1)), read)


def test_rows_that_were_set_come_back_to_the_bit(tmp_path):
    made = project(tmp_path / "run")
    bits = np.array([0x7FC00001, 0xFFC00000, 0x80000000, 1], np.uint32)
    set_rows = [
        Event(3, SetRow(3, Array.of(bits.view(np.float32)))),
        Event(3, set_row(2, 1, 2, 3, 4)),
    ]
    events = (*made.runs[0].events[:3], *set_rows, *made.runs[0].events[3:])
    changed = with_run(made, events=events, states=(), hashes=())
    write_project(tmp_path / "p", changed)
    read = read_project(tmp_path / "p", tmp_path / "opened")
    same(changed, read)
    assert list(read.runs[0].events[3:5]) == set_rows
    with zipfile.ZipFile(tmp_path / "p") as archive:  # older programs do not know of it
        assert json.loads(archive.read("project.json"))["version"] == 3


def test_half_a_character_and_odd_texts_survive(tmp_path):
    made = project(tmp_path / "run")
    odd = text_of("half \ud83d of\r\none\u2028line\n\n\ttab\n")
    kept = replace(made, texts=(*made.texts, odd))
    write_project(tmp_path / "p", kept)
    assert read_project(tmp_path / "p", tmp_path / "opened").texts[2].text == odd.text


def test_a_state_that_is_gone_is_left_out(tmp_path):
    made = project(tmp_path / "run")
    gone = KeptState(5, 5, tmp_path / "gone")
    write_project(tmp_path / "p", with_run(made, states=(gone, *made.runs[0].states)))
    read = read_project(tmp_path / "p", tmp_path / "opened")
    assert [state.step for state in read.runs[0].states] == [7]


@pytest.mark.parametrize("news", [1, 2, 4])
def test_saving_that_is_stopped_leaves_the_file_of_before(tmp_path, news):
    made = project(tmp_path / "run")
    path = tmp_path / "p.embedscope"
    path.write_bytes(b"before")
    told = []

    def stop(done, total):
        told.append(done)
        return len(told) < news

    with pytest.raises(Cancelled):
        write_project(path, made, stop)
    assert path.read_bytes() == b"before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["p.embedscope", "run"]


CRASH = """
import os, sys
from pathlib import Path
from core.project.saving import write_project
from tests.core.project.projects import project

count = 0
def crash(done, total):
    global count
    count += 1
    if count == 3:
        os.kill(os.getpid(), 9)
    return True

write_project(Path(sys.argv[1]), project(Path(sys.argv[2])), crash)
"""


def test_a_crash_in_the_middle_leaves_the_file_of_before(tmp_path):
    path = tmp_path / "p.embedscope"
    write_project(path, project(tmp_path / "run"))
    before = path.read_bytes()
    process = subprocess.run([sys.executable, "-c", CRASH, path, tmp_path / "other"], check=False)
    assert process.returncode == -9
    assert path.read_bytes() == before
    read_project(path, tmp_path / "opened")


def test_opening_that_is_stopped_leaves_nothing(tmp_path):
    write_project(tmp_path / "p", project(tmp_path / "run"))
    with pytest.raises(Cancelled):
        read_project(tmp_path / "p", tmp_path / "opened", lambda _done, _total: False)
    assert not (tmp_path / "opened").exists()


def test_keyframes_within_the_budget_are_spread_over_the_run(tmp_path):
    for step in range(10, 110, 10):
        (tmp_path / f"{step:012d}-000001.safetensors").write_bytes(bytes(100))
    (tmp_path / "000000000200-000001.safetensors").write_bytes(bytes(100))  # beyond the end
    (tmp_path / "something.safetensors").write_bytes(b"")
    states = states_in(tmp_path, 100, 1)
    assert [state.step for state in states] == list(range(10, 110, 10))
    assert [state.step for state in within(states, 10_000)] == list(range(10, 110, 10))
    # 320 bytes hold 3 of 100: the last of each third.
    assert [state.step for state in within(states, 320)] == [30, 60, 100]
    assert within(states, 99) == []
    assert states_in(tmp_path, 100, 0) == []


def test_what_the_disk_says_early_is_not_lost(tmp_path, monkeypatch):
    made = project(tmp_path / "run")
    path = tmp_path / "p.embedscope"
    path.write_bytes(b"before")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(early_flush, "EVERY", 1)
    monkeypatch.setattr(early_flush, "_flush", full)
    with pytest.raises(ProblemError) as refused:
        write_project(path, made)
    assert refused.value.problem == FileUnreadable(str(path), "No space left on device")
    assert path.read_bytes() == b"before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["p.embedscope", "run"]
