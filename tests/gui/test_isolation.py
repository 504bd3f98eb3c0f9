"""Showing some tokens only: what is drawn, what is said, and that it outlives what happens."""

from typing import cast

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui import panel_numbers
from gui.panels.space import SpacePanel
from gui.session import Session
from tests.gui.sessions import session, step_to, wait
from tests.gui.space_session import ROWS, SpaceSession

__all__ = ["session"]


@pytest.fixture
def still() -> SpaceSession:
    return SpaceSession()


@pytest.fixture
def panel(qtbot: QtBot, still: SpaceSession) -> SpacePanel:
    panel = SpacePanel(cast("Session", still))
    qtbot.addWidget(panel)
    panel.resize(700, 400)
    panel.show()
    return panel


def caption(panel: SpacePanel) -> str:
    found = panel.findChild(QLabel, "spaceCaption")
    assert isinstance(found, QLabel)
    return found.text()


def show_all_button(panel: SpacePanel) -> QWidget:
    found = panel.findChild(QWidget, "spaceShowAllButton")
    assert isinstance(found, QWidget)
    return found


def drawn(panel: SpacePanel) -> list[int]:
    return np.flatnonzero(np.isfinite(panel.view.scene.points[:, 0])).tolist()


def test_only_these_are_drawn_and_it_is_said(panel, still, qtbot):
    assert not show_all_button(panel).isVisible()
    assert still.shown_only.show(("know", "code", "you"))
    assert drawn(panel) == [2, 3, 4]
    assert "3 of 8 tokens shown, PCA of these 3." in caption(panel)
    assert "left out" not in caption(panel)
    assert panel.view.inside() == 3
    show_all_button(panel).click()
    assert drawn(panel) == list(range(8))
    assert "8 of 8 points drawn." in caption(panel)
    assert not show_all_button(panel).isVisible()


def test_directions_are_not_called_a_pca(panel, still):
    still.chosen_axes.show_directions(("code → you",))
    still.shown_only.show(("know", "to", "need"))
    assert "3 of 8 tokens shown." in caption(panel)
    assert drawn(panel) == [4, 5, 6]


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("code",), "One row alone has no variance."),
        (("<unk>", "<pad>"), "All rows are equal: there is no variance."),
        (("code", "you"), "100%"),
    ],
)
def test_few_rows_have_a_sentence(panel, still, tokens, sentence):
    still.shown_only.show(tokens)
    assert sentence in caption(panel)
    still.set_dimensions(3)
    assert len(drawn(panel)) == len(tokens)


def test_rows_with_nan_are_told_apart_from_those_not_shown(panel, still):
    rows = ROWS.copy()
    rows[2] = np.nan
    still.begin(rows)
    still.shown_only.show(("code", "you", "know"))
    assert "3 of 8 tokens shown" in caption(panel)
    assert "code (id 2) is left out" in caption(panel)
    still.shown_only.show(("code",))
    assert "There is no row to show." in caption(panel)


def test_tokens_that_are_not_there_change_nothing(panel, still):
    assert not still.shown_only.show(("nowhere",))
    assert still.shown_only.tokens is None
    assert drawn(panel) == list(range(8))


def test_the_file_has_only_these(panel, still):
    still.shown_only.show(("code", "need"))
    numbers = panel_numbers.space_numbers(cast("Session", still))
    assert numbers.ids.tolist() == [2, 6]


def test_trails_of_others_are_not_drawn(panel, still):
    still.state = still.state.RUNNING
    for _ in range(4):
        still.train((2, 3))
    assert {trail.id for trail in panel.view.scene.trails} == {2, 3}
    still.shown_only.show(("code", "need"))
    assert {trail.id for trail in panel.view.scene.trails} == {2}


def test_it_goes_on_while_it_trains_and_after_another_run(session, qtbot):
    session.shown_only.show(("code", "you", "know"))
    wait(qtbot, lambda: session.shown.projected.only is not None)
    step_to(qtbot, session, 30)
    projected = session.shown.projected
    ids = [session.vocabulary.id(token) for token in ("code", "you", "know")]
    assert projected.only.tolist() == sorted(ids)
    wait(qtbot, lambda: session.shown.projected.turning == 1)
    centre = session.shown.rows[sorted(ids)].mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(session.shown.projected.centre, centre, atol=1e-6)
    session.reset()
    wait(qtbot, lambda: session.shown.step == 0)
    wait(qtbot, lambda: session.shown.projected.only is not None)
    session.add_to_sentences("run")
    wait(qtbot, lambda: len(session.vocabulary) == 9)
    assert session.shown.projected.only.tolist() == sorted(ids)


def test_another_text_shows_all(session, qtbot):
    session.shown_only.show(("code", "know", "need", "how"))
    session.open_example("small-world")
    wait(qtbot, lambda: len(session.vocabulary) > 9)
    assert session.shown_only.tokens is None
    wait(qtbot, lambda: session.shown.projected.only is None)


def test_the_view_fits_what_is_shown(panel, still, qtbot):
    for show in (lambda: still.shown_only.show(("to", "how", "<unk>")), still.shown_only.show_all):
        panel.view.zoom(30.0)
        show()
        shown = len(drawn(panel))
        qtbot.waitUntil(lambda shown=shown: panel.view.inside() == shown)
        qtbot.waitUntil(lambda: not panel.view._keeper.moving)
        assert panel.view.inside() == shown
