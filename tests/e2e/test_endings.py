"""However the window or its engine ends, nothing is lost that could be kept, and nothing stays."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.e2e.waiting import wait_until

ENGINE = "core.engine"
MESSAGE = (slice(20, 60), slice(None))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of the programs of this test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def engine_of(desk: Desk) -> int:
    return desk.program.wait_until(lambda: desk.program.children(ENGINE), what="engine")[0]


def mapped_by(process: int) -> list[Path]:
    """The files of rows that `process` has in its memory, whether or not they have a name left."""
    lines = Path(f"/proc/{process}/maps").read_text().splitlines()
    found = {line.split(maxsplit=5)[5] for line in lines if "/embedscope-rows-" in line}
    return [Path(each.removesuffix(" (deleted)")) for each in found]


def has_ended(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_killed_engine_is_replaced_at_the_same_step(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    desk.focus_line()
    desk.window.key("ctrl+a")
    desk.window.type("know how to")
    assert desk.copy_all() == "know how to"
    before = desk.table()
    desk.window.key("ctrl+shift+Right")
    trained = desk.table_unlike(before)
    desk.wait_for_rest()
    trained = desk.table()
    calm = desk.window.pixels()
    engine = engine_of(desk)
    os.kill(engine, signal.SIGKILL)
    desk.wait_for_change(calm, MESSAGE)
    fresh = desk.program.wait_until(
        lambda: [each for each in desk.program.children(ENGINE) if each != engine], what="engine"
    )
    assert len(fresh) == 1
    desk.wait_for_rest()
    desk.window.save_picture("engine-killed")
    assert desk.table() == trained
    desk.window.key("ctrl+Right")
    desk.table_unlike(trained)
    desk.reach(lambda text: text == "know how to")


def test_a_run_goes_on_after_its_engine_was_killed(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    before = desk.table()
    desk.window.key("ctrl+Return")
    desk.table_unlike(before)
    engine = engine_of(desk)
    os.kill(engine, signal.SIGKILL)
    desk.program.wait_until(
        lambda: [each for each in desk.program.children(ENGINE) if each != engine], what="engine"
    )
    first = desk.table()
    second = desk.table_unlike(first)
    assert desk.table_unlike(second) != first
    assert desk.close() == 0


def test_closing_ends_the_engine_and_leaves_nothing(
    sit_down: Callable[..., Desk], temporary: Path
) -> None:
    desk = sit_down()
    rows = desk.table()
    desk.window.key("ctrl+Return")
    desk.table_unlike(rows)
    engine = engine_of(desk)
    files = mapped_by(engine)
    assert files
    assert desk.close() == 0
    wait_until(lambda: has_ended(engine), what="end of the engine")
    assert not [each for each in files if each.exists()]
    assert list(temporary.glob("embedscope*")) == []
    assert desk.program.said == ""


def test_killing_the_window_ends_the_engine(sit_down: Callable[..., Desk]) -> None:
    desk = sit_down()
    rows = desk.table()
    desk.window.key("ctrl+Return")
    desk.table_unlike(rows)
    engine = engine_of(desk)
    files = mapped_by(engine)
    assert files
    desk.program.process.kill()
    wait_until(lambda: has_ended(engine), what="end of the engine")
    assert not [each for each in files if each.exists()]
