"""Saving and opening projects over a real engine: the same bits, before and after."""

import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core.config import OptimizerConfig
from core.machine import Machine
from core.problems import BadProject, FileUnreadable, NewerProject, StateUnfit, TrainedElsewhere
from core.project import description
from core.state_hashes import read_hashes
from gui import project_parts, run_past
from gui.background import Background
from gui.projects import Projects
from gui.run_past import Gathered
from gui.session import Session
from gui.settings import Settings
from gui.token_lists import TokenList
from tests.gui.sessions import PATIENCE_MS, session, step_to, wait

__all__ = ["session"]


class Desk:
    """A session with its projects; the file to save to and the answers are set beforehand."""

    def __init__(self, qtbot: QtBot, session: Session, folder: Path) -> None:
        self.qtbot, self.session = qtbot, session
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.background = Background(self.window)
        store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.settings = Settings(store)
        self.target = folder / "mine.embedscope"
        self.answer = QMessageBox.StandardButton.Cancel
        self.asked: list[str] = []
        self.projects = Projects(
            session,
            self.background,
            self.settings,
            self.window,
            lambda *_: self.target,
            self._answer,
        )
        self.projects.asks = True

    def _answer(self, name: str) -> QMessageBox.StandardButton:
        self.asked.append(name)
        return self.answer

    def save(self) -> Path:
        with self.qtbot.waitSignal(self.projects.settled, timeout=PATIENCE_MS):
            self.projects.save()
        assert self.projects.path == self.target
        return self.target

    def open(self, path: Path) -> None:
        with self.qtbot.waitSignal(self.projects.opened, timeout=PATIENCE_MS):
            self.projects.open(path)

    def close(self) -> None:
        self.background.close()
        self.projects.close()


