"""Picking tokens in Space with a rectangle, keeping them, showing them alone."""

from collections.abc import Callable

import numpy as np

from gui.theme import LIGHT
from tests.e2e.desk import Desk
from tests.e2e.worked_example import ARTICLE

EDGE = 0.42  # of the window's width that the frame around the points has at least


def view_of(desk: Desk) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the points' view, which has the focus and a frame for it."""
    accent = np.array(LIGHT.accent.getRgb()[:3], np.uint8)

    def frame() -> tuple[int, int, int, int] | None:
        lit = (desk.window.pixels() == accent).all(axis=2)
        lines = np.flatnonzero(lit.sum(axis=1) > EDGE * lit.shape[1])
        if len(lines) < 2:
            return None
        columns = np.flatnonzero(lit[lines[0] : lines[-1]].mean(axis=0) > 0.95)
        if len(columns) < 2:
            return None
        return int(columns[0]), int(lines[0]), int(columns[-1]), int(lines[-1])

    found = desk.program.wait_until(frame, what="a frame around the points")
    assert found is not None
    return found


def draw(desk: Desk, left: int, top: int, right: int, bottom: int) -> None:
    """Press, drag and let go."""
    screen, id_ = desk.window.screen, desk.window.id
    middle = ((left + right) // 2, (top + bottom) // 2)
    desk.window.move_to(left, top)
    screen.xdotool("mousedown", 1)
    for x, y in (middle, (right, bottom)):
        screen.xdotool("mousemove", "--sync", "--window", id_, x, y)
    screen.xdotool("mouseup", 1)


def kept(desk: Desk) -> set[str]:
    """What is picked, as the list that is made of it copies it."""
    desk.do("Keep what is picked as a list")
    desk.window.key("Escape")  # it may keep the name it was given
    return set(desk.copy().splitlines())


def test_a_rectangle_a_list_and_a_part_shown_alone(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    left, top, right, bottom = view_of(desk)
    desk.window.key("r")
    draw(desk, left + 2, top + 2, right - 2, bottom - 2)
    assert kept(desk) == set(ARTICLE)
    draw(desk, left + 2, top + 2, (left + right) // 2 - 6, bottom - 2)
    few = kept(desk)
    assert few == {"<unk>", "<pad>", "to", "how"}
    desk.window.save_picture("lists")
    before = desk.window.pixels()
    desk.do("Show only what is picked")
    view = (slice(top, bottom), slice(left, right))
    desk.wait_for_change(before, view)
    desk.wait_for_rest()
    desk.window.save_picture("shown-alone")
    draw(desk, left + 2, top + 2, right - 2, bottom - 2)
    assert kept(desk) == few  # nothing else is there to be picked
    before = desk.window.pixels()
    desk.do("Show all tokens")
    desk.wait_for_change(before, view)
    desk.wait_for_rest()
    draw(desk, left + 2, top + 2, right - 2, bottom - 2)
    assert kept(desk) == set(ARTICLE)


def test_a_rectangle_by_keys(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    view_of(desk)
    desk.window.key("r", "Left", *["Up"] * 40, "space", *["Down"] * 80, *["Left"] * 60, "space")
    assert kept(desk) == {"<unk>", "<pad>", "to", "how"}
