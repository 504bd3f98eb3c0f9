"""The whole job without a mouse."""

from collections.abc import Callable

from tests.e2e.desk import Desk, Row, rows_in
from tests.e2e.worked_example import ARTICLE

SENTENCES = "you need to know how to code"


def test_type_step_and_pick_by_keys_alone(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.reach(lambda text: text == "you need to run")
    desk.window.type("to code")
    assert desk.copy_all() == "to code"
    desk.window.key("ctrl+Right")
    desk.reach(lambda text: bool(rows_in(text)))
    stepped = rows_in(desk.copy_all())
    assert list(stepped) == list(ARTICLE)
    assert stepped != ARTICLE
    desk.window.key("ctrl+Home", "Down", "Down")
    assert rows_in(desk.copy()) == {"code": stepped["code"]}
    desk.window.type("nee")  # a token by its first letters
    assert rows_in(desk.copy()) == {"need": stepped["need"]}
    desk.window.save_picture("picked")
    desk.reach(lambda text: text.strip() == SENTENCES)


def test_a_cell_is_changed_by_keys_and_changed_back(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.reach(lambda text: rows_in(text) == ARTICLE)
    desk.window.key("ctrl+Home")
    desk.window.type("code")
    desk.window.key("Right", "Right", "F2", "ctrl+a")
    desk.window.type("0.25")
    desk.window.key("Return")
    changed = desk.table_unlike(ARTICLE)
    assert changed == {**ARTICLE, "code": Row(2, ("0.2", "0.25", "0.3"))}
    desk.window.key("ctrl+z")
    assert desk.table_unlike(changed) == ARTICLE


def test_any_token_and_any_command_can_be_found(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.reach(lambda text: rows_in(text) == ARTICLE)
    desk.do("know")
    desk.program.wait_until(
        lambda: rows_in(desk.copy()) == {"know": ARTICLE["know"]}, what="a token picked"
    )
    desk.do("Step ×10")
    assert desk.table_unlike(ARTICLE)
    desk.do("Keyboard shortcuts")
    dialog = desk.program.wait_for_window("^Keyboard shortcuts$")
    dialog.save_picture("shortcuts")
    dialog.key("Escape")
    desk.program.wait_until(lambda: not dialog.exists(), what="end of the dialog")
