"""Going back and forth in a run, playing it, and beginning other futures; over a real engine."""

import os
import signal

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.audit.finding import ZeroRow
from core.looking_problems import BranchUnseen
from core.messages import Stopped
from core.problems import EngineRestarted, TooMuchMemory
from gui import branch_rows
from gui.mending import Mending
from gui.panels.space import SpacePanel
from gui.session import Session, State
from tests.gui.sessions import PATIENCE_MS, session, step_to, wait

__all__ = ["session"]


def lived(qtbot: QtBot, session: Session, steps: int) -> dict[int, np.ndarray]:
    """`steps` steps, one by one, and the rows of each."""
    rows = {0: session.shown.rows.copy()}
    for step in range(1, steps + 1):
        step_to(qtbot, session, step)
        rows[step] = session.shown.rows.copy()
    return rows


def seek(qtbot: QtBot, session: Session, step: int) -> None:
    session.time.seek(step)
    wait(qtbot, lambda: session.shown.step == step and not session._live.is_seeking)


def test_each_step_is_shown_as_it_was(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 6)
    losses = session.losses.losses.copy()
    for step in (2, 5, 0, 6, 1):
        seek(qtbot, session, step)
        assert np.array_equal(session.shown.rows, rows[step])
        assert session.loss == (losses[step - 1] if step else None)
        assert session.time.is_earlier == (step < 6)
    assert np.array_equal(session.losses.losses, losses)


def test_a_sought_step_says_what_it_moved(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 5)
    seek(qtbot, session, 3)
    moved = np.flatnonzero((rows[3] != rows[2]).any(1))
    assert session.shown.moved_ids.tolist() == moved.tolist()
    assert session.shown.since == 2
    places = session.shown.projected.project(rows[2][moved])
    np.testing.assert_allclose(session.shown.projected.moved_from, places, atol=1e-6)
    assert session.shown.trained is not None


def test_left_and_right_go_by_one(qtbot: QtBot, session: Session) -> None:
    lived(qtbot, session, 4)
    session.time.back()
    wait(qtbot, lambda: session.shown.step == 3)
    session.time.back()
    wait(qtbot, lambda: session.shown.step == 2)
    session.step()
    wait(qtbot, lambda: session.shown.step == 3)
    assert session.time.reach == 4
    seek(qtbot, session, 0)
    session.time.back()
    assert session.shown.step == 0
    seek(qtbot, session, 4)
    session.step()
    wait(qtbot, lambda: session.shown.step == 5)
    assert (session.time.reach, session.time.branches) == (5, ())


