"""What follows ten times a second while training runs: never of mixed steps, and exact at rest."""

import numpy as np
from PySide6.QtWidgets import QLabel, QTableView
from pytestqt.qtbot import QtBot

from gui.panels.token_details import TokenDetailsPanel
from gui.session import State
from tests.gui.table_session import FakeSession, a_step, article_session


def told(panel: TokenDetailsPanel) -> str:
    return panel.findChild(QLabel, "detailsFacts").text()


def first_value(panel: TokenDetailsPanel) -> str:
    model = panel.findChild(QTableView, "detailsVector").model()
    return model.index(0, 0).data()


def running(qtbot: QtBot) -> tuple[FakeSession, TokenDetailsPanel]:
    """The details of id 3 at step 1 of a run that goes on."""
    session = article_session()
    panel = TokenDetailsPanel(session)
    qtbot.addWidget(panel)
    session.select((3,))
    session.state = State.RUNNING
    session.stateChanged.emit()
    session.show(a_step(session, 1))
    panel._throttle.now()
    return session, panel


def test_details_keep_to_one_step_between_two_looks(qtbot: QtBot) -> None:
    session, panel = running(qtbot)
    before, value = told(panel), first_value(panel)
    assert "step 1" in before
    rows = session.shown.rows
    rows.flags.writeable = True
    rows[3] = np.float32(7)  # the engine uses the memory again for a frame to come
    session.show(a_step(session, 2))  # within the tenth of a second
    assert told(panel) == before
    assert first_value(panel) == value


def test_details_catch_up_when_training_pauses(qtbot: QtBot) -> None:
    session, panel = running(qtbot)
    session.show(a_step(session, 2))
    assert "step 2" not in told(panel)
    session.state = State.PAUSED
    session.stateChanged.emit()
    assert "step 2" in told(panel)
    session.show(a_step(session, 3))
    assert "step 3" in told(panel)
