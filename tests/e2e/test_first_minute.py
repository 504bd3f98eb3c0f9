"""What a stranger does first: look, type, add a word, step, run."""

from collections.abc import Callable

import numpy as np

from tests.e2e.desk import Desk, Row
from tests.e2e.worked_example import ARTICLE


def test_it_opens_on_the_worked_example(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.wait_for_rest()
    desk.window.save_picture("start")
    assert desk.table() == ARTICLE
    desk.focus_line()
    assert desk.copy_all() == "you need to run"
    assert desk.window.title == "Embedscope"
    assert desk.close() == 0
    assert desk.program.said == ""


def test_what_is_typed_is_looked_up_at_once(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    assert desk.table() == ARTICLE
    desk.focus_line()
    desk.window.key("ctrl+a")
    desk.wait_for_rest(looks=4)
    before = desk.window.pixels()
    desk.window.type("how to code 안녕")
    assert desk.copy_all() == "how to code 안녕"
    desk.wait_for_rest(looks=4)
    changed = np.argwhere((desk.window.pixels() != before).any(axis=2))
    height, width, _ = before.shape
    # The line and its cards are above the middle, left of the table; the labels of the typed
    # tokens in Space are below. Nothing else has a reason to change.
    assert (changed[:, 0] < 0.3 * height).any()
    assert (changed[:, 1] > 0.16 * width).all()
    assert (changed[:, 1] < 0.66 * width).all()
    desk.window.save_picture("typed")
    assert desk.table() == ARTICLE


def test_an_unknown_word_can_be_added(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.table()
    desk.focus_line()
    desk.window.key("Tab", "End", "a")  # to the cards, to the last one, add it to the sentences
    rows = desk.program.wait_until(lambda: more_than(desk, 8), what="a ninth row")
    assert list(rows) == [*ARTICLE, "run"]
    assert {token: rows[token] for token in ARTICLE} == ARTICLE
    desk.window.save_picture("added")


def more_than(desk: Desk, count: int) -> dict[str, Row]:
    rows = desk.table()
    return rows if len(rows) > count else {}
