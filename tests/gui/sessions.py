"""Waiting for a real session with a real engine."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.session import Session, State
from tests.gui.patient_bot import PATIENCE_MS


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """A session on the article example, its first table shown."""
    made = Session()
    try:
        wait(qtbot, lambda: made.state is State.PAUSED)
        yield made
    finally:  # Qt ends the whole process if a thread is forgotten while it runs
        made.close()


def wait(qtbot: QtBot, predicate) -> None:
    """Until `predicate` holds, or the test fails."""
    qtbot.waitUntil(predicate, timeout=PATIENCE_MS)


def step_to(qtbot: QtBot, session: Session, step: int) -> None:
    """Train until `step` is shown, and nothing is under way."""
    session.step(step - session.shown.step)
    wait(qtbot, lambda: session.shown.step == step)