@pytest.fixture
def desk(qtbot, session, tmp_path):
    desk = Desk(qtbot, session, tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def another(qtbot, tmp_path):
    """A second session, as of another day."""
    other = Session()
    wait(qtbot, lambda: other.shown is not None)
    desk = Desk(qtbot, other, tmp_path)
    yield desk
    desk.close()
    other.close()


def live(desk: Desk) -> None:
    """Ten steps, with every kind of change on the way."""
    session, qtbot = desk.session, desk.qtbot
    session.set_optimizer(OptimizerConfig("adam", 0.02))
    step_to(qtbot, session, 3)
    session.set_cell(3, 1, -2.0)
    session.set_text(session.text + "\nthe 고양이 needs code")
    wait(qtbot, lambda: len(session.shown.rows) == len(session.vocabulary) > 8)
    step_to(qtbot, session, 7)
    session.set_batch_size(5)
    session.time.mark("here", 4)
    session.lists.keep(("code", "고양이"), "mine")
    step_to(qtbot, session, 10)


def test_what_is_saved_is_opened_and_trains_on_to_the_same_bits(desk, another, qtbot):
    live(desk)
    session, again = desk.session, another.session
    session.set_dimensions(3)
    session.set_axes("held")
    session.select([2, 8])
    session.colouring.choose("norm")
    session.set_line("you need code")
    path = desk.save()
    another.open(path)
    assert again.shown.step == 10
    assert np.array_equal(again.shown.rows, session.shown.rows)
    assert again.text == session.text
    assert again.line == "you need code"
    assert list(again.vocabulary.tokens) == list(session.vocabulary.tokens)
    assert again.config == session.config
    assert np.array_equal(again.losses.losses, session.losses.losses)
    assert again.time.marks == {4: "here"}
    assert again.lists.lists == (TokenList("mine", ("code", "고양이"), 0),)
    assert (again.dimensions, again.axes, again.colouring.choice) == (3, "held", "norm")
    assert again.selection == (2, 8)
    assert again.shown.trained == session.shown.trained
    for each in (session, again):
        step_to(qtbot, each, 25)
    assert np.array_equal(again.shown.rows, session.shown.rows)
    assert np.array_equal(again.losses.losses, session.losses.losses)
    # And backwards, to before everything that was changed.
    for step in (2, 0, 25):
        for each in (session, again):
            each.time.seek(step)
            wait(qtbot, lambda each=each, step=step: each.shown.step == step)
        assert np.array_equal(again.shown.rows, session.shown.rows)


def test_saving_does_not_stop_the_training(desk, another, qtbot):
    session = desk.session
    session.run()
    wait(qtbot, lambda: session.shown.step > 20)
    path = desk.save()
    at_least = session.shown.step
    wait(qtbot, lambda: session.shown.step > at_least)
    session.pause()
    another.open(path)
    saved = another.session.shown.step
    assert 20 < saved <= session.shown.step
    assert np.array_equal(another.session.losses.losses, session.losses.losses[:saved])
    goal = session.time.reach
    wait(qtbot, lambda: session.shown.step == session.time.reach)
    goal = session.time.reach
    if saved < goal:
        step_to(qtbot, another.session, goal)
    assert np.array_equal(another.session.shown.rows, session.shown.rows)


def test_branches_are_saved_with_the_run(desk, another, qtbot):
    session = desk.session
    step_to(qtbot, session, 6)
    session.time.seek(2)
    wait(qtbot, lambda: session.shown.step == 2)
    session.set_cell(2, 0, 5.0)
    wait(qtbot, lambda: len(session.time.branches) == 2 and session.shown.rows[2, 0] == 5.0)
    step_to(qtbot, session, 4)
    another.open(desk.save())
    again = another.session.time
    assert [each.name for each in again.branches] == [each.name for each in session.time.branches]
    assert [each.begins for each in again.branches] == [0, 2]
    assert [each.history.reach for each in again.branches] == [6, 4]
    assert again.current is again.branches[1]


def test_the_file_that_cannot_be_opened_changes_nothing(desk, qtbot, tmp_path):
    session = desk.session
    step_to(qtbot, session, 2)
    rows, history = session.shown.rows.copy(), session.history
    bad = tmp_path / "bad.embedscope"
    bad.write_bytes(b"PK\x03\x04 and no more")
    with qtbot.waitSignal(desk.projects.openingFailed) as failed:
        desk.projects.open(bad)
    assert isinstance(failed.args[0], BadProject)
    assert session.history is history
    step_to(qtbot, session, 3)
    assert not np.array_equal(session.shown.rows, rows)


def test_a_newer_file_is_told(desk, qtbot, monkeypatch):
    path = desk.save()
    monkeypatch.setattr(description, "VERSION", 0)
    with qtbot.waitSignal(desk.projects.openingFailed) as failed:
        desk.projects.open(path)
    assert failed.args[0] == NewerProject(str(path), 1, 0)


def test_a_full_disk_leaves_the_file_of_before(desk, qtbot, tmp_path, monkeypatch):
    path = desk.save()
    before = path.read_bytes()
    step_to(qtbot, desk.session, 2)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with qtbot.waitSignals([desk.projects.problemRaised, desk.projects.settled]):
        desk.projects.save()
    assert path.read_bytes() == before
    assert desk.projects.unsaved.is_modified
    assert [each.name for each in tmp_path.glob("*.part")] == []


def test_a_fault_in_what_is_looked_at_keeps_nothing_from_being_saved_later(desk, qtbot):
    class Faulty:
        def complete(self, view):
            raise ZeroDivisionError

        def look_at(self, looked):
            raise AssertionError

    desk.projects.elsewhere = Faulty()
    with (
        qtbot.captureExceptions() as raised,
        qtbot.waitSignal(desk.projects.settled, timeout=PATIENCE_MS),
    ):
        desk.projects.save()
    assert [kind for kind, _, _ in raised] == [ZeroDivisionError]
    assert not desk.target.exists()
    desk.projects.elsewhere = None
    assert desk.save().exists()


def test_hashes_of_many_steps_keep_nobody_waiting(desk, another, qtbot, monkeypatch):
    step_to(qtbot, desk.session, 3)
    threads = {}

    def watch(module, name):
        work = getattr(module, name)

        def noted(*arguments):
            threads[name] = threading.current_thread()
            return work(*arguments)

        monkeypatch.setattr(module, name, noted)

    watch(run_past, "hashes_in")
    watch(project_parts, "write_hashes")
    another.open(desk.save())
    assert sorted(threads) == ["hashes_in", "write_hashes"]
    assert threading.main_thread() not in threads.values()
    here, there = (read_hashes(each.session.history.keyframes) for each in (desk, another))
    assert here == there != []


def test_a_folder_that_may_not_be_written_is_named(desk, qtbot, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    desk.target = tmp_path / "file" / "x.embedscope"
    with qtbot.waitSignal(desk.projects.problemRaised) as raised:
        desk.projects.save()
    assert isinstance(raised.args[0], FileUnreadable)
    assert desk.projects.path is None


def test_a_state_that_does_not_fit_is_refused_and_what_was_open_stays(desk, qtbot, monkeypatch):
    session = desk.session
    session.set_optimizer(OptimizerConfig("adam", 0.02))
    step_to(qtbot, session, 3)
    whole = Gathered.whole

    def with_other_optimizer(gathered):
        project = whole(gathered)
        run = project.runs[0]
        object.__setattr__(run, "events", ())  # it never became Adam
        object.__setattr__(run, "hashes", ())
        for state in run.states:
            object.__setattr__(state, "events", 0)
        return project

    monkeypatch.setattr(Gathered, "whole", with_other_optimizer)
    path = desk.save()
    history = session.history
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        desk.projects.open(path)
    assert isinstance(raised.args[0], StateUnfit)
    wait(qtbot, lambda: session.history is history and session._live.is_shown)
    step_to(qtbot, session, 4)


def test_another_machines_run_is_shown_as_it_was_saved(desk, another, qtbot, monkeypatch):
    step_to(qtbot, desk.session, 5)
    monkeypatch.setattr(desk.session._live, "machine", Machine("2.4.0", "AVX512", 9))
    monkeypatch.setattr(run_past, "lines_in", lambda _: "")
    path = desk.save()
    with qtbot.waitSignal(another.projects.problemRaised, timeout=PATIENCE_MS) as raised:
        another.projects.open(path)
    assert isinstance(raised.args[0], TrainedElsewhere)
    assert raised.args[0].was == "torch 2.4.0, AVX512, 9 threads"
    assert np.array_equal(another.session.shown.rows, desk.session.shown.rows)


def test_an_engine_that_is_killed_meanwhile_costs_nothing(desk, another, qtbot):
    session = desk.session
    step_to(qtbot, session, 8)
    desk.projects._taker._patience.setInterval(1000)
    os.kill(session.engine_process_id(), signal.SIGKILL)
    path = desk.save()
    wait(qtbot, lambda: session._live.is_shown and session.state.name == "PAUSED")
    another.open(path)
    assert another.session.shown.step == 8
    assert np.array_equal(another.session.shown.rows, session.shown.rows)


# ── what is unsaved ───────────────────────────────────────────────────────────────────────────


def test_only_work_that_would_be_lost_is_asked_about(desk, qtbot):
    session, projects = desk.session, desk.projects
    assert projects.may_close()
    step_to(qtbot, session, 3)  # an example trained for a moment is there again at any time
    assert projects.may_close()
    assert desk.asked == []
    session.set_cell(3, 1, -2.0)
    assert not projects.may_close()
    assert desk.asked == ["This session"]
    desk.answer = QMessageBox.StandardButton.Discard
    assert projects.may_close()
    session.open_example("labelled")
    wait(qtbot, lambda: session._live.is_shown)
    assert len(desk.asked) == 2
    assert projects.may_close()
    assert len(desk.asked) == 2


def test_a_row_that_was_set_would_be_lost(desk):
    row = desk.session.shown.rows[3]
    desk.session.set_row(3, np.zeros_like(row), "zeroing")
    assert not desk.projects.may_close()


def test_a_project_is_modified_by_a_step_and_not_after_it_is_saved(desk, qtbot):
    projects = desk.projects
    desk.save()
    assert not projects.unsaved.is_worth_keeping
    step_to(qtbot, desk.session, 1)
    assert projects.unsaved.is_worth_keeping
    desk.save()
    assert not projects.unsaved.is_worth_keeping
    assert desk.settings.recent_files == (desk.target,)


def test_saving_as_the_window_closes_closes_it(desk, qtbot):
    desk.save()
    step_to(qtbot, desk.session, 1)
    desk.answer = QMessageBox.StandardButton.Save
    desk.window.show()
    assert not desk.projects.may_close()
    wait(qtbot, lambda: not desk.window.isVisible())
    assert not desk.projects.unsaved.is_modified


def test_undoing_an_opening_goes_back_to_the_file_of_before(desk, another, qtbot, tmp_path):
    path = desk.save()
    another.open(path)
    another.session.open_example("labelled")
    wait(qtbot, lambda: another.projects.path is None)
    another.session.undo_stack.undo()
    wait(qtbot, lambda: another.projects.path == path)
