"""Back and forth in a run by key, judged by the numbers that can be copied."""

from collections.abc import Callable

from tests.e2e.desk import Desk, Row


def stepped(desk: Desk, key: str, before: dict[str, Row]) -> dict[str, Row]:
    """The table after `key`."""
    desk.window.key(key)
    return desk.table_unlike(before)


def test_steps_come_back_as_they_were(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    tables = [desk.table()]
    for _ in range(3):
        tables.append(stepped(desk, "ctrl+Right", tables[-1]))
    assert stepped(desk, "ctrl+Left", tables[3]) == tables[2]
    assert stepped(desk, "ctrl+Left", tables[2]) == tables[1]
    assert stepped(desk, "ctrl+Right", tables[1]) == tables[2]
    desk.wait_for_rest()
    desk.window.save_picture("an-earlier-step")
    desk.do("Step back")
    assert desk.table() == tables[1]
