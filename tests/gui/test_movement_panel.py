"""The panel that tells why a row moved, over a real engine."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel, QTableView

from core.config import OptimizerConfig
from gui.canvas.movement_bar import MovementBar
from gui.canvas.part_looks import part_look
from gui.panels.movement import MovementPanel
from gui.panels.movement_model import NAME
from gui.session import State
from gui.theme import DARK, LIGHT, apply_theme
from tests.gui.movements import movement
from tests.gui.sessions import session, step_to, wait

__all__ = ["session"]

BOTH = OptimizerConfig("sgd", 0.1, 0.9, weight_decay=0.05)


@pytest.fixture
def panel(qtbot, session):
    made = MovementPanel(session)
    qtbot.addWidget(made)
    made.resize(360, 300)
    made.show()
    wait(qtbot, lambda: session.movement.movement is not None)
    return made


def text(panel, name):
    return panel.findChild(QLabel, name).text()


def names(panel):
    model = panel.findChild(QTableView, "movementList").model()
    return [model.index(row, NAME).data() for row in range(model.rowCount())]


def shows(panel):
    """Whether a move is taken apart; otherwise there are words instead."""
    return panel.findChild(MovementBar).isVisible()


def test_before_the_first_step_it_says_what_to_do(panel):
    assert not shows(panel)
    assert text(panel, "movementInstead") == (
        "you  (id 3): no step yet. Do one, to see what moves the row."
    )


def test_a_step_is_taken_apart(qtbot, session, panel):
    session.set_optimizer(BOTH)
    step_to(qtbot, session, 1)
    step_to(qtbot, session, 2)
    assert shows(panel)
    assert text(panel, "movementTitle") == "you  (id 3)"
    assert names(panel) == ["gradient", "momentum", "weight decay", "rounding"]
    moved = session.movement.movement
    assert moved.is_explained
    assert moved.after == pytest.approx(session.shown.rows[3], abs=0)
    size = float(np.linalg.norm(moved.change))
    assert text(panel, "movementSentence") == f"Moved by ≈ {size:.3g} in step 2."
    bar = panel.findChild(MovementBar)
    assert len(bar.boxes()) >= 2
    assert "−lr · μ · b" in bar.accessibleDescription()
    assert bar.accessibleDescription().count("\n") == 3  # a line for each part


def test_tied_output_weights_stand_beside_the_gradient_by_lookup(qtbot, session, panel):
    with qtbot.waitSignal(session.runStarted, timeout=60_000):
        session.set_objective(replace(session.config.objective, tied=True))
    step_to(qtbot, session, 1)
    wait(qtbot, lambda: "tied output weights" in names(panel))
    assert names(panel) == ["gradient by lookup", "tied output weights", "rounding"]
    bar = panel.findChild(MovementBar)
    assert "output weights" in bar.accessibleDescription()
    session.select((1,))  # the pad: padding_idx keeps the gradient of the lookup away, no more
    wait(qtbot, lambda: session.movement.movement is not None and session.movement.movement.id == 1)
    parts = session.movement.movement.parts
    assert not parts["gradient"].any()
    assert parts["tied"].any()
    assert session.movement.movement.is_explained


def test_another_row_is_told_of_the_same_step(qtbot, session, panel):
    step_to(qtbot, session, 3)
    session.select((2,))  # “code”, the last word, is no input: it stands still without decay
    wait(qtbot, lambda: session.movement.movement is not None)
    assert text(panel, "movementInstead") == "code  (id 2): did not move in step 3."
    session.select((6,))
    wait(qtbot, lambda: session.movement.movement is not None)
    assert session.movement.movement.id == 6
    session.select(())
    assert text(panel, "movementInstead").startswith("Click a token")


def test_an_edit_is_told(qtbot, session, panel):
    session.set_cell(3, 1, 2.0)
    wait(qtbot, lambda: shows(panel))
    assert text(panel, "movementSentence") == "Edited before the first step: moved by 1.5."
    assert names(panel) == ["edit by hand", "rounding"]
    step_to(qtbot, session, 1)
    session.set_cell(3, 0, 5.0)
    wait(qtbot, lambda: "edit by hand" in names(panel) and session.shown.rows[3][0] == 5)
    assert text(panel, "movementSentence").endswith("in step 1 and by the edit after it.")
    assert session.movement.movement.is_explained


def test_it_asks_only_while_it_is_on_screen(qtbot, session, panel):
    panel.hide()
    assert session.movement.movement is None
    step_to(qtbot, session, 1)
    assert session.shown.movements is None
    panel.show()
    assert session.movement.is_awaited
    assert "is being done once more" in text(panel, "movementInstead")
    wait(qtbot, lambda: session.movement.movement is not None)
    assert session.shown.step == 1
    assert shows(panel)


def test_a_run_is_followed_and_its_rest_explained(qtbot, session, panel):
    session.run()
    wait(qtbot, lambda: session.shown.step > 20)
    session.pause()
    wait(qtbot, lambda: session.state is State.PAUSED)
    wait(
        qtbot,
        lambda: (
            session.movement.movement is not None
            and session.movement.movement.step == session.shown.step
            and np.array_equal(session.movement.movement.after, session.shown.rows[3])
        ),
    )
    assert session.movement.movement.is_explained


def told(session, panel, moved):
    """Let the panel show `moved`, as if the engine had told it."""
    session._live.shown = session.shown.explained_by({moved.id: moved})
    session.movement.take()


def test_what_no_part_explains_is_said_in_words(session, panel):
    told(session, panel, movement(gradient=(0.1, 0.0, 0.0), outside=0.25))
    assert text(panel, "movementNote") == (
        "≈ 0.25 is not explained by any part: something else wrote into the row."
    )
    assert names(panel) == ["gradient", "not explained"]


def test_a_row_that_is_not_finite_is_no_sum(session, panel):
    told(session, panel, movement(gradient=(float("nan"), 0.0, 0.0)))
    assert text(panel, "movementNote") == "With NaN or Inf in the row there is no sum of parts."


def test_what_cannot_be_told_is_said(session, panel):
    session._live.shown = session.shown.explained_by({})
    session.movement.take()
    assert "cannot be told" in text(panel, "movementInstead")
    assert not session.movement.is_awaited


def test_another_theme_is_taken_on(qtbot, session, panel, qapp):
    told(session, panel, movement(gradient=(0.5, 0.0, 0.0)))
    bar = panel.findChild(MovementBar)

    def seen():
        return bar.grab().toImage().pixelColor(bar.width() // 2, 9)

    for theme in (DARK, LIGHT):
        apply_theme(qapp, theme.name)
        expected = part_look("gradient", theme).colour
        wait(qtbot, lambda colour=expected: seen() == colour)


def test_another_engine_is_asked_the_same(qtbot, session, panel):
    step_to(qtbot, session, 4)
    wait(qtbot, lambda: session.movement.movement is not None)
    before = session.movement.movement
    session._live._engine.kill()
    wait(qtbot, lambda: session.state is not State.PAUSED)
    wait(qtbot, lambda: session.state is State.PAUSED and session.movement.movement is not before)
    wait(qtbot, lambda: session.movement.movement is not None)
    again = session.movement.movement
    assert again.step == 4
    assert np.array_equal(again.after, before.after)
    assert np.array_equal(again.parts["gradient"], before.parts["gradient"])
