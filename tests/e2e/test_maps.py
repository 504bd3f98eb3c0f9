"""A t-SNE map in the real window: chosen, stopped on its way, and its coordinates saved."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pyarrow import parquet

from core.formats import registry
from core.formats.opened_table import OpenedTable
from tests.e2e.desk import Desk
from tests.e2e.test_picking import view_of
from tests.e2e.worked_example import ARTICLE

ROWS = 1500  # the map of so many begins at once, and takes seconds
BUTTON = (24, 18)  # pixels from the left and above the view: the first button of the bar there


def open_table(desk: Desk) -> None:
    """Answer the dialog of the table named at the start, and wait for its rows."""
    dialog = desk.program.wait_for_window("^Open table$")
    dialog.key("Return")
    desk.program.wait_until(lambda: not dialog.exists(), what="end of the dialog")
    desk.window.focus()
    desk.program.wait_until(lambda: desk.window.title.startswith("many"), 60, what="title")
    desk.wait_for_rest()


def press_above(desk: Desk) -> tuple[slice, slice]:
    """Press the first button of the bar above the points; where these are, as rows and columns."""
    left, top, right, bottom = view_of(desk)
    desk.window.click(left + BUTTON[0], top - BUTTON[1])
    return slice(top, bottom), slice(left, right)


def save_numbers(desk: Desk, view: tuple[slice, slice], path: Path) -> None:
    """By a right click on the points: the last entry of its menu."""
    desk.window.click(view[1].start + 40, view[0].stop - 40, button=3)
    desk.window.key("Up", "Return")
    dialog = desk.program.wait_for_window("^Save numbers$")
    dialog.key("ctrl+a")
    dialog.type(str(path))
    dialog.key("Return")
    desk.program.wait_until(path.exists, what="the saved numbers")
    desk.window.focus()


def test_a_map_begins_is_stopped_and_saved(sit_down: Callable[..., Desk], tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(ROWS, 8)).astype(np.float32)
    tokens = (*ARTICLE, *(f"word {n}" for n in range(ROWS - len(ARTICLE))))
    registry.write(tmp_path / "many.npy", OpenedTable(rows, tokens))
    desk = sit_down(str(tmp_path / "many.npy"))
    open_table(desk)

    alone = press_above(desk)
    desk.window.key("Down", "Down", "Return")  # PCA, t-SNE: it begins at once
    desk.program.wait_until(lambda: view_of(desk)[1] > alone[0].start, what="a second bar")
    before = desk.window.pixels()
    left, top, right, bottom = view_of(desk)
    view = (slice(top, bottom), slice(left, right))
    desk.wait_for_change(before, view)
    press_above(desk)  # Stop
    desk.wait_for_rest()
    desk.window.save_picture("map-stopped")

    path = tmp_path / "map.parquet"
    save_numbers(desk, view, path)
    saved = parquet.read_table(path)
    assert saved.column_names[:4] == ["id", "token", "tsne 1", "tsne 2"]
    facts = {name.decode(): json.loads(fact) for name, fact in saved.schema.metadata.items()}
    assert facts["map"]["method"] == "tsne"
    assert not facts["map_is_complete"]
    points = np.column_stack([saved.column(f"tsne {axis}").to_numpy() for axis in (1, 2)])
    assert points.dtype == np.float32
    assert np.isfinite(points).all()
    assert np.ptp(points, axis=0).min() > 0
