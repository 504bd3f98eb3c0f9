"""Tables of one's own: named at the start or chosen, shown to the last bit, and saved again."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.formats import registry
from core.formats.opened_table import OpenedTable
from core.number_text import shortest
from tests.e2e.desk import Desk, Row
from tests.e2e.screen import Window

TOKENS = ("<unk>", "<pad>", "water", "물", "ash")


def rows_of(dtype: type[np.floating], columns: int) -> NDArray[np.floating]:
    return (np.arange(1, 1 + len(TOKENS) * columns).reshape(-1, columns) / 7).astype(dtype)


def as_copied(rows: NDArray[np.floating]) -> dict[str, Row]:
    return {
        token: Row(id, tuple(map(shortest, row)))
        for id, (token, row) in enumerate(zip(TOKENS, rows, strict=True))
    }


def next_window(desk: Desk, title: str, before: Window | None = None) -> Window:
    """The window called `title` that comes after `before`, of the same title, has gone."""
    if before is not None:
        desk.program.wait_until(lambda: not before.exists(), what=f"end of {title}")
    return desk.program.wait_for_window(f"^{title}$")


def accept(desk: Desk, dialog: Window) -> None:
    """Press Enter, and give the keyboard back to the window."""
    dialog.key("Return")
    desk.program.wait_until(lambda: not dialog.exists(), what="end of the dialog")
    desk.window.focus()


def wait_for_rows(desk: Desk, rows: NDArray[np.floating]) -> None:
    """Until the table on screen is `rows`, each number the shortest of its own precision."""
    wanted = as_copied(rows)
    desk.program.wait_until(lambda: desk.table() == wanted, 60, what="the table of the file")


def test_tables_come_in_are_shown_and_go_out_again(
    sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    named, chosen, kept = (tmp_path / name for name in ("a.vec", "b.npy", "c.safetensors"))
    single, double = rows_of(np.float32, 3), rows_of(np.float64, 4)
    registry.write(named, OpenedTable(single, TOKENS))
    registry.write(chosen, OpenedTable(double, TOKENS))

    desk = sit_down(str(named))
    dialog = next_window(desk, "Open table")
    desk.wait_for_rest()
    dialog.save_picture("import")
    accept(desk, dialog)
    wait_for_rows(desk, single)
    desk.program.wait_until(lambda: desk.window.title.startswith("a.vec"), what="title")

    desk.window.key("ctrl+t")
    files = next_window(desk, "Open table")
    files.type(str(chosen))
    files.key("Return")
    accept(desk, next_window(desk, "Open table", files))
    wait_for_rows(desk, double)

    # All rows are picked, from copying them: the question is answered by its default, all.
    desk.window.key("ctrl+shift+t")
    question = next_window(desk, "Save table")
    question.key("Return")
    files = next_window(desk, "Save table", question)
    files.key("ctrl+a")
    files.type(str(kept))
    accept(desk, files)
    desk.program.wait_until(kept.exists, what="the saved table")
    saved = registry.read(kept)
    assert saved.tokens == TOKENS
    assert saved.rows.tobytes() == double.tobytes()
    assert desk.close() == 0
