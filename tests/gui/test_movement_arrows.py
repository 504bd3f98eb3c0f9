"""What moved a row as arrows in Space: where they lie, how long they are, when there are any."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.canvas.movement_arrows import PartArrows, PartSign, drawn_parts
from gui.canvas.part_looks import part_look
from gui.canvas.space_scene import Scene
from gui.canvas.space_view import SpaceView
from gui.panels.space import SpacePanel
from gui.session import Session, State
from gui.theme import theme_of
from tests.gui.movements import movement
from tests.gui.space_session import SpaceSession

FLAT = np.array([[-1, 0], [1, 0], [0, 0.5], [np.nan, np.nan]], np.float32)
DEEP = np.array([[-1, 0, 0], [1, 0, 0], [0, 0.5, 0], [0, 0, 1]], np.float32)


def view_of(qtbot: QtBot, points: np.ndarray, parts: PartArrows | None) -> SpaceView:
    view = SpaceView()
    view.setObjectName("spaceView")
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    view.show_scene(Scene(points, name_of="abcd".__getitem__, parts=parts))
    return view


def arrows(*ways: tuple[float, ...], id_: int = 1) -> PartArrows:
    kinds = ("gradient", "momentum", "decay")[: len(ways)]
    return PartArrows(id_, kinds, kinds, np.array(ways))


def ends(view: SpaceView) -> list[tuple[float, ...]]:
    """(x, y) of the start and the end of each arrow."""
    lines = [line for _, _, line in drawn_parts(view.picture).lines]
    return [(line.x1(), line.y1(), line.x2(), line.y2()) for line in lines]


def test_long_parts_lead_from_the_old_place_to_the_new_one(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT, arrows((0.5, 0.0), (0.0, 0.4), (-0.1, 0.0)))
    scale = view.picture.shown.scale
    x, y = view.picture.place(1)
    assert drawn_parts(view.picture).enlarged == 1
    first, second, third = ends(view)
    # Back from the new place by (.4, .4) all in all; y grows upwards.
    assert first == pytest.approx(
        (x - 0.4 * scale, y + 0.4 * scale, x + 0.1 * scale, y + 0.4 * scale), abs=0.1
    )
    assert second == pytest.approx((*first[2:], x + 0.1 * scale, y), abs=0.1)
    assert third == pytest.approx((*second[2:], x, y), abs=0.1)


def test_small_parts_are_enlarged_by_one_factor_and_point_on(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT, arrows((0.001, 0.0), (0.0, 0.0005), (1e-9, 0.0)))
    drawn = drawn_parts(view.picture)
    scale = view.picture.shown.scale
    assert drawn.enlarged in (100, 200, 500)
    assert 28 < drawn.enlarged * 0.001 * scale <= 70
    assert [kind for kind, *_ in drawn.lines] == ["gradient", "momentum"]  # the third is too short
    assert ends(view)[0][:2] == pytest.approx(view.picture.place(1), abs=0.1)
    texts = [entry.text for entry in view.legend()]
    head = f"what moved “b”, drawn {drawn.enlarged} times as long:"
    assert texts == [head, "gradient", "momentum"]
    assert view.legend()[1].sign == PartSign("gradient")


@pytest.mark.parametrize(
    "parts",
    [
        None,
        arrows((0.5, 0.0), id_=3),  # a row that is left out
        arrows((0.5, 0.0), id_=9),  # no row
        arrows((np.nan, 0.0)),
        arrows((0.0, 0.0)),
        arrows((1e-9, 0.0)),
    ],
)
def test_where_there_is_nothing_to_see_nothing_is_said(
    qtbot: QtBot, parts: PartArrows | None
) -> None:
    view = view_of(qtbot, FLAT, parts)
    assert drawn_parts(view.picture).lines == ()
    assert view.legend() == []
    view.grab()


def test_in_three_dimensions_the_camera_turns_the_arrows(qtbot: QtBot) -> None:
    view = view_of(qtbot, DEEP, arrows((0.0, 0.0, 0.5), (0.5, 0.0, 0.0)))
    view.look_along(2)  # the first part points at the viewer
    assert [kind for kind, *_ in drawn_parts(view.picture).lines] == ["momentum"]


def test_an_arrow_is_painted_in_the_colour_of_its_part(qtbot: QtBot) -> None:
    view = view_of(qtbot, FLAT, arrows((0.8, 0.0)))
    x1, y, x2, _ = ends(view)[0]
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    across, down = round((x1 + x2) / 2 * ratio), round(y * ratio)
    column = [picture.pixelColor(across, down + by) for by in (-1, 0, 1)]
    assert part_look("gradient", theme_of(view)).colour in column


@pytest.fixture
def told(qtbot: QtBot) -> tuple[SpaceSession, SpacePanel]:
    """A panel whose session knows why row 3 moved: by the gradient, and by decay."""
    session = SpaceSession()
    panel = SpacePanel(cast("Session", session))
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.show()
    session.select((3,))
    session.train((3,))
    session.movement.tell(movement(gradient=(0.2, 0.1, 0.0), decay=(0.0, 0.0, -0.1)))
    return session, panel


def test_the_scene_has_the_parts_of_the_move_on_its_axes(told) -> None:
    session, panel = told
    parts = panel.view.scene.parts
    assert parts.id == 3
    assert parts.kinds == ("gradient", "decay")
    assert parts.names == ("gradient", "weight decay")
    basis = session.shown.projected.basis
    assert parts.ways[0] == pytest.approx(np.array([0.2, 0.1, 0.0]) @ basis)
    assert parts.ways[1] == pytest.approx(np.array([0.0, 0.0, -0.1]) @ basis)
    assert "weight decay" in panel.view.accessibleDescription()


def test_what_is_not_explained_has_an_arrow_of_its_own(told) -> None:
    session, panel = told
    session.movement.tell(movement(gradient=(0.2, 0.1, 0.0), outside=0.5))
    assert panel.view.scene.parts.kinds == ("gradient", "unexplained")
    assert panel.view.scene.parts.names[1] == "not explained"


def test_there_are_no_arrows_while_nobody_asks_or_for_a_row_at_rest(told) -> None:
    session, panel = told
    session.movement.tell(movement(gradient=(0.0, 0.0, 0.0)))
    assert panel.view.scene.parts is None
    session.movement.tell(None)
    assert panel.view.scene.parts is None


def test_of_many_steps_at_once_the_last_one_has_no_arrows(told) -> None:
    session, panel = told
    session.state = State.RUNNING
    session.shown = replace(session.shown, step=40, since=2)
    session.frameShown.emit()
    assert panel.view.scene.parts is None
    session.shown = replace(session.shown, step=41, since=40)
    session.frameShown.emit()
    assert panel.view.scene.parts is not None
