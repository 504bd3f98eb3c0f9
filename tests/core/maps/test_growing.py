"""Maps by both methods: from the linear view they start with to where they go on."""

import time
from dataclasses import dataclass, field, replace
from itertools import count

import msgspec.structs
import numpy as np
import pytest
from numpy.typing import NDArray

from core.looking_problems import MapRefused
from core.maps import growing
from core.maps.growing import Task, grow
from core.maps.settings import METHODS, MapSettings, Method, default_settings
from core.maps.work import size_of
from core.problems import ProblemError
from core.progress import Cancelled
from tests.core.maps.clusters import clusters, plane_of
from tests.core.maps.conftest import one_thread_after, openmp_threads


@dataclass
class Listener:
    """Keeps what is told; stops after `most` reports of points."""

    most: int | None = None
    stages: list[str] = field(default_factory=list)
    drawn: list[NDArray] = field(default_factory=list)

    def tell(self, stage, done, total, drawn):
        self.stages.append(stage)
        if drawn is not None:
            self.drawn.append(drawn.points)
            if len(self.drawn) == self.most:
                raise Cancelled


def task(method: Method = "tsne", dimensions: int = 2, **changed) -> Task:
    rows = clusters()
    settings = msgspec.structs.replace(default_settings(method), iterations=100)
    settings = msgspec.structs.replace(settings, neighbours=10, **changed)
    return Task(rows, settings, plane_of(rows, dimensions))


def refusal(of: Task) -> MapRefused:
    with pytest.raises(ProblemError) as caught:
        grow(of, Listener().tell)
    assert isinstance(caught.value.problem, MapRefused)
    return caught.value.problem


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_map_forms_from_the_linear_view_and_keeps_groups_together(
    method: Method, dimensions: int
) -> None:
    listener, given = Listener(), task(method, dimensions)
    made = grow(given, listener.tell)
    assert listener.stages[:2] == ["starting", "neighbours"]
    assert set(listener.stages[2:]) == {"points"}
    # The first picture is the linear view, but for a thousandth that keeps points apart.
    assert np.abs(listener.drawn[0] - given.plane).max() < 0.02 * size_of(given.plane)
    assert made.points is not None
    assert np.array_equal(made.points, listener.drawn[-1])
    assert (made.done, made.stopped, made.left_out) == (100, False, ())
    nearest = np.linalg.norm(made.points[:, None] - made.points[None], axis=2)
    np.fill_diagonal(nearest, np.inf)
    same = nearest.argmin(axis=1) % 4 == np.arange(60) % 4
    assert same.all()
    assert made.trust is not None
    assert made.trust.map > 0.9
    assert (made.trust.neighbours, made.trust.sampled) == (10, 60)


@pytest.mark.parametrize("method", METHODS)
def test_no_picture_jumps_from_the_one_before(method: Method) -> None:
    listener, given = Listener(), task(method)
    grow(given, listener.tell)
    size = size_of(given.plane)
    typical = [
        np.median(np.linalg.norm(after - before, axis=1))
        for before, after in zip(listener.drawn, listener.drawn[1:], strict=False)
    ]
    assert max(typical) < 0.5 * size
    assert [size_of(points) for points in listener.drawn] == pytest.approx(
        [size] * len(listener.drawn), rel=1e-4
    )


@pytest.mark.parametrize("method", METHODS)
def test_a_map_goes_on_from_where_it_was(method: Method) -> None:
    given = task(method)
    first = grow(given, Listener().tell)
    assert first.points is not None
    moved = given.rows + np.float32(0.01)
    few = msgspec.structs.replace(given.settings, iterations=10)
    listener = Listener()
    second = grow(Task(moved, few, given.plane, first.points, first.scale), listener.tell)
    size = size_of(first.points)
    assert np.abs(listener.drawn[0] - first.points).max() < 0.02 * size
    assert second.points is not None
    apart = np.linalg.norm(second.points - first.points, axis=1)
    assert np.median(apart) < 0.2 * size
    assert second.scale == pytest.approx(first.scale, rel=0.5)


