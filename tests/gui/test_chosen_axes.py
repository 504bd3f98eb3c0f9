"""Choosing axes: the bars, the menu and the lines over the points, by mouse and by keyboard."""

from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from core.vocabulary import Vocabulary, VocabularyConfig
from gui.canvas.variance_bars import VarianceBars
from gui.panels.axes_bar import AxesButton, AxesLines
from gui.panels.space import SpacePanel
from gui.session import Session
from tests.gui.space_session import ROWS, TOKENS, SpaceSession

WIDE = np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32) * 0.6 ** np.arange(6)


@pytest.fixture
def session() -> SpaceSession:
    return SpaceSession(WIDE.astype(np.float32))


@pytest.fixture
def panel(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    panel = SpacePanel(cast("Session", session))
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    return panel


def bars(panel: SpacePanel) -> VarianceBars:
    found = panel.findChild(VarianceBars, "spaceBars")
    assert isinstance(found, VarianceBars)
    return found


def line(panel: SpacePanel, number: int) -> QLineEdit:
    found = panel.findChild(QLineEdit, f"spaceAxisLine{number}")
    assert isinstance(found, QLineEdit)
    return found


def caption(panel: SpacePanel) -> str:
    found = panel.findChild(QLabel, "spaceCaption")
    assert isinstance(found, QLabel)
    return found.text()


def numbers(session: SpaceSession) -> list[int]:
    assert session.shown is not None
    return [axis.number for axis in session.shown.projected.axes]


def click(qtbot: QtBot, panel: SpacePanel, number: int) -> None:
    middle = bars(panel).bar(number).center()
    qtbot.mouseClick(
        bars(panel), Qt.MouseButton.LeftButton, pos=QPoint(int(middle.x()), int(middle.y()))
    )


# ── bars ──────────────────────────────────────────────────────────────────────────────────────


def test_a_clicked_bar_is_shown_in_place_of_the_one_chosen_longest_ago(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession
) -> None:
    click(qtbot, panel, 3)
    assert numbers(session) == [2, 3]
    assert caption(panel).startswith("PC 2: ")
    click(qtbot, panel, 5)
    assert numbers(session) == [3, 5]
    click(qtbot, panel, 3)
    assert numbers(session) == [5, 3]


def test_in_three_dimensions_the_last_three_are_shown(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession
) -> None:
    session.set_dimensions(3)
    click(qtbot, panel, 5)
    assert numbers(session) == [2, 3, 5]


def test_the_keys_go_through_the_bars_and_choose(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession
) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Space):
        qtbot.keyClick(bars(panel), key)
    assert numbers(session) == [2, 4]
    qtbot.keyClick(bars(panel), Qt.Key.Key_End)
    qtbot.keyClick(bars(panel), Qt.Key.Key_X)
    assert numbers(session) == [6, 4]
    qtbot.keyClick(bars(panel), Qt.Key.Key_Y)  # changes places with the one that is there
    assert numbers(session) == [4, 6]
    qtbot.keyClick(bars(panel), Qt.Key.Key_Home)
    assert bars(panel).accessibleDescription().startswith("PC 1: ")
    qtbot.keyClick(bars(panel), Qt.Key.Key_Z)  # two dimensions have none
    assert numbers(session) == [4, 6]


def test_each_bar_tells_its_share_and_whether_it_is_shown(
    panel: SpacePanel, session: SpaceSession
) -> None:
    assert session.shown is not None
    share = round(100 * float(session.shown.projected.spectrum[0]), 1)
    assert bars(panel).text_of(1) == f"PC 1: {share}% of the variance in step 0, shown"
    assert not bars(panel).text_of(3).endswith("shown")


def test_bars_of_nothing_can_be_painted_and_pressed(qtbot: QtBot) -> None:
    widget = VarianceBars()
    qtbot.addWidget(widget)
    for shares in (np.empty(0), np.full(3, np.nan), np.zeros(2)):
        widget.show_spectrum(shares, (1,), 4)
        widget.grab()
        qtbot.keyClick(widget, Qt.Key.Key_Right)
    assert widget.text_of(1) == "PC 1: 0.0% of the variance in step 4, shown"
    widget.show_spectrum(np.full(3, np.nan), (), 4)
    assert widget.text_of(2) == "PC 2: no variance"


# ── directions ────────────────────────────────────────────────────────────────────────────────


