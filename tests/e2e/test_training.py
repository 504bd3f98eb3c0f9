"""Step, Run and Pause by mouse and by key, judged by the numbers that can be copied."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from gui.numbers import shortest
from tests.e2e.desk import Desk, Row
from tests.e2e.program import COMMAND
from tests.e2e.worked_example import ARTICLE

STEP_BUTTON = (102, 44)
UPPER_HALF = (slice(0, 600), slice(None))


@pytest.fixture(scope="module")
def one_step(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """The example's table after one step, as the command without a window leaves it."""
    path = tmp_path_factory.mktemp("trained") / "table.safetensors"
    command = [COMMAND, "train", "--preset", "article", "--steps", "1", "--json"]
    done = subprocess.run([*command, "--out", path], capture_output=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["steps"] == 1
    return table_in(path)


def table_in(path: Path) -> dict[str, Row]:
    weight = load_file(path)["weight"]
    return {
        token: Row(id, tuple(map(shortest, weight[id].astype(np.float32))))
        for id, token in enumerate(ARTICLE)
    }


def test_step_by_mouse_gives_the_bits_of_the_command(
    sit_down: Callable[..., Desk], one_step: dict[str, Row]
) -> None:
    desk = sit_down()
    before = desk.table()
    desk.window.click(*STEP_BUTTON)
    assert desk.table_unlike(before) == one_step
    desk.wait_for_rest()
    desk.window.save_picture("step")


def test_step_by_key_in_a_text_field(
    sit_down: Callable[..., Desk], one_step: dict[str, Row]
) -> None:
    desk = sit_down()
    before = desk.table()
    desk.focus_line()
    desk.window.key("End", "Left", "Right")  # a plain → belongs to the field
    assert desk.table() == before
    desk.focus_line()
    desk.window.key("ctrl+Right")
    desk.program.wait_until(lambda: desk.table() != before, what="a step")
    assert desk.table() == one_step


def test_step_by_arrow_elsewhere(sit_down: Callable[..., Desk], one_step: dict[str, Row]) -> None:
    desk = sit_down()
    desk.window.key("Right")  # the points have the focus from the start
    desk.program.wait_until(lambda: unlike(desk, ARTICLE), what="a step")
    assert desk.table() == one_step


def test_run_and_pause_by_space(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.wait_for_rest()
    still = desk.window.pixels()
    desk.window.key("space")
    desk.wait_for_change(still, UPPER_HALF)
    running = desk.window.pixels()
    desk.wait_for_change(running, UPPER_HALF)
    desk.window.save_picture("running")
    desk.window.key("space")
    desk.wait_for_rest()
    desk.window.save_picture("paused")
    trained = desk.table()
    assert trained != ARTICLE
    assert trained["<pad>"] == ARTICLE["<pad>"]
    desk.wait_for_rest()
    assert desk.table() == trained


def test_run_and_pause_while_typing(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    before = desk.table()
    desk.focus_line()
    desk.window.key("ctrl+Return")
    desk.window.key("ctrl+a")
    desk.window.type("to know ")  # Space goes to the field
    assert desk.copy_all() == "to know "
    moved = desk.program.wait_until(lambda: unlike(desk, before), what="training")
    assert desk.table_unlike(moved) != before
    desk.focus_line()
    desk.window.key("ctrl+Return")
    desk.table()
    desk.wait_for_rest()
    paused = desk.table()
    desk.wait_for_rest()
    assert desk.table() == paused
    desk.do("Reset")
    assert desk.table_unlike(paused) == before


def unlike(desk: Desk, before: dict[str, Row]) -> dict[str, Row]:
    rows = desk.table()
    return {} if rows == before else rows
