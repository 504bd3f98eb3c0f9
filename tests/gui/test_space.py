"""The Space panel: it follows the session, and says what it shows."""

from functools import partial
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.canvas.trails import MOST_MARKS
from gui.panels.space import SpacePanel
from gui.session import Session, State
from gui.theme import DARK, LIGHT, ThemeChoice, apply_theme
from tests.gui.space_session import ROWS, SpaceSession


def panel_of(qtbot: QtBot, session: SpaceSession) -> SpacePanel:
    panel = SpacePanel(cast("Session", session))
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    return panel


def caption(panel: SpacePanel) -> str:
    label = panel.findChild(QLabel, "spaceCaption")
    assert isinstance(label, QLabel)
    return label.text()


def button(panel: SpacePanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def place(panel: SpacePanel, id_: int) -> QPoint:
    found = panel.view.picture.place(id_)
    assert found is not None
    return QPoint(round(found[0]), round(found[1]))


def test_every_row_is_a_point_in_view(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    assert session.shown is not None
    assert panel.view.scene.points is session.shown.projected.points
    assert panel.view.inside() == 8
    assert "8 of 8 points drawn." in caption(panel)


def test_the_caption_says_what_the_axes_are(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    assert caption(panel).startswith("PC 1: ")
    assert "Axes: following." in caption(panel)
    qtbot.keyClick(panel.view, Qt.Key.Key_H)
    assert session.axes == "held"
    assert button(panel, "spaceHoldButton").isChecked()
    session.train((2, 3))
    assert caption(panel).startswith("Axis 1: PC 1 of step 0, ")
    assert "Axes: held since step 0." in caption(panel)
    assert caption(panel).replace("\n", " ") in panel.view.accessibleDescription().replace(
        "\n", " "
    )


def test_a_step_draws_an_arrow_for_each_move_from_where_the_point_was(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.train(touched=(3, 6), drifted=(2,))
    scene = panel.view.scene
    assert scene.touched.ids.tolist() == [3, 6]
    assert scene.drifted.ids.tolist() == [2]
    moves = scene.moves
    assert moves is not None
    assert dict(zip(moves.ids.tolist(), moves.by_gradient.tolist(), strict=True)) == {
        3: True,
        6: True,
        2: False,
    }
    assert session.shown is not None
    starts = session.shown.projected.project(ROWS[moves.ids])
    assert moves.starts == pytest.approx(starts, abs=1e-6)
    assert scene.trails == ()


def test_running_draws_trails_and_no_arrows(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.type(7)
    session.state = State.RUNNING
    for _ in range(3):
        session.train(touched=(3, 6))
    assert panel.view.scene.moves is None
    trails = {trail.id: trail.points for trail in panel.view.scene.trails}
    assert set(trails) == {3, 6, 7}  # what moved most, and what is typed
    assert session.shown is not None
    points = session.shown.projected.points
    assert trails[3][-1] == pytest.approx(points[3], abs=1e-6)
    assert any("3" in entry.text for entry in panel.view.legend())


def test_trails_end_with_the_first_step_made_by_hand(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.state = State.RUNNING
    for _ in range(3):
        session.train(touched=(3,))
    session.state = State.PAUSED
    session.train(touched=(3,))  # the last frame of the run
    assert panel.view.scene.trails
    session.train(touched=(3,))
    assert panel.view.scene.trails == ()
    assert panel.view.scene.moves is not None


def test_another_run_forgets_trails_and_marks(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.state = State.RUNNING
    for _ in range(3):
        session.train(touched=(3, 7))
    session.state = State.PAUSED
    session.begin(np.eye(5, 4, dtype=np.float32))
    panel.grab()
    scene = panel.view.scene
    assert scene.trails == ()
    assert scene.moves is None
    assert scene.prominent == ()
    assert "5 of 5 points drawn." in caption(panel)


def test_marks_of_the_frame_before_are_not_put_on_another_table(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.train(touched=(7,))
    session.blockSignals(True)
    session.begin(ROWS[:4])
    session.blockSignals(False)
    session.vocabularyChanged.emit()  # comes before the signal of the new run
    panel.grab()
    assert panel.view.scene.touched.total == 0
    assert panel.view.scene.moves is None


def test_hovering_and_picking_are_the_sessions(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    qtbot.mouseMove(panel.view, place(panel, 6))
    assert session.hovered == 6
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place(panel, 6))
    assert session.selection == (6,)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, control, place(panel, 2))
    assert session.selection == (6, 2)
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, control, place(panel, 6))
    assert session.selection == (2,)
    assert panel.view.scene.selected == (2,)
    qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(300, 5))
    assert session.selection == ()


def test_what_others_hover_pick_and_type_is_lit_here(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)
    session.type(3, 6, 3)
    session.select((5,))
    session.hover(2)
    assert panel.view.scene.that_matter() == (2, 5, 3, 6)


def test_three_dimensions_and_back(qtbot: QtBot) -> None:
    session = SpaceSession(np.hstack([ROWS, ROWS[::-1]]))
    panel = panel_of(qtbot, session)
    button(panel, "spaceThreeButton").click()
    assert session.dimensions == 3
    assert panel.view.scene.dimensions == 3
    assert caption(panel).count("PC ") == 3
    panel.grab()
    button(panel, "spaceTwoButton").click()
    assert panel.view.scene.dimensions == 2


def test_plain_coordinates_have_no_axes_to_hold(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, SpaceSession(ROWS[:, :2]))
    assert caption(panel) == "Coordinates 0 and 1 as they are.\n8 of 8 points drawn."
    assert not button(panel, "spaceHoldButton").isEnabled()
    assert panel.view.scene.plain


def test_a_row_with_nan_is_left_out_and_named(qtbot: QtBot) -> None:
    rows = ROWS.copy()
    rows[6, 1] = np.nan
    panel = panel_of(qtbot, SpaceSession(rows))
    panel.grab()
    assert "7 of 8 points drawn." in caption(panel)
    assert "need (id 6) is left out" in caption(panel)


def test_points_outside_the_view_are_counted(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, SpaceSession())
    panel.view.zoom(1000)
    assert "outside the view" in caption(panel)
    button(panel, "spaceFitButton").click()
    qtbot.waitUntil(lambda: "outside the view" not in caption(panel))


def test_without_a_table_it_says_so(qtbot: QtBot) -> None:
    session = SpaceSession()
    session.shown = None
    panel = panel_of(qtbot, session)
    panel.grab()
    assert caption(panel) == "The points appear when the table is ready."


def test_only_the_largest_marks_of_very_many_are_drawn_and_that_is_said(qtbot: QtBot) -> None:
    rows = np.random.default_rng(0).normal(size=(1000, 4)).astype(np.float32)
    session = SpaceSession(rows)
    panel = panel_of(qtbot, session)
    session.train(touched=tuple(range(1000)))
    assert len(panel.view.scene.touched.ids) == MOST_MARKS
    assert panel.view.scene.moves is not None
    assert len(panel.view.scene.moves.ids) == MOST_MARKS
    assert f"got a gradient (largest {MOST_MARKS} of 1,000)" in [
        e.text for e in panel.view.legend()
    ]


def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, SpaceSession())
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
            assert widget.objectName()
            assert widget.accessibleName()


def test_small_moves_are_enlarged_and_that_is_said(qtbot: QtBot) -> None:
    session = SpaceSession()
    panel = panel_of(qtbot, session)

    def said() -> str:
        return " ".join(entry.text for entry in panel.view.legend())

    session.train(touched=(3,), by=0.2)
    assert "move, to scale" in said()
    assert panel.view.picture.enlarged == 1
    session.train(touched=(3,), by=5e-3)
    assert f"move, drawn {panel.view.picture.enlarged} times as long" in said()
    longest = np.hypot(*panel.view.picture.ways[0]) * panel.view.picture.enlarged
    assert 20 <= longest <= 50
    session.train(touched=(3,), by=1e-7)
    assert "moves: too small to be drawn" in said()


def test_the_buttons_follow_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    panel = panel_of(qtbot, SpaceSession())
    fit = button(panel, "spaceFitButton")

    def face() -> QColor:
        return fit.grab().toImage().pixelColor(fit.width() // 2, 3)

    for choice, theme in (("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        apply_theme(qapp, cast("ThemeChoice", choice))
        qtbot.waitUntil(partial(lambda wanted: face() == wanted, theme.raised))
    apply_theme(qapp, "system")
