"""An engine that is killed: said, started again, and the same bits go on."""

import os
import signal

import numpy as np
from msgspec.structs import replace

from core.problems import EngineFailed, EngineRestarted
from gui.live_run import RESTARTS
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
    for event in session._history.events:
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
    assert session._history.events[0].step == 0


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
    session.step()  # to nobody; and another try is one press of a button
    session.open_example("article")
    wait(qtbot, lambda: session.state is State.PAUSED)


def test_a_growth_that_nobody_saw_before_the_kill_is_made_again(session, qtbot):
    step_to(qtbot, session, 3)
    session.add_to_sentences("run")
    kill(session)
    wait(qtbot, lambda: len(session.vocabulary) == 9 and session.state is State.PAUSED)
    assert len(session.shown.rows) == 9
    assert session.shown.step == 3
