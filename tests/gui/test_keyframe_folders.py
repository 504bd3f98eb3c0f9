"""Keyframes go with their session, and what a killed one left goes with the next."""

import subprocess
import sys
import tempfile

import pytest

from gui.keyframe_folders import KEPT_RUNS, PREFIX, KeyframeFolders


@pytest.fixture(autouse=True)
def temporary_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_only_the_last_runs_stay_on_disk(tmp_path):
    folders = KeyframeFolders()
    made = [folders.new() for _ in range(KEPT_RUNS)]
    for folder in made:
        folder.mkdir()
    folders.new()
    assert [folder.exists() for folder in made] == [False] + [True] * (KEPT_RUNS - 1)
    folders.remove()
    assert list(tmp_path.iterdir()) == []


def test_what_a_dead_process_left_is_removed_and_what_a_living_one_has_is_not(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"{PREFIX}{ended.pid}-x"
    left.mkdir()
    somebody = tmp_path / f"{PREFIX}1-x"
    somebody.mkdir()
    other = tmp_path / f"{PREFIX}of-mine"
    other.mkdir()
    living = KeyframeFolders()
    assert not left.exists()
    assert somebody.exists()
    assert other.exists()
    another = KeyframeFolders()
    assert living._root.exists()
    assert another._root.exists()
