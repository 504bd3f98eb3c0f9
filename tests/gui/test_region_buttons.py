"""The buttons in Space's bar that pick by rectangle and by lasso, and what is said of it."""

from typing import cast

import numpy as np
import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from gui.panels.space import SpacePanel
from gui.panels.space_scenes import MOST_RINGED
from gui.session import Session
from tests.gui.space_session import SpaceSession


@pytest.fixture
def session() -> SpaceSession:
    return SpaceSession()


@pytest.fixture
def panel(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    made = SpacePanel(cast("Session", session))
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    made.said = []
    made.regions.told.connect(made.said.append)
    return made


def button(panel: SpacePanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_one_of_two_modes_or_neither(panel):
    rectangle = button(panel, "spaceRectangleButton")
    lasso = button(panel, "spaceLassoButton")
    rectangle.click()
    assert panel.view.tool.mode == "rectangle"
    assert panel.view.hasFocus()  # so that the keys draw
    lasso.click()
    assert panel.view.tool.mode == "lasso"
    assert not rectangle.isChecked()
    lasso.click()
    assert panel.view.tool.mode == ""
    panel.view.tool.set_mode("rectangle")  # by its key
    assert rectangle.isChecked()
    assert [text.partition(",")[0] for text in panel.said] == [
        "Drag a rectangle",
        "Draw around tokens",
        "",
        "Drag a rectangle",
    ]


def choose(panel: SpacePanel, ids: list[int], how: str) -> str:
    panel.view.tool.chosen.emit(np.array(ids, np.intp), how)
    return panel.said[-1]


def test_what_was_chosen_is_picked_and_said(panel, session):
    assert choose(panel, [2, 3], "replace") == "2 tokens are picked."
    assert choose(panel, [3, 5], "add") == "3 tokens are picked."
    assert session.selection == (2, 3, 5)
    assert choose(panel, [2, 3, 7], "subtract") == "1 token is picked."
    assert session.selection == (5,)


def test_nothing_is_a_sentence_too(panel, session):
    session.select((5,))
    kept = "There is no token in there: what is picked stays as it is."
    assert choose(panel, [], "add") == kept
    assert choose(panel, [], "subtract") == kept
    assert session.selection == (5,)
    assert choose(panel, [], "replace") == "There is no token in there: nothing is picked."
    assert session.selection == ()


def test_all_that_was_picked_may_be_taken_away(panel, session):
    session.select((5, 2))
    assert choose(panel, [2, 5], "subtract") == "Nothing is picked any more."


def test_many_picked_points_are_told_by_the_others(panel, session):
    rows = np.random.default_rng(0).normal(size=(2 * MOST_RINGED, 3)).astype(np.float32)
    session.begin(rows)
    session.select(tuple(range(MOST_RINGED + 1)))
    scene = panel.view.scene
    assert scene.selected == tuple(range(1, MOST_RINGED + 1))  # those picked last have rings
    assert scene.picked == MOST_RINGED + 1
    assert np.flatnonzero(scene.faint).tolist() == list(range(MOST_RINGED + 1, 2 * MOST_RINGED))
    texts = [entry.text for entry in panel.view.legend()]
    assert "the last 1,000 of 1,001 picked; the others are faint" in texts
    session.hover(3)
    assert panel.view.scene.faint is scene.faint  # the same array: nothing is painted anew for it
    session.select((1,))
    assert panel.view.scene.faint is None
