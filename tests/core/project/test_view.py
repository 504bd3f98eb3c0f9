"""How a project was looked at comes back; where the file lies about it, only that is lost."""

import json
from dataclasses import replace

import numpy as np
import pytest

from core.axes import ShownAxes
from core.maps.messages import Trust
from core.maps.settings import MapSettings
from core.padding.wishes import Difference, Wishes
from core.project.contents import Project
from core.project.opening import read_project
from core.project.saving import write_project
from core.project.view import (
    LayersView,
    Look,
    Looked,
    MapPoints,
    MapsView,
    MapView,
    PaddingView,
    SearchView,
    View,
    Window,
)
from tests.core.project.projects import project
from tests.core.project.test_hostile import described, parts_of, with_array, zipped

MAP = MapView(
    MapSettings("umap", 7), 3, 9, 5, 2.5, False, True, 7.0, (1,), Trust(0.9, 0.8, 5, 9), 5
)
VIEW = View(
    dimensions=3,
    axes="held",
    components=(2, 3, 1),
    since=4,
    named=(2, 3, 1),
    look=Look(0.5, -0.2, (1.0, 2.0, 3.0), Window(0.1, -0.1, 4.0, 3.0)),
    layers=LayersView(path=True, labels=12),
    maps=MapsView("umap", (MapSettings("tsne", 12), MapSettings("umap", 7)), (MAP,)),
    padding=PaddingView(
        Wishes("lstm", "left", 7, True, "zero", 30, "ids", ids="3 6\n5"),
        Difference(side="right", weight_decay=0.5),
        250,
        "mask",
        True,
    ),
    search=SearchView("c.t", "regex"),
    tab="padding",
    about="lists",
)
AXES = ShownAxes(np.linalg.qr(np.arange(12.0).reshape(4, 3) ** 2)[0], np.arange(4.0), 4)
POINTS = MapPoints(np.array([0, 3, 1]), np.array([[1, 2, 3], [4, 5, 6], [np.nan] * 3], np.float32))


def made(tmp_path) -> Project:
    return replace(project(tmp_path / "run"), looked=Looked(VIEW, AXES, (POINTS,)))


@pytest.fixture
def whole(tmp_path) -> bytes:
    write_project(tmp_path / "p", made(tmp_path))
    return (tmp_path / "p").read_bytes()


def read(tmp_path, content: bytes) -> Project:
    (tmp_path / "q").write_bytes(content)
    return read_project(tmp_path / "q", tmp_path / f"opened-{len(list(tmp_path.iterdir()))}")


def test_it_comes_back_as_it_was(tmp_path, whole):
    again = read(tmp_path, whole)
    looked = again.looked
    assert looked.view == VIEW
    assert looked.axes is not None
    np.testing.assert_array_equal(looked.axes.basis, AXES.basis)
    np.testing.assert_array_equal(looked.axes.centre, AXES.centre)
    assert (looked.axes.since, looked.axes.numbers) == (4, (2, 3, 1))
    (points,) = looked.maps
    np.testing.assert_array_equal(points.ids, POINTS.ids)
    np.testing.assert_array_equal(points.points, POINTS.points)
    assert again.view_lost == ""


def test_what_a_file_says_nothing_of_stays_as_it_is(tmp_path):
    write_project(tmp_path / "p", project(tmp_path / "run"))
    parts = parts_of((tmp_path / "p").read_bytes())
    told = json.loads(parts["project.json"])
    for view, colour in (({"colour": "norm"}, "norm"), ({}, None), (told.pop("view"), "norm")):
        again = read(tmp_path, described(zipped(parts), view=view))
        view = again.looked.view
        assert (view.colour, view.look, view.padding, view.tab) == (colour, None, None, "")
        assert again.view_lost == ""


def with_view(whole: bytes, **changes: object) -> bytes:
    told = json.loads(parts_of(whole)["project.json"])["view"]
    return described(whole, view=told | changes)


def with_map(whole: bytes, **changes: object) -> bytes:
    told = json.loads(parts_of(whole)["project.json"])["view"]["maps"]
    return with_view(whole, maps=told | {"maps": [told["maps"][0] | changes]})


def wishing(whole: bytes, **changes: object) -> bytes:
    told = json.loads(parts_of(whole)["project.json"])["view"]["padding"]
    return with_view(whole, padding=told | {"wishes": told["wishes"] | changes})


LOOK = {"turn": 0, "tilt": 0, "pivot": [0, 0, 0]}
PART = {"x": 0, "y": 0, "width": 1, "height": 1}
LIES = {
    "no view": lambda whole: described(whole, view=None),
    "a list": lambda whole: described(whole, view=[1]),
    "four dimensions": lambda whole: with_view(whole, dimensions=4),
    "a colour for axes": lambda whole: with_view(whole, axes="blue"),
    "component 0": lambda whole: with_view(whole, components=[0, 1]),
    "many components": lambda whole: with_view(whole, components=[1] * 9),
    "names of other axes": lambda whole: with_view(whole, named=[1, 2]),
    "no clusters": lambda whole: with_view(whole, clusters=0),
    "a standstill": lambda whole: with_view(whole, speed=0),
    "turned without end": lambda whole: with_view(whole, look=LOOK | {"turn": 1e9}),
    "no width": lambda whole: with_view(whole, look=LOOK | {"window": PART | {"width": 0}}),
    "far away": lambda whole: with_view(whole, look=LOOK | {"window": PART | {"x": 1e300}}),
    "a thousand pads": lambda whole: wishing(whole, extra=1000),
    "a million sentences": lambda whole: wishing(whole, count=10**6),
    "steps for a year": lambda whole: wishing(whole, steps=10**9),
    "no such head": lambda whole: wishing(whole, head="big"),
    "another method": lambda whole: with_view(whole, maps={"method": "magic"}),
    "no neighbours": lambda whole: with_map(whole, settings={"method": "umap", "neighbours": 0}),
    "a map of a line": lambda whole: with_map(whole, dimensions=1),
    "a map of a plane": lambda whole: with_map(whole, dimensions=2),
    "rows beyond": lambda whole: with_array(whole, "view/maps/0/ids", np.array([0, 3, 99])),
    "rows below": lambda whole: with_array(whole, "view/maps/0/ids", np.array([0, 3, -1])),
    "fewer rows": lambda whole: with_array(whole, "view/maps/0/ids", np.array([0, 3])),
    "points nowhere": lambda whole: with_array(
        whole, "view/maps/0/points", np.full((3, 3), np.inf, np.float32)
    ),
    "axes of another table": lambda whole: with_array(whole, "view/basis", np.eye(5)[:, :3]),
    "axes of a plane": lambda whole: with_array(whole, "view/basis", np.eye(4)[:, :2]),
    "crooked axes": lambda whole: with_array(whole, "view/basis", np.ones((4, 3))),
    "axes that are none": lambda whole: with_array(whole, "view/basis", np.full((4, 3), np.nan)),
    "a centre nowhere": lambda whole: with_array(whole, "view/centre", np.full(4, np.inf)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_costs_the_view_alone(tmp_path, whole, lie):
    again = read(tmp_path, LIES[lie](whole))
    assert again.view_lost
    assert again.looked.view == View()
    assert again.looked.axes is None
    assert again.looked.maps == ()
    assert len(again.runs[0].losses) == 7
    assert again.lists == made(tmp_path).lists
