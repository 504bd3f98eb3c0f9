"""What ends badly or too late: a killed engine, a refused or superseded run, lost rows."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core.config import Initialisation, OptimizerConfig
from core.isolation import IsolatingProjection
from core.problems import EngineFailed, EngineRestarted
from core.rows import MappedRows
from gui.live_run import RESTARTS
from gui.projector import ProjectionJob
from gui.session import State
from tests.gui.sessions import PATIENCE_MS, session, step_to, wait
from tests.gui.test_session import trainer_of

__all__ = ["session"]


def kill(session) -> None:
    os.kill(session.engine_process_id(), signal.SIGKILL)


def test_a_killed_engine_comes_back_with_the_same_bits(session, qtbot):
    step_to(qtbot, session, 40)
    session.set_optimizer(replace(session.config.optimizer, rate=0.5))
    session.set_cell(2, 1, -1.25)
    wait(qtbot, lambda: session.shown.rows[2, 1] == -1.25)
    session.add_to_sentences("run")
    wait(qtbot, lambda: len(session.vocabulary) == 9)
    step_to(qtbot, session, 90)
    rows, losses = session.shown.rows.copy(), session.losses.losses.copy()
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        kill(session)
    assert raised.args[0] == EngineRestarted(90, f"signal {signal.SIGKILL.value}")
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert session.shown.step == 90
    assert np.array_equal(session.shown.rows, rows)
    assert np.array_equal(session.losses.losses, losses)
    assert session.text.endswith("you need to run")
    step_to(qtbot, session, 120)
    trainer = trainer_of(session)
    for event in session.history.events:
        while trainer.step < event.step:
            trainer.advance()
        trainer.apply(event.change)
    while trainer.step < 120:
        trainer.advance()
    assert np.array_equal(session.shown.rows, trainer.table.weight.detach().numpy())


def test_a_run_that_is_killed_runs_on(session, qtbot):
    session.run()
    wait(qtbot, lambda: session.shown.step > 20)
    kill(session)
    wait(qtbot, lambda: session.state is State.STARTING)
    step = session.shown.step
    wait(qtbot, lambda: session.state is State.RUNNING and session.shown.step > step + 10)
    assert len(session.losses) == session.shown.step


def test_what_is_asked_while_there_is_no_engine_is_done_when_there_is(session, qtbot):
    kill(session)
    wait(qtbot, lambda: session.state is State.STARTING)
    session.set_cell(4, 2, 3.0)
    session.step(2)
    wait(qtbot, lambda: session.shown.step == 2 and session.shown.rows[4, 2] != np.float32(0.8))
    assert session.history.events[0].step == 0


def test_an_engine_that_fails_again_and_again_is_given_up(session, qtbot):
    problems = []
    session.problemRaised.connect(problems.append)
    killed = set()

    def kill_another() -> bool:
        """Kill each new engine before it can show a step."""
        engine = session.engine_process_id()
        if engine and engine not in killed:
            killed.add(engine)
            kill(session)
        return session.state is State.STOPPED

    wait(qtbot, kill_another)
    assert isinstance(problems[-1], EngineFailed)
    assert len(problems) <= RESTARTS + 1
    assert session.shown.step == 0  # what was shown stays
    session.set_cell(2, 1, 5.0)  # to nobody yet; and another try is one press of a button
    session.step()
    wait(qtbot, lambda: session.state is State.PAUSED and session.shown.step == 1)
    assert session.history.events[0].change.value == 5.0


def test_a_frame_whose_points_fail_is_asked_for_again(session, qtbot, monkeypatch):
    step_to(qtbot, session, 10)
    update = IsolatingProjection.update_all  # of a table as small as this all rows move
    failures = [MemoryError("no room for points")]

    def fail_once(self, *arguments):
        if failures:
            raise failures.pop()
        return update(self, *arguments)

    monkeypatch.setattr(IsolatingProjection, "update_all", fail_once)
    with qtbot.captureExceptions() as faults:
        session.step(5)
        wait(qtbot, lambda: session.state is State.STARTING)
    assert [str(fault) for _, fault, _ in faults] == ["no room for points"]
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert session.shown.step == 10  # what nobody saw is done when it is asked for again
    step_to(qtbot, session, 15)
    assert np.isfinite(session.shown.projected.points).all()


def test_a_growth_that_nobody_saw_before_the_kill_is_made_again(session, qtbot):
    step_to(qtbot, session, 3)
    session.add_to_sentences("run")
    kill(session)
    wait(qtbot, lambda: len(session.vocabulary) == 9 and session.state is State.PAUSED)
    assert len(session.shown.rows) == 9
    assert session.shown.step == 3


@pytest.mark.parametrize("axes", ["follow", "held"])
def test_points_are_of_the_rows_shown_after_a_run_that_was_never_shown(
    session, qtbot, monkeypatch, axes
):
    session.set_axes(axes)
    step_to(qtbot, session, 3)
    projector = session._live.projector
    project = projector.project

    def project_and_take_back(job: ProjectionJob) -> None:
        """Undo the opening while the points of its first frame are computed."""
        monkeypatch.setattr(projector, "project", project)
        project(job)
        session.undo_stack.undo()

    monkeypatch.setattr(projector, "project", project_and_take_back)
    fresh = Initialisation("normal", 5.0)
    session.set_table(replace(session.config.table, initialisation=fresh))
    wait(qtbot, lambda: session.undo_stack.index() == 0 and session.state is State.PAUSED)
    shown, projected = session.shown, session.shown.projected
    assert shown.step == 3
    by_hand = (shown.rows - projected.centre) @ projected.basis
    np.testing.assert_allclose(projected.points, by_hand, atol=1e-6)
    deviations = shown.rows.astype(np.float64) - shown.rows.mean(axis=0, dtype=np.float64)
    along = ((deviations @ projected.basis) ** 2).sum(axis=0) / (deviations**2).sum()
    np.testing.assert_allclose([axis.explained for axis in projected.axes], along, atol=1e-6)


def test_a_refusal_of_a_run_that_is_no_longer_wanted_takes_nothing_back(session, qtbot):
    problems = []
    session.problemRaised.connect(problems.append)
    session.set_table(replace(session.config.table, embedding_dim=2**40))
    session.open_example("labelled")
    wait(qtbot, lambda: session.state is State.PAUSED and session.shown.rows.shape[1] != 3)
    assert session.config.objective.name == "sentence-label"
    assert session.undo_stack.index() == 2
    assert not problems


def test_a_refused_opening_takes_what_was_done_since_with_it(session, qtbot):
    session.set_table(replace(session.config.table, embedding_dim=2**40))
    session.set_optimizer(replace(session.config.optimizer, rate=0.5))
    wait(qtbot, lambda: session.undo_stack.count() == 0 and session.state is State.PAUSED)
    assert session.config.table.embedding_dim == 3
    assert session.config.optimizer.rate == 0.1
    step_to(qtbot, session, 1)


def test_a_change_refused_after_a_kill_is_taken_back(session, qtbot):
    kill(session)
    wait(qtbot, lambda: session.state is State.STARTING)
    session.set_cell(4, 2, 1e39)  # more than float32 holds
    kill_again = session.engine_process_id()
    os.kill(kill_again, signal.SIGKILL)
    wait(qtbot, lambda: session.undo_stack.count() == 0)
    assert session.shown.rows[4, 2] == np.float32(0.8)


def test_no_cell_of_a_run_is_edited_before_it_is_shown(session, qtbot):
    session.open_example("labelled")
    session.set_cell(2, 0, 9.0)  # of the table that is still on screen
    wait(qtbot, lambda: session.state is State.PAUSED and session.shown.rows.shape[1] != 3)
    assert not (session.shown.rows == 9).any()
    assert session.undo_stack.count() == 1


def test_rows_that_cannot_be_mapped_are_asked_for_again(session, qtbot, monkeypatch):
    opened = MappedRows.open

    def fail_once(path: Path) -> MappedRows:
        """Find the file gone, once."""
        monkeypatch.setattr(MappedRows, "open", opened)
        raise FileNotFoundError(path)

    monkeypatch.setattr(MappedRows, "open", fail_once)
    with qtbot.waitSignal(session.problemRaised, timeout=PATIENCE_MS) as raised:
        session.open_example("labelled")
    assert isinstance(raised.args[0], EngineRestarted)
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert len(session.shown.rows) == len(session.vocabulary)


def test_the_marks_of_a_step_stay_until_the_next_one(session, qtbot):
    # Adam moves rows that got no gradient in this step, so that both marks are there.
    session.set_optimizer(OptimizerConfig("adam", 0.01))
    session.set_batch_size(2)
    step_to(qtbot, session, 3)
    shown = session.shown
    kept = [
        np.array(part)
        for part in (shown.moved_ids, shown.moved_by, shown.touched_ids, shown.gradient_norms)
    ]
    rate = replace(session.config.optimizer, rate=0.5)
    with qtbot.waitSignal(session.frameShown, timeout=PATIENCE_MS):
        session.set_optimizer(rate)
    now = session.shown
    parts = (now.moved_ids, now.moved_by, now.touched_ids, now.gradient_norms)
    for part, before in zip(parts, kept, strict=True):
        assert np.array_equal(part, before)
    assert (now.step, now.since) == (3, shown.since)
    assert len(now.projected.moved_from) == len(now.moved_ids) > 0
    step_to(qtbot, session, 4)  # and the next step is drawn from its own rows
    projected = session.shown.projected
    by_hand = (session.shown.rows - projected.centre) @ projected.basis
    np.testing.assert_allclose(projected.points, by_hand, atol=1e-6)


def test_what_got_a_gradient_is_known_after_an_edit_of_the_table(session, qtbot):
    step_to(qtbot, session, 2)
    in_step = session.shown.gradient_norms != 0
    touched, norms = session.shown.touched_ids[in_step], session.shown.gradient_norms[in_step]
    assert len(touched)
    session.set_cell(2, 1, 4.0)
    wait(qtbot, lambda: session.shown.rows[2, 1] == 4.0)
    assert session.shown.moved_ids.tolist() == [2]
    assert np.array_equal(session.shown.touched_ids, touched)
    session.add_to_sentences("run")  # another row, in another mapping
    wait(qtbot, lambda: len(session.shown.rows) == 9)
    assert np.array_equal(session.shown.touched_ids, touched)
    assert np.array_equal(session.shown.gradient_norms, norms)


def test_a_rebuild_says_when_it_is_over(session, qtbot):
    said = []
    session.progressChanged.connect(lambda _what, done, total: said.append((done, total)))
    session.open_example("labelled")
    wait(qtbot, lambda: session.state is State.PAUSED)
    assert said[-1] == (0, 0)