def test_the_same_rows_give_the_same_map(monkeypatch: pytest.MonkeyPatch) -> None:
    one = grow(task(), Listener().tell)
    with monkeypatch.context() as slow:
        slow.setattr(time, "perf_counter", count().__next__)  # each look at the clock takes 1 s
        other = grow(task(), Listener().tell)
    assert one.points is not None
    assert np.array_equal(one.points, other.points)


def test_a_new_row_comes_in_amidst_its_neighbours() -> None:
    given = task()
    first = grow(given, Listener().tell)
    assert first.points is not None
    start = first.points.copy()
    start[8] = np.nan  # its group is that of 0, 4, 12 …
    listener = Listener()
    grow(replace(given, start=start, scale=first.scale), listener.tell)
    group = np.delete(first.points[0::4], 2, axis=0)
    spread = np.abs(group - group.mean(axis=0)).max()
    assert np.abs(listener.drawn[0][8] - group.mean(axis=0)).max() <= 1.5 * spread


def test_stopped_it_keeps_what_there_is() -> None:
    listener = Listener(most=3)
    made = grow(task(), listener.tell)
    assert made.stopped
    assert 0 < made.done < 100
    assert np.array_equal(made.points, listener.drawn[-1])
    assert made.trust is not None


def test_stopped_before_there_is_anything() -> None:
    def tell(stage, *_):
        if stage == "neighbours":
            raise Cancelled

    made = grow(task(), tell)
    assert made.stopped
    assert made.points is None


@pytest.mark.parametrize("method", METHODS)
def test_rows_that_are_not_finite_are_left_out(method: Method) -> None:
    given = task(method)
    given.rows[5, 0], given.rows[7, 2] = np.nan, -np.inf
    made = grow(given, Listener().tell)
    assert made.left_out == (5, 7)
    assert made.points is not None
    assert np.flatnonzero(np.isnan(made.points).any(axis=1)).tolist() == [5, 7]


def test_by_the_cosine_only_directions_count() -> None:
    given = task(metric="cosine")
    given.rows[3] = 0  # has none
    made = grow(given, Listener().tell)
    assert made.left_out == (3,)
    lengths = (2.0 ** (np.arange(60) - 30)).astype(np.float32)
    longer = replace(given, rows=given.rows * lengths[:, None])
    again = grow(longer, Listener().tell)
    assert np.array_equal(again.points, made.points, equal_nan=True)


def test_too_few_rows_lower_the_perplexity() -> None:
    rows = clusters(8)
    made = grow(Task(rows, MapSettings(iterations=20), plane_of(rows)), Listener().tell)
    assert made.neighbours == pytest.approx(7 / 3)  # it looks at 3 × perplexity others
    assert made.trust is not None
    assert made.trust.neighbours == 3  # fewer than half of 8
    of_umap = MapSettings("umap", neighbours=15, iterations=20)
    assert grow(Task(rows, of_umap, plane_of(rows)), Listener().tell).neighbours == 8


def test_rows_in_which_a_point_has_equals() -> None:
    rows = np.repeat(clusters(6), 10, axis=0)  # 6 different rows, each ten times
    for method in METHODS:
        settings = msgspec.structs.replace(default_settings(method), iterations=20)
        made = grow(Task(rows, settings, plane_of(rows)), Listener().tell)
        assert made.points is not None
        assert np.isfinite(made.points).all()


def test_what_cannot_be_mapped_says_why() -> None:
    given = task()
    assert refusal(replace(given, rows=given.rows[:, :1])).reason == "one-column"
    one = refusal(replace(given, rows=given.rows[:1], plane=given.plane[:1]))
    assert (one.reason, one.rows) == ("few-rows", 1)
    assert refusal(replace(given, rows=given.rows * 0)).reason == "equal-rows"
    lost = given.rows * np.float32("nan")
    assert refusal(replace(given, rows=lost)).reason == "few-rows"


def test_without_its_package_umap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growing, "is_installed", lambda method: method != "umap")
    assert refusal(task("umap")).reason == "not-installed"


def test_what_umap_does_to_threads_is_undone_after_each_test() -> None:
    with one_thread_after():
        grow(task("umap"), Listener().tell)
    assert openmp_threads() == {1}
