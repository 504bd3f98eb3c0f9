"""What a window that ended unexpectedly leaves is offered to the next, and nothing else is left."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from gui import autosaver
from gui.autosave_folder import AutosaveFolder, left_behind
from gui.autosaver import Autosaver
from tests.gui.sessions import PATIENCE_MS, session, step_to
from tests.gui.test_projects import Desk, another

__all__ = ["another", "session"]

# What Qt says of dialogs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

DIES = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from gui.autosave_folder import AutosaveFolder

app = QCoreApplication(["embedscope"])
folder = AutosaveFolder.new(Path(sys.argv[1]))
if len(sys.argv) > 2:
    folder.project.write_bytes(Path(sys.argv[2]).read_bytes())
    folder.note_source(Path(sys.argv[3]))
os.kill(os.getpid(), 9)
"""


def killed(root: Path, *arguments: Path) -> None:
    """A window that is killed, with an autosave or without."""
    command = [sys.executable, "-c", DIES, str(root), *map(str, arguments)]
    assert subprocess.run(command, check=False).returncode == -9


@pytest.fixture
def root(tmp_path):
    return tmp_path / "autosave"


@pytest.fixture
def desk(qtbot, session, tmp_path):
    desk = Desk(qtbot, session, tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def saver(desk):
    saver = Autosaver(desk.projects, desk.window)
    yield saver
    saver.close()


def box_of(desk: Desk) -> QMessageBox:
    (box,) = desk.window.findChildren(QMessageBox, "recovery")
    return box


def click(desk: Desk, name: str) -> None:
    button = box_of(desk).findChild(QPushButton, f"{name}Button")
    assert button is not None
    button.click()


def test_a_living_window_keeps_its_folder_and_a_clean_end_removes_it(qapp, root):
    folder = AutosaveFolder.new(root)
    assert folder is not None
    folder.project.write_bytes(b"x")
    assert list(left_behind(root)) == []
    assert (root.stat().st_mode & 0o777) == 0o700
    folder.remove()
    assert list(root.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_work(qapp, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    assert AutosaveFolder.new(tmp_path / "file" / "autosave") is None


def test_what_a_killed_window_left_is_found_once(qapp, root, tmp_path):
    (tmp_path / "content").write_bytes(b"content")
    killed(root)  # before it had saved anything
    killed(root, tmp_path / "content", tmp_path / "mine.embedscope")
    (left,) = left_behind(root)
    assert left.project.read_bytes() == b"content"
    assert left.source == tmp_path / "mine.embedscope"
    assert len(list(root.iterdir())) == 1
    assert list(left_behind(root)) == []  # it is ours now
    left.leave()
    (again,) = left_behind(root)
    again.remove()


@pytest.mark.parametrize("content", ["", "{", "[1]", '"a\\u0000b"', "null"])
def test_a_source_that_cannot_be_read_counts_as_none(qapp, root, content):
    folder = AutosaveFolder.new(root)
    (folder.project.parent / "source.json").write_text(content)
    assert folder.source is None
    folder.remove()


def test_only_what_was_done_is_saved_and_once(desk, saver, qtbot, root):
    saver.begin(root)
    saver.save()
    assert not desk.projects.is_writing  # nothing was done yet
    step_to(qtbot, desk.session, 2)
    with qtbot.waitSignal(desk.projects.settled, timeout=PATIENCE_MS):
        saver.save()
    (saved,) = root.glob("*/autosave.embedscope")
    before = saved.stat().st_mtime_ns
    saver.save()
    assert not desk.projects.is_writing
    assert saved.stat().st_mtime_ns == before
    assert desk.projects.path is None  # nobody is told, and nothing counts as saved
    assert desk.settings.recent_files == ()
    assert desk.projects.unsaved.is_modified
    saver.close()
    assert list(root.iterdir()) == []


def test_what_is_in_a_file_is_not_offered_to_anybody(desk, saver, qtbot, root):
    saver.begin(root)
    kept = saver._folder.project
    step_to(qtbot, desk.session, 2)
    for step in (3, 4):
        with qtbot.waitSignal(desk.projects.settled, timeout=PATIENCE_MS):
            saver.save()
        assert kept.exists()
        desk.save()
        assert not kept.exists()
        step_to(qtbot, desk.session, step)


def test_it_saves_by_itself(desk, saver, qtbot, root, monkeypatch):
    monkeypatch.setattr(autosaver, "EVERY", 0.05)
    saver.begin(root)
    step_to(qtbot, desk.session, 1)
    with qtbot.waitSignal(desk.projects.written, timeout=PATIENCE_MS):
        pass


@pytest.fixture
def crashed(desk, qtbot, root):
    """What a session of three steps left behind, as a newer state of the desk's target."""
    step_to(qtbot, desk.session, 3)
    path = desk.save()
    killed(root, path, path)
    return path


def test_what_was_left_is_recovered(desk, another, crashed, qtbot, root):
    other = another.session
    fresh = another
    saver = Autosaver(fresh.projects, fresh.window)
    try:
        saver.begin(root)
        assert "mine.embedscope was open" in box_of(fresh).text()
        with qtbot.waitSignal(fresh.projects.opened, timeout=PATIENCE_MS):
            click(fresh, "recover")
        assert other.shown.step == 3
        assert np.array_equal(other.shown.rows, desk.session.shown.rows)
        assert fresh.projects.path == crashed  # to be saved there
        assert fresh.projects.unsaved.is_worth_keeping
        assert fresh.settings.recent_files == (crashed,)
        (kept,) = root.glob("*/autosave.embedscope")  # until there is a newer one
        assert kept.read_bytes() == crashed.read_bytes()
        assert list(left_behind(root)) == []
    finally:
        saver.close()
    assert list(root.iterdir()) == []


def test_what_was_left_can_wait_or_be_deleted(desk, saver, crashed, qtbot, root):
    saver.begin(root)
    click(desk, "later")
    saver.close()
    (left,) = root.glob("*/autosave.embedscope")
    again = Autosaver(desk.projects, desk.window)
    qtbot.waitUntil(lambda: not desk.window.findChildren(QMessageBox, "recovery"))
    again.begin(root)
    click(desk, "discard")
    assert not left.exists()
    again.close()


def test_a_broken_one_is_told_of_and_left(desk, saver, qtbot, root, tmp_path):
    (tmp_path / "broken").write_bytes(os.urandom(100))
    killed(root, tmp_path / "broken", tmp_path / "mine.embedscope")
    saver.begin(root)
    with qtbot.waitSignal(desk.projects.openingFailed):
        click(desk, "recover")
    assert desk.session.shown.step == 0


def test_a_full_disk_is_told_of_once(desk, saver, qtbot, root, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told = []
    desk.projects.problemRaised.connect(told.append)
    saver.begin(root)
    for step in (1, 2):
        step_to(qtbot, desk.session, step)
        with qtbot.waitSignal(desk.projects.settled, timeout=PATIENCE_MS):
            saver.save()
    assert len(told) == 1