def write(qtbot: QtBot, panel: SpacePanel, *texts: str) -> None:
    for number, text in enumerate(texts):
        line(panel, number).setText(text)
    qtbot.keyClick(line(panel, 0), Qt.Key.Key_Return)


def test_directions_are_written_shown_and_left_again(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession
) -> None:
    button = panel.findChild(AxesButton, "spaceAxesButton")
    lines = panel.findChild(AxesLines, "spaceAxesLines")
    assert isinstance(button, AxesButton)
    assert isinstance(lines, AxesLines)
    assert not lines.isVisible()
    session.select((2, 3))
    button.tokens.trigger()
    assert lines.isVisible()
    assert line(panel, 0).text() == "code → you"  # what is picked
    write(qtbot, panel, "code, know->you", "to → how")
    assert line(panel, 0).text() == "code, know → you"
    assert panel.view.scene.axis_names[0].startswith("code, know → you · ")
    assert "° apart, drawn at a right angle." in caption(panel)
    assert button.tokens.isChecked()
    assert session.shown is not None
    projected = session.shown.projected
    cosine = float(projected.basis[:, 0] @ projected.basis[:, 1])
    assert f"{round(float(np.degrees(np.arccos(cosine))))}° apart" in caption(panel)
    button.components.trigger()
    assert not lines.isVisible()
    assert caption(panel).startswith("PC 1: ")
    assert button.components.isChecked()


def test_a_direction_that_is_none_is_refused_and_nothing_changes(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession
) -> None:
    write(qtbot, panel, "code → nobody")
    write(qtbot, panel, "code → code")
    write(qtbot, panel, "code")
    assert [problem.reason for problem in session.problems] == [
        "unknown-token",
        "same-token",
        "no-arrow",
    ]
    assert session.chosen_axes.words == ()
    assert caption(panel).startswith("PC 1: ")


def test_two_equal_rows_are_no_direction(qtbot: QtBot) -> None:
    session = SpaceSession(np.hstack([ROWS, ROWS]))  # <unk> and <pad> are all zeros
    assert not session.chosen_axes.show_directions(("<unk> → <pad>",))
    assert session.problems[0].reason == "equal"
    session.deleteLater()


def test_directions_keep_their_tokens_when_the_vocabulary_is_numbered_anew(
    panel: SpacePanel, session: SpaceSession
) -> None:
    assert session.chosen_axes.show_directions(("code → you",))
    swapped = (*TOKENS[:2], "you", "code", *TOKENS[4:])
    session.vocabulary = Vocabulary.from_tokens(swapped, VocabularyConfig(), ["code you"])
    session.vocabularyChanged.emit()
    assert session.shown is not None
    way = (WIDE[2] - WIDE[3]).astype(np.float64)  # code is row 3 now
    basis = session.shown.projected.basis[:, 0]
    np.testing.assert_allclose(basis, way / np.linalg.norm(way), atol=1e-6)
    session.vocabulary = Vocabulary.from_tokens(
        (*TOKENS[:2], "you", "lode", *TOKENS[4:]), VocabularyConfig(), ["lode you"]
    )
    session.vocabularyChanged.emit()
    assert session.problems[-1].tokens == ["code"]
    assert session.chosen_axes.words == ()
    assert caption(panel).startswith("PC 1: ")


def test_the_axes_button_says_what_it_is_for(panel: SpacePanel) -> None:
    button = panel.findChild(QToolButton, "spaceAxesButton")
    assert isinstance(button, QToolButton)
    assert button.accessibleName() == "Axes"
    assert button.accessibleDescription()


def test_escape_puts_the_lines_away(qtbot: QtBot, panel: SpacePanel) -> None:
    lines = panel.findChild(AxesLines, "spaceAxesLines")
    assert isinstance(lines, AxesLines)
    lines.open()
    qtbot.keyClick(line(panel, 0), Qt.Key.Key_Escape)
    assert not lines.isVisible()


# ── looking along ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_keys_1_to_3_look_along_an_axis(
    qtbot: QtBot, panel: SpacePanel, session: SpaceSession, axis: int
) -> None:
    key = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)[axis]
    before = panel.view.camera
    qtbot.keyClick(panel.view, key)
    assert panel.view.camera == before  # two dimensions have nothing to turn
    session.set_dimensions(3)
    qtbot.keyClick(panel.view, key)
    towards = panel.view.camera.basis()[:, 2]
    np.testing.assert_allclose(towards, np.eye(3)[axis], atol=1e-6)
