"""A project saved and opened in the real window, and work that a killed window left."""

import os
from collections.abc import Callable
from pathlib import Path

from tests.e2e.desk import Desk, Row
from tests.e2e.screen import Window

SECONDS_TO_AUTOSAVE = 90


def save_as(desk: Desk, path: Path) -> None:
    """Ctrl+S, the path typed in, Enter."""
    desk.window.key("ctrl+s")
    dialog = desk.program.wait_for_window("^Save project$")
    dialog.key("ctrl+a")
    dialog.type(str(path))
    dialog.key("Return")
    desk.program.wait_until(lambda: not dialog.exists(), what="end of the dialog")
    desk.program.wait_until(path.exists, what="the file")
    desk.window.focus()


def train(desk: Desk) -> dict[str, Row]:
    """Some steps; the table they came to."""
    before = desk.table()
    desk.window.key("ctrl+shift+Right")
    desk.table_unlike(before)
    desk.wait_for_rest()
    return desk.table()


def test_a_session_is_saved_and_goes_on_another_day(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    path = tmp_path / "mine.embedscope"
    desk = sit_down()
    trained = train(desk)
    save_as(desk, path)
    desk.program.wait_until(
        lambda: desk.window.title == "mine.embedscope — Embedscope", what="title"
    )
    desk.window.save_picture("project-saved")
    assert desk.close() == 0
    again = sit_down(str(path))
    again.program.wait_until(
        lambda: again.window.title == "mine.embedscope — Embedscope", what="title"
    )
    assert again.table() == trained
    again.wait_for_rest()
    again.window.save_picture("project-opened")
    again.window.key("ctrl+Right")
    again.table_unlike(trained)
    # Now it is newer than its file, and closing asks.
    again.window.key("ctrl+q")
    question = again.program.wait_for_window("^Unsaved work$")
    question.save_picture("project-unsaved")
    size = path.stat().st_mtime_ns
    question.key("Return")  # Save
    assert again.program.wait_for_end(30) == 0
    assert path.stat().st_mtime_ns > size


def test_what_a_killed_window_left_is_offered_to_the_next(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = sit_down()
    trained = train(desk)
    kept = Path(os.environ["XDG_STATE_HOME"]) / "embedscope"
    desk.program.wait_until(
        lambda: list(kept.rglob("autosave.embedscope")), SECONDS_TO_AUTOSAVE, what="an autosave"
    )
    desk.program.process.kill()
    desk.program.process.wait()
    again = sit_down()
    offer: Window = again.program.wait_for_window("^Recover unsaved work$")
    offer.save_picture("recovery")
    offer.key("Return")  # Recover
    again.program.wait_until(lambda: not offer.exists(), what="end of the offer")
    again.window.focus()
    again.program.wait_until(lambda: again.table() == trained, what="the table of before")
    again.window.save_picture("recovered")
