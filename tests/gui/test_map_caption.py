"""What is said of a map: its rows and step, how much to trust it, how long it takes."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.maps.messages import Growing, Trust
from core.maps.settings import MapSettings
from gui.map_caption import MapCaption
from gui.maps import Maps
from gui.shown_map import Making, ShownMap

MAP = ShownMap(
    MapSettings(neighbours=30),
    np.zeros((60, 2), np.float32),
    np.arange(60),
    of=60,
    step=1_200,
    scale=1.0,
    beside_pca=True,
    complete=True,
    neighbours=30.0,
    trust=Trust(0.9399, 0.71, 10, 60),
    trusted=1_200,
)


@pytest.fixture
def caption(qtbot: QtBot) -> MapCaption:
    return MapCaption()


def maps(**state) -> Maps:
    """Maps in some state, as far as the caption reads it."""
    usual = {"method": "tsne", "making": None, "current": None, "follows": False, "can_make": True}
    settings = MapSettings(most_rows=5_000)
    rows = state.pop("rows", 60)
    seconds = state.pop("seconds", 1.0)
    given = SimpleNamespace(
        **{**usual, **state}, settings=settings, available=lambda: rows, seconds=lambda: seconds
    )
    return cast("Maps", given)


def making(**state) -> Making:
    usual = Making(1, MapSettings(), 2, np.arange(60), 60, 60, 1_200, True, None)
    for name, value in state.items():
        setattr(usual, name, value)
    return usual


def test_how_much_to_trust_it_is_said_beside_the_pca(caption: MapCaption) -> None:
    assert caption.trust(MAP, dated=False) == (
        "Trustworthiness 0.93 (PCA 0.71), 10 neighbours, 60 rows."  # 0.9399 is not yet 0.94
    )
    sampled = replace(MAP, ids=np.arange(5_000), trust=Trust(1.0, 0.5, 10, 1_000))
    assert caption.trust(sampled, dated=False) == (
        "Trustworthiness 1.00 (PCA 0.50), 10 neighbours, 1,000 rows sampled."
    )
    other = replace(MAP, beside_pca=False)
    assert "(the linear view 0.71)" in caption.trust(other, dated=False)


def test_trust_in_a_map_that_has_moved_on_is_dated(caption: MapCaption) -> None:
    assert caption.trust(replace(MAP, step=1_300), dated=False).startswith("At step 1,200: trust")
    assert caption.trust(MAP, dated=True).startswith("At step 1,200: trust")
    assert "when the map has formed" in caption.trust(replace(MAP, trust=None), dated=False)


def test_its_step_and_its_sample_are_said(caption: MapCaption) -> None:
    assert caption.of(MAP) == "Of step 1,200."
    part = replace(MAP, of=100_000)
    assert caption.of(part) == "Of step 1,200, the 60 most frequent rows."
    said = caption.words(maps(), part, 1_300, "60 of 100,000 points drawn.", 99_940)
    assert "The table is at step 1,300." in said
    assert "99,940 rows, less frequent, are not in this map." in said
    assert "t-SNE: distances between far groups mean little." in said
    following = caption.words(maps(follows=True), part, 1_300, "", 0)
    assert "The table is at step" not in following  # it comes and goes many times a second


def test_lowered_settings_are_said(caption: MapCaption) -> None:
    few = replace(MAP, ids=np.arange(8), neighbours=7 / 3)
    assert caption.lowered(few) == "Perplexity lowered to 2.3."
    of_umap = replace(few, settings=MapSettings("umap", neighbours=15), neighbours=8.0)
    assert caption.lowered(of_umap) == "Neighbours lowered to 8."
    assert caption.lowered(MAP) == ""


def test_rows_without_a_place_are_said(caption: MapCaption) -> None:
    assert caption.unmapped(MAP, 0) == ""
    assert caption.unmapped(replace(MAP, left_out=(1,)), 1).startswith("A row of zeros has no")
    many = replace(MAP, left_out=(1, 2))
    assert caption.unmapped(many, 5) == (
        "2 rows of zeros have no direction, and no place. 3 rows are not in this map."
    )


def test_a_map_that_cannot_go_on_says_so_behind_its_step(caption: MapCaption) -> None:
    assert caption.progress(maps(can_make=False)) == caption.missing()
    said = caption.progress(maps(current=MAP, can_make=False))
    assert said == f"Of step 1,200. {caption.missing()}"


def test_how_long_it_takes_is_said_before_it_starts(caption: MapCaption) -> None:
    assert caption.progress(maps()) == "A second or two for all 60 rows."
    large = maps(rows=1_000_000, seconds=40.0)
    assert caption.progress(large) == ("About 40 s for 5,000 of 1,000,000 rows, the most frequent.")
    assert "25 minutes" in caption.estimate(maps(seconds=1_500.0))
    assert "5 hours" in caption.estimate(maps(seconds=18_000.0))


def test_how_far_it_is_is_said(caption: MapCaption) -> None:
    assert caption.progress(maps(making=making())) == "Starting."
    compiling = making(settings=MapSettings("umap"))
    assert "the first UMAP takes" in caption.progress(maps(making=compiling))
    near = making(stage="neighbours", done=1_000, total=5_000)
    assert caption.progress(maps(making=near)) == "Finding the nearest rows: 1,000 of 5,000."
    points = making(stage="points", done=250, total=750)
    assert caption.progress(maps(making=points)).startswith("Iteration 250 of 750")
    assert caption.progress(maps(current=MAP)) == "Of step 1,200."
    stopped = replace(MAP, complete=False)
    assert caption.progress(maps(current=stopped)) == "Of step 1,200. Stopped early."
    followed = making(before=MAP)
    assert caption.progress(maps(current=MAP, making=followed, follows=True)) == "Of step 1,200."


def test_the_time_left_is_that_of_the_stage(caption: MapCaption) -> None:
    now = making()
    assert now.seconds_left() is None
    now.note(Growing(1, "points", 0, 100))
    assert now.seconds_left() is None  # nothing to go by yet
    now.note(Growing(1, "points", 50, 100))
    left = now.seconds_left()
    assert left is not None
    assert left < 1
    now._began -= 60  # half of it took a minute
    assert caption.progress(maps(making=now)) == "Iteration 50 of 100, 60 s left"
