"""Maps in the window: formed by the real process, stopped, continued, followed, lost."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from core.looking_problems import MapRefused
from core.maps.rows_file import PREFIX
from core.maps.settings import MapSettings
from core.problems import AnyProblem
from core.rows import SHARED_MEMORY
from gui.maps import Maps
from tests.core.maps.clusters import clusters
from tests.gui.space_session import SpaceSession

SECONDS_30 = 30_000
QUICK, ENDLESS = 30, 10_000_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[SpaceSession]:
    made = SpaceSession(clusters(60))
    with_iterations(made.maps, QUICK)
    yield made
    made.maps.close()
    assert not list(SHARED_MEMORY.glob(f"{PREFIX}{os.getpid()}-*"))


def with_iterations(maps: Maps, iterations: int) -> None:
    maps.set_settings(MapSettings(neighbours=10, iterations=iterations))


def wait_until_made(qtbot: QtBot, maps: Maps) -> None:
    qtbot.waitUntil(lambda: maps.making is None and maps.current is not None, timeout=SECONDS_30)


def wait_until_it_forms(qtbot: QtBot, maps: Maps) -> None:
    qtbot.waitUntil(lambda: maps.current is not None, timeout=SECONDS_30)


def problems_of(maps: Maps) -> list[AnyProblem]:
    heard: list[AnyProblem] = []
    maps.problemRaised.connect(heard.append)
    return heard


def test_rows_that_nobody_will_read_do_not_stay_behind(qtbot: QtBot, session: SpaceSession) -> None:
    session.maps.start()
    session.maps.close()  # while they are being written, or before; the fixture looks
    session.maps.start()
    qtbot.waitUntil(
        lambda: session.maps.making is not None and session.maps.making.path is not None,
        timeout=SECONDS_30,
    )
    session.maps.close()  # before the process has begun


def test_a_quick_map_is_made_as_soon_as_it_is_chosen(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    maps.choose("tsne")
    assert maps.making is not None
    assert maps.points() is None  # until there is a first picture, the PCA stays
    wait_until_made(qtbot, maps)
    current = maps.current
    assert current is not None
    assert (current.step, current.of, current.complete, current.beside_pca) == (0, 60, True, True)
    assert current.ids.tolist() == list(range(60))
    assert current.trust is not None
    points = maps.points()
    assert points is current.points
    assert np.isfinite(points).all()
    maps.choose("pca")
    assert maps.points() is None
    maps.choose("tsne")  # it is still there
    assert maps.points() is points


def test_a_slow_map_waits_until_it_is_asked_for(qtbot: QtBot, session: SpaceSession) -> None:
    with_iterations(session.maps, ENDLESS)
    session.maps.choose("tsne")
    assert session.maps.making is None
    assert session.maps.seconds() > 60


def test_stopped_it_stays_as_it_is_and_can_go_on(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    with_iterations(maps, ENDLESS)
    maps.choose("tsne")
    maps.start()
    wait_until_it_forms(qtbot, maps)
    maps.stop()
    qtbot.waitUntil(lambda: maps.making is None, timeout=SECONDS_30)
    stopped = maps.current
    assert stopped is not None
    assert not stopped.complete
    assert stopped.trust is not None
    with_iterations(maps, QUICK)
    with qtbot.waitSignal(maps.pointsChanged, timeout=SECONDS_30):
        maps.go_on()
    first = maps.current
    assert first is not None
    spread = np.std(stopped.points)
    assert np.abs(first.points - stopped.points).max() < 0.1 * spread
    qtbot.waitUntil(lambda: maps.making is None, timeout=SECONDS_30)
    assert maps.current is not None
    assert maps.current.complete


def test_it_follows_the_training(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    before = maps.current
    maps.set_follows(True)
    session.train((1, 2, 3))
    qtbot.waitUntil(
        lambda: maps.making is None and maps.current is not None and maps.current.step == 1,
        timeout=SECONDS_30,
    )
    after = maps.current
    assert before is not None
    assert after is not None
    apart = np.linalg.norm(after.points - before.points, axis=1)
    assert np.median(apart) < 0.3 * np.std(before.points)
    assert after.trusted == 1
    assert maps.settings.iterations == QUICK  # its own few did not become the setting
    maps.set_follows(False)
    session.train((1, 2, 3))
    assert maps.making is None


def test_an_ended_process_is_said_and_nothing_is_lost(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    heard = problems_of(maps)
    with_iterations(maps, ENDLESS)
    maps.choose("tsne")
    maps.start()
    wait_until_it_forms(qtbot, maps)
    os.kill(maps.process_id(), signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(heard), timeout=SECONDS_30)
    assert heard == [MapRefused("ended", "tsne", 0, "signal 9")]
    assert maps.making is None
    assert maps.points() is not None
    with_iterations(maps, QUICK)
    maps.go_on()
    wait_until_made(qtbot, maps)
    assert maps.current is not None
    assert maps.current.complete


def test_another_run_begins_without_a_map(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    with qtbot.waitSignal(maps.pointsChanged):
        session.begin(clusters(40))
    assert maps.points() is None or len(maps.points()) == 40
    wait_until_made(qtbot, maps)  # it was quick to make, so it is made again
    assert maps.current is not None
    assert maps.current.rows == 40


def test_another_run_while_one_is_made(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    with_iterations(maps, ENDLESS)
    maps.choose("tsne")
    maps.start()
    wait_until_it_forms(qtbot, maps)
    with_iterations(maps, QUICK)
    session.begin(clusters(40))
    wait_until_made(qtbot, maps)
    assert maps.current is not None
    assert (maps.current.rows, maps.current.complete) == (40, True)


def test_two_and_three_dimensions_have_a_map_each(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    flat = maps.current
    session.set_dimensions(3)
    wait_until_made(qtbot, maps)
    assert maps.current is not None
    assert maps.current.dimensions == 3
    session.set_dimensions(2)
    assert maps.current is flat


def test_of_many_rows_the_most_frequent_are_mapped(qtbot: QtBot) -> None:
    rows = clusters(8)  # as many as there are tokens: <unk> and <pad> never occur
    session = SpaceSession(rows)
    maps = session.maps
    maps.set_settings(MapSettings(iterations=QUICK, most_rows=6))
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    current = maps.current
    assert current is not None
    assert current.ids.tolist() == [2, 3, 4, 5, 6, 7]
    assert current.of == 8
    points = maps.points()
    assert points is not None
    assert np.flatnonzero(np.isnan(points[:, 0])).tolist() == [0, 1]
    maps.close()


def test_a_row_with_nan_has_no_place_in_a_map(qtbot: QtBot) -> None:
    rows = clusters(20)
    rows[4, 1] = np.nan
    session = SpaceSession(rows)
    maps = session.maps
    maps.set_settings(MapSettings(iterations=QUICK))
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    points = maps.points()
    assert points is not None
    assert np.flatnonzero(np.isnan(points[:, 0])).tolist() == [4]
    maps.close()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (clusters(20)[:, :1], "one-column"),
        (clusters(1), "few-rows"),
        (np.ones((20, 4), np.float32), "equal-rows"),
    ],
)
def test_what_cannot_be_mapped_is_said(qtbot: QtBot, rows: np.ndarray, reason: str) -> None:
    session = SpaceSession(rows)
    heard = problems_of(session.maps)
    session.maps.choose("tsne")
    qtbot.waitUntil(lambda: bool(heard), timeout=SECONDS_30)
    (problem,) = heard
    assert isinstance(problem, MapRefused)
    assert problem.reason == reason
    assert session.maps.points() is None
    session.maps.close()


def test_other_settings_are_those_of_their_method(qtbot: QtBot) -> None:
    maps = SpaceSession().maps
    changed = replace(maps.settings, iterations=QUICK)
    with qtbot.waitSignal(maps.changed):
        maps.set_settings(changed)
    assert maps.settings is changed
    maps.close()


def test_it_can_be_closed_while_it_works(qtbot: QtBot, session: SpaceSession) -> None:
    maps = session.maps
    heard = problems_of(maps)
    with_iterations(maps, ENDLESS)
    maps.choose("tsne")
    maps.start()
    wait_until_it_forms(qtbot, maps)
    maps.close()
    assert heard == []


def test_of_a_part_shown_alone_only_its_points_are_shown(qtbot: QtBot) -> None:
    session = SpaceSession(clusters(8))
    maps = session.maps
    maps.set_settings(MapSettings(iterations=QUICK))
    maps.choose("tsne")
    wait_until_made(qtbot, maps)
    session.shown_only.show(["code", "you", "know", "to", "need"])  # ids 2 to 6
    points = maps.points()
    assert points is not None
    assert np.flatnonzero(np.isfinite(points[:, 0])).tolist() == [2, 3, 4, 5, 6]
    maps.start()  # a map of just these
    qtbot.waitUntil(lambda: maps.making is None, timeout=SECONDS_30)
    assert maps.current is not None
    assert maps.current.ids.tolist() == [2, 3, 4, 5, 6]
    session.shown_only.show_all()
    assert maps.available() == 8
    maps.close()


def test_axes_that_are_held_are_not_called_the_pca(qtbot: QtBot, session: SpaceSession) -> None:
    session.set_axes("held")
    session.maps.choose("tsne")
    wait_until_made(qtbot, session.maps)
    assert session.maps.current is not None
    assert not session.maps.current.beside_pca