def test_a_step_that_cannot_be_shown_keeps_no_other_from_it(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = lived(qtbot, session, 4)
    live = session._live
    with monkeypatch.context() as patched:
        patched.setattr(live._seeks, "_send", lambda _: None)
        session.time.seek(1)
    problem = TooMuchMemory("table", 2, 1)
    with qtbot.waitSignal(session.problemRaised, check_params_cb=lambda told: told == problem):
        live._hear(Stopped(live._numbers, 4, problem))
    assert not session.time.is_going
    seek(qtbot, session, 2)
    assert np.array_equal(session.shown.rows, rows[2])


def test_the_newest_of_many_wishes_is_shown(qtbot: QtBot, session: Session) -> None:
    step_to(qtbot, session, 60)
    seen: list[int] = []
    session.frameShown.connect(lambda: seen.append(session.shown.step))
    for step in range(59, 9, -1):
        session.time.seek(step)
    wait(qtbot, lambda: session.shown.step == 10)
    assert len(seen) < 10


def test_playing_shows_the_steps_in_turn(qtbot: QtBot, session: Session) -> None:
    step_to(qtbot, session, 12)
    seen: list[int] = []
    session.frameShown.connect(lambda: seen.append(session.shown.step))
    session.time.play(-1)
    assert session.time.direction == -1
    wait(qtbot, lambda: session.time.direction == 0)
    wait(qtbot, lambda: session.shown.step == 0)
    assert seen[:12] == list(range(11, -1, -1))
    seen.clear()
    session.time.play(1)
    wait(qtbot, lambda: session.shown.step == 12 and session.time.direction == 0)
    assert sorted(set(seen)) == seen
    session.time.play(-1)
    session.time.play(-1)
    assert session.time.direction == 0


def test_running_from_an_earlier_step_repeats_what_is_known(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 8)
    seek(qtbot, session, 3)
    session.run()
    wait(qtbot, lambda: session.shown.step > 20)
    session.pause()
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert session.time.branches == ()
    seek(qtbot, session, 8)
    assert np.array_equal(session.shown.rows, rows[8])


def test_a_change_at_an_earlier_step_begins_a_branch(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 8)
    seek(qtbot, session, 3)
    session.set_cell(2, 1, -4.0)
    wait(qtbot, lambda: session.shown.rows[2, 1] == -4.0)
    first, second = session.time.branches
    assert (first.name, second.name, second.begins) == ("first", "from step 3", 3)
    assert session.time.current is second
    assert (session.time.reach, session.shown.step) == (3, 3)
    step_to(qtbot, session, 8)
    other = session.shown.rows.copy()
    assert not np.array_equal(other, rows[8])
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        session.show_branch(first)
    seek(qtbot, session, 8)
    assert np.array_equal(session.shown.rows, rows[8])
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        session.undo_stack.undo()
    wait(qtbot, lambda: session.shown.step == 8)
    assert np.array_equal(session.shown.rows, other)


def test_settings_are_those_of_the_step(qtbot: QtBot, session: Session) -> None:
    step_to(qtbot, session, 4)
    session.set_optimizer(replace(session.config.optimizer, rate=0.5))
    wait(
        qtbot,
        lambda: session.config.optimizer.rate == 0.5 and not session._live.changes_under_way(),
    )
    step_to(qtbot, session, 8)
    with qtbot.waitSignal(session.configChanged, timeout=PATIENCE_MS):
        session.time.seek(3)
    assert session.config.optimizer.rate == 0.1
    seek(qtbot, session, 6)
    assert session.config.optimizer.rate == 0.5
    seek(qtbot, session, 3)
    session.run()  # the later part was changed: this is another future
    wait(qtbot, lambda: len(session.time.branches) == 2 and session.shown.step > 8)
    session.pause()
    assert session.config.optimizer.rate == 0.1
    assert session.time.branches[0].history.reach == 8


def test_words_that_came_later_are_not_there_before(qtbot: QtBot, session: Session) -> None:
    step_to(qtbot, session, 3)
    session.add_to_sentences("run")
    wait(qtbot, lambda: len(session.vocabulary) == 9)
    step_to(qtbot, session, 6)
    seek(qtbot, session, 2)
    assert (len(session.shown.rows), len(session.vocabulary)) == (8, 8)
    seek(qtbot, session, 5)
    assert (len(session.shown.rows), len(session.vocabulary)) == (9, 9)
    seek(qtbot, session, 2)
    session.set_cell(0, 0, 1.0)
    wait(qtbot, lambda: session.shown.rows[0, 0] == 1.0)
    assert "run" not in session.text
    assert len(session.vocabulary) == 8


def test_a_killed_engine_comes_back_where_the_screen_is(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 6)
    seek(qtbot, session, 4)
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        os.kill(session.engine_process_id(), signal.SIGKILL)
    assert isinstance(raised.args[0], EngineRestarted)
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert (session.shown.step, session.time.reach) == (4, 6)
    seek(qtbot, session, 6)
    assert np.array_equal(session.shown.rows, rows[6])


def test_marks_stay_with_their_run(qtbot: QtBot, session: Session) -> None:
    step_to(qtbot, session, 5)
    session.time.mark("here")
    session.time.mark("there", 2)
    assert session.time.marks == {2: "there", 5: "here"}
    session.time.mark("", 2)
    assert session.time.marks == {5: "here"}
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        session.reset()
    assert session.time.marks == {}


def test_a_branch_can_be_renamed_and_deleted(qtbot: QtBot, session: Session) -> None:
    lived(qtbot, session, 4)
    seek(qtbot, session, 2)
    session.set_cell(2, 1, -4.0)
    wait(qtbot, lambda: session.shown.rows[2, 1] == -4.0)
    first, second = session.time.branches
    session.time.rename(first, "old")
    for path in first.history.keyframes.glob("*.safetensors"):
        path.unlink()
    told: list[object] = []
    session.problemRaised.connect(told.append)
    session.time.compare(first)
    assert (first.name, session.time.compared) == ("old", first)
    session.time.delete(second)  # it is open
    assert session.time.branches == (first, second)
    session.time.delete(first)
    assert (session.time.branches, session.time.compared) == ((second,), None)
    wait(qtbot, lambda: session.time._reader._background.current is None)
    assert told == []  # of a branch that is gone


@pytest.mark.parametrize("name", ["small-world", "labelled"])
def test_examples_go_back_too(qtbot: QtBot, session: Session, name: str) -> None:
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        session.open_example(name)
    rows = lived(qtbot, session, 3)
    step_to(qtbot, session, 40)
    seek(qtbot, session, 2)
    assert np.array_equal(session.shown.rows, rows[2])


def test_the_rows_of_a_branch_lie_beside_those_on_screen(qtbot: QtBot, session: Session) -> None:
    rows = lived(qtbot, session, 6)
    panel = SpacePanel(session)
    qtbot.addWidget(panel)
    seek(qtbot, session, 3)
    session.set_cell(2, 1, -4.0)
    wait(qtbot, lambda: session.shown.rows[2, 1] == -4.0)
    session.time.compare(session.time.branches[0])
    assert session.time.compared_rows is None  # they are read in a thread
    wait(qtbot, lambda: session.time.compared_rows is not None)
    compared = session.time.compared_rows
    assert np.array_equal(compared.rows, rows[compared.step])
    other = panel.view.scene.other
    assert other is not None
    assert other.name == f"branch “first”, step {compared.step}"
    np.testing.assert_array_equal(other.points, session.shown.projected.project(compared.rows))
    assert any(entry.text == other.name for entry in panel.view.legend())
    assert not panel.view.grab().isNull()
    session.time.compare(None)
    assert panel.view.scene.other is None


@pytest.mark.parametrize("are_kept", [True, False])
def test_a_branch_whose_points_cannot_be_shown_says_so(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch, are_kept: bool
) -> None:
    lived(qtbot, session, 3)
    seek(qtbot, session, 1)
    session.set_cell(2, 1, -4.0)
    wait(qtbot, lambda: session.shown.rows[2, 1] == -4.0)
    first = session.time.branches[0]
    kept = list(first.history.keyframes.glob("*.safetensors"))
    assert kept
    if not are_kept:
        for path in kept:
            path.unlink()
    values = session.shown.rows.size
    monkeypatch.setattr(branch_rows, "LARGEST", values - 1)
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        session.time.compare(first)
    told = BranchUnseen("first", values, values - 1) if are_kept else BranchUnseen("first")
    assert raised.args[0] == told
    assert (session.time.compared, session.time.compared_rows) == (first, None)


def test_a_row_that_is_zeroed_at_an_earlier_step_is_zero_in_all_columns(
    qtbot: QtBot, session: Session
) -> None:
    rows = lived(qtbot, session, 3)
    seek(qtbot, session, 1)
    Mending(session).mend(session, ZeroRow(2))
    wait(qtbot, lambda: len(session.time.branches) == 2 and session._live.is_shown)
    wait(qtbot, lambda: not session.shown.rows[2].any())
    assert session.shown.step == 1
    assert len(session.history.events) == 1  # of all its columns
    others = np.delete(session.shown.rows, 2, axis=0)
    assert np.array_equal(others, np.delete(rows[1], 2, axis=0))
    session.undo_stack.undo()
    wait(qtbot, lambda: session.shown.rows.tobytes() == rows[1].tobytes())
