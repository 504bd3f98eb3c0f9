"""Text files of one's own: named at the start, chosen in the dialog, and a broken one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.desk import Desk
from tests.e2e.program import Program

TEXT = "the cat sat on the mat\nthe dog sat on the rug\n고양이 좋아\n"
TOKENS = ["<unk>", "<pad>", "the", "cat", "sat", "on", "mat", "dog", "rug", "고양이", "좋아"]
BAD = b"a line that is fine\nand a byte that is not \xff\n"


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "animals.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def open_by_dialog(desk: Desk, path: Path) -> None:
    """Ctrl+O, the path typed in, Enter; leaves the keyboard with the window."""
    desk.window.key("ctrl+o")
    dialog = desk.program.wait_for_window("^Open text$")
    dialog.type(str(path))
    dialog.key("Return")
    desk.program.wait_until(lambda: not dialog.exists(), what="end of the dialog")
    desk.window.focus()


def test_a_file_named_at_the_start(sit_down: Callable[..., Desk], text_file: Path) -> None:
    desk = sit_down(str(text_file))
    desk.program.wait_until(lambda: desk.window.title == "animals.txt — Embedscope", what="title")
    rows = desk.program.wait_until(lambda: tokens_of(desk, "cat"), what="the table of the file")
    assert rows == TOKENS
    desk.wait_for_rest()
    desk.window.save_picture("file")


def test_a_file_chosen_in_the_dialog(sit_down: Callable[..., Desk], text_file: Path) -> None:
    desk = sit_down()
    desk.table()
    open_by_dialog(desk, text_file)
    desk.program.wait_until(lambda: desk.window.title.startswith("animals.txt"), what="title")
    rows = desk.program.wait_until(lambda: tokens_of(desk, "cat"), what="the table of the file")
    assert rows == TOKENS
    before = desk.table()
    desk.window.key("ctrl+Right")
    assert desk.table_unlike(before)["<pad>"] == before["<pad>"]
    desk.window.key("ctrl+z")  # opening can be undone too
    desk.program.wait_until(lambda: desk.window.title == "Embedscope", what="title of before")
    assert desk.program.wait_until(lambda: tokens_of(desk, "code"), what="the table of before")


def test_a_file_that_cannot_be_read(sit_down: Callable[..., Desk], tmp_path: Path) -> None:
    path = tmp_path / "broken.txt"
    path.write_bytes(BAD)
    desk = sit_down()
    before = desk.table()
    desk.wait_for_rest()
    calm = desk.window.pixels()
    open_by_dialog(desk, path)
    # The sentence comes between the menus and the training bar, over the whole width.
    desk.wait_for_change(calm, (slice(20, 60), slice(0, None)))
    desk.wait_for_rest()
    desk.window.save_picture("bad-file")
    assert desk.window.title == "Embedscope"
    assert desk.table() == before
    desk.window.key("ctrl+Right")
    desk.table_unlike(before)  # and it trains on


@pytest.mark.parametrize(
    ("name", "told"),
    [("missing.txt", "there is no file {path}"), ("a-folder", "the folder {path} holds no table")],
)
def test_what_is_no_file_is_told_before_a_window_opens(
    start: Callable[..., Program], tmp_path: Path, name: str, told: str
) -> None:
    (tmp_path / "a-folder").mkdir()
    program = start(str(tmp_path / name))
    assert program.wait_for_end(60) == 2
    assert program.said.count("\n") == 1
    assert told.format(path=tmp_path / name) in program.said


def tokens_of(desk: Desk, token: str) -> list[str]:
    """The tokens of the table once `token` is one of them."""
    rows = desk.table()
    return list(rows) if token in rows else []
