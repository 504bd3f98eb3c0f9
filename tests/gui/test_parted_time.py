"""A project of another machine, whose steps cannot be done again here: over a real engine."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.keyframes import write_state
from core.machine import Machine
from core.problems import StepsParted, TrainedElsewhere
from core.project.contents import KeptState, Project
from core.project.saving import write_project
from core.replays import hash_of
from core.state_hashes import StateHash, read_hashes
from core.trainer import Trainer
from gui.film_plan import Plan
from gui.film_subjects import Subject
from gui.panels.timeline import TimelinePanel
from gui.recording import Recording
from gui.session import Session, State
from tests.core.project.projects import project
from tests.gui.sessions import PATIENCE_MS, session, wait
from tests.gui.test_projects import Desk, desk

__all__ = ["desk", "session"]

ELSEWHERE = Machine("2.4.0", "AVX512", 9, "Windows AMD64")
LAST, STORED = 12, (4, 8, 12)


def made_elsewhere(folder: Path, *, otherwise: bool) -> tuple[Project, dict[int, np.ndarray]]:
    """A run of 12 steps, and the rows of those that are stored; they came out `otherwise`."""
    told = project(folder)
    run = told.runs[0]
    trainer = Trainer(run.config, told.texts[0].encoded)
    losses, states, hashes, rows = [], [], [], {}
    for step in range(1, LAST + 1):
        losses.append(trainer.advance())
        if step in STORED:
            state = {name: value.clone() for name, value in trainer.state().items()}
            weight = state["table.layer.weight"]
            if otherwise:
                weight[2, 1] += 1e-3
            kept = KeptState(step, 0, folder / f"{step}.safetensors")
            write_state(kept.path, state)
            states.append(kept)
            hashes.append(StateHash(step, 0, hash_of(state), ELSEWHERE))
            rows[step] = weight.numpy().copy()
    run = replace(
        run,
        events=(),
        step=LAST,
        losses=np.array(losses),
        states=tuple(states),
        hashes=tuple(hashes),
        marks={},
    )
    return replace(told, runs=(run,), machine=ELSEWHERE), rows


@pytest.fixture
def problems(desk: Desk) -> list[object]:
    told: list[object] = []
    desk.session.problemRaised.connect(told.append)
    desk.projects.problemRaised.connect(told.append)
    return told


def opened(desk: Desk, tmp_path: Path, *, otherwise: bool = True) -> dict[int, np.ndarray]:
    made, rows = made_elsewhere(tmp_path / "made", otherwise=otherwise)
    path = tmp_path / "elsewhere.embedscope"
    write_project(path, made)
    desk.open(path)
    wait(desk.qtbot, lambda: desk.session.state is State.PAUSED)
    return rows


def seek(qtbot: QtBot, session: Session, step: int, shown: int) -> None:
    session.time.seek(step)
    wait(qtbot, lambda: session.shown.step == shown and not session.time.is_going)


def test_stored_steps_are_shown_and_it_is_said(
    desk: Desk, problems: list[object], qtbot: QtBot, tmp_path: Path
) -> None:
    session = desk.session
    rows = opened(desk, tmp_path)
    panel = TimelinePanel(session)
    qtbot.addWidget(panel)
    panel.show()
    assert problems == [StepsParted(12)]
    assert np.array_equal(session.shown.rows, rows[12])
    for step, shown in ((10, 8), (8, 8), (7, 4), (11, 8), (12, 12)):
        seek(qtbot, session, step, shown)
        assert np.array_equal(session.shown.rows, rows[shown])
        assert session.time.is_as_stored
    seek(qtbot, session, 11, 8)
    stored = panel.findChild(QLabel, "timelineStored")
    told = "Step 8 as stored; steps between cannot be recomputed on this machine."
    wait(qtbot, lambda: stored.isVisible() and stored.text() == told)
    assert any("Step 12: done again" in sign.words for sign in panel._slider.signs)
    assert problems == [StepsParted(12)]  # told once


def test_forth_and_back_go_from_one_stored_step_to_the_next(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    session = desk.session
    opened(desk, tmp_path)
    for shown in (8, 4, 0):
        session.time.back()
        wait(qtbot, lambda shown=shown: session.shown.step == shown and not session.time.is_going)
    for shown in (4, 8, 12):
        session.step()
        wait(qtbot, lambda shown=shown: session.shown.step == shown and not session.time.is_going)
    seen: list[int] = []
    session.frameShown.connect(lambda: seen.append(session.shown.step))
    session.time.play(-1)
    wait(qtbot, lambda: session.time.direction == 0 and session.shown.step == 0)
    session.time.play(1)
    wait(qtbot, lambda: session.time.direction == 0 and session.shown.step == 12)
    assert list(dict.fromkeys(seen)) == [8, 4, 0, 12]


def test_training_on_from_a_stored_step_is_another_future(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    session = desk.session
    rows = opened(desk, tmp_path)
    seek(qtbot, session, 9, 8)
    session.run()
    wait(qtbot, lambda: len(session.time.branches) == 2 and session.shown.step > 12)
    session.pause()
    wait(qtbot, lambda: session.state is State.PAUSED)
    first, second = session.time.branches
    assert (first.history.reach, second.begins) == (12, 8)
    seek(qtbot, session, 8, 8)
    assert np.array_equal(session.shown.rows, rows[8])
    seek(qtbot, session, 13, 13)  # made here: it is done again
    assert not session.time.is_as_stored
    with qtbot.waitSignal(session.runStarted, timeout=PATIENCE_MS):
        session.show_branch(first)
    seek(qtbot, session, 4, 4)
    assert np.array_equal(session.shown.rows, rows[4])


def test_a_machine_that_computes_alike_is_not_blamed(
    desk: Desk, problems: list[object], qtbot: QtBot, tmp_path: Path
) -> None:
    session = desk.session
    rows = opened(desk, tmp_path, otherwise=False)
    for step in (10, 8, 3, 12):
        seek(qtbot, session, step, step)
        assert not session.time.is_as_stored
        assert np.array_equal(session.shown.rows, rows.get(step, session.shown.rows))
    assert [type(each) for each in problems] == [TrainedElsewhere]
    assert problems[0].was == "torch 2.4.0, AVX512, 9 threads"


def test_saved_again_it_says_who_made_what(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    session = desk.session
    opened(desk, tmp_path)
    session.step(3)
    wait(qtbot, lambda: session.shown.step == 15)
    desk.target = desk.projects.path
    desk.open(desk.save())
    wait(qtbot, lambda: session.is_shown and session.shown.step == 15)
    made = {each.step: each.machine for each in read_hashes(session.history.keyframes)}
    assert {step: made[step] for step in (*STORED, 15)} == dict.fromkeys(STORED, ELSEWHERE) | {
        15: session.machine
    }
    seek(qtbot, session, 14, 14)
    assert not session.time.is_as_stored
    seek(qtbot, session, 10, 8)
    assert session.time.is_as_stored


def test_a_film_shows_what_is_stored(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    session, label = desk.session, QLabel("filmed")
    opened(desk, tmp_path)
    qtbot.addWidget(label)
    label.resize(200, 100)
    recording = Recording(session, desk.background, desk.background)
    plan = Plan(Subject("Label", label), "gif", 0, LAST, 3, 8, 320, captioned=True)
    seen: list[int] = []
    session.frameShown.connect(lambda: seen.append(session.shown.step))
    recording.record(plan, tmp_path / "run.gif")
    wait(qtbot, lambda: not recording.is_under_way)
    assert seen[:5] == [0, 0, 4, 8, 12]  # for steps 0, 3, 6, 9 and 12
    assert (tmp_path / "run.gif").is_file()
