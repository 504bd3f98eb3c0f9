"""Themes, sizes and what is remembered; each main state is also kept as a picture to look at."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.desk import Desk

SETTINGS = Path("Embedscope", "Embedscope.conf")


def test_the_theme_is_chosen_in_a_menu_and_remembered(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = sit_down()
    desk.table()
    assert brightness(desk) > 180
    # View, its last entry Theme, the last of its three.
    desk.window.key("alt+v", "Up", "Right", "Up")
    desk.wait_for_rest(looks=4)
    desk.window.save_picture("menu")
    desk.window.key("Return")
    desk.program.wait_until(lambda: brightness(desk) < 80, what="a dark window")
    assert desk.close() == 0
    assert "theme=dark" in (tmp_path / "config" / SETTINGS).read_text()
    again = sit_down()
    again.table()
    assert brightness(again) < 80
    again.do("Light")
    again.program.wait_until(lambda: brightness(again) > 180, what="a light window")


def test_size_and_place_are_remembered(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.window.resize(1230, 810)
    desk.window.move(120, 60)
    desk.program.wait_until(lambda: desk.window.geometry == (120, 60, 1230, 810), what="size")
    desk.table()  # answered only after the new size has been heard of
    assert desk.close() == 0
    again = sit_down()
    again.program.wait_until(lambda: again.window.geometry == (120, 60, 1230, 810), what="size")


@pytest.mark.parametrize(("width", "height"), [(1024, 700), (1920, 1080)])
def test_it_works_in_this_size(sit_down: Callable[..., Desk], width: int, height: int) -> None:
    desk = sit_down()
    desk.window.resize(width, height)
    desk.program.wait_until(lambda: desk.window.geometry[2:] == (width, height), what="size")
    before = desk.table()
    desk.window.key("ctrl+Right")
    desk.table_unlike(before)
    desk.window.type("need")  # picks one row, where all were
    save_in_both_themes(desk, f"stepped-{width}")
    desk.do("Small world")
    rows = desk.program.wait_until(lambda: bigger(desk), what="the table of Small world")
    desk.window.key("ctrl+Return")
    desk.table_unlike(rows)
    desk.window.key("ctrl+Return")
    desk.window.type("cat")
    save_in_both_themes(desk, f"small-world-{width}")
    assert desk.window.geometry[2:] == (width, height)


def bigger(desk: Desk) -> dict[str, object]:
    rows = desk.table()
    return dict(rows) if len(rows) > 8 else {}


def save_in_both_themes(desk: Desk, name: str) -> None:
    for theme, is_there in (
        ("Dark", lambda: brightness(desk) < 80),
        ("Light", lambda: brightness(desk) > 180),
    ):
        desk.do(theme)
        desk.program.wait_until(is_there, what=f"{theme} theme")
        desk.wait_for_rest()
        desk.window.save_picture(f"{name}-{theme.lower()}")


def brightness(desk: Desk) -> float:
    return float(desk.window.pixels().mean())
