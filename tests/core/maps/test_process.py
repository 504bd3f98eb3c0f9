"""The process at the other end of a bare pipe."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.looking_problems import MapRefused
from core.maps.messages import (
    Grow,
    Growing,
    Grown,
    MapFailed,
    Report,
    Stop,
    pack,
    unpack_report,
)
from core.maps.rows_file import take_rows, write_rows
from core.maps.settings import MapSettings
from core.messages import Array
from core.wire import MessageSplitter
from tests.core.maps.clusters import clusters, plane_of

QUICK = MapSettings(iterations=60, neighbours=10)
ENDLESS = MapSettings(iterations=10_000_000)


class MapWire:
    """A process that makes maps, without any help."""

    def __init__(self) -> None:
        command = (sys.executable, "-P", "-m", "core.maps.process")
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        self.heard: list[Report] = []
        self._splitter = MessageSplitter()
        self._unheard: list[Report] = []

    def grow(self, number: int, settings: MapSettings, rows: int = 60) -> Path:
        """Ask for a map; returns the file with its rows."""
        values = clusters(rows)
        path = write_rows(values, np.arange(rows))
        self.send(Grow(number, settings, str(path), Array.of(plane_of(values))))
        return path

    def send(self, *commands: Grow | Stop) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(pack, commands)))
        self.process.stdin.flush()

    def hear(self) -> Report:
        assert self.process.stdout is not None
        while not self._unheard:
            data = os.read(self.process.stdout.fileno(), 2**16)
            assert data, "it has ended"
            self._unheard += map(unpack_report, self._splitter.feed(data))
        self.heard.append(self._unheard.pop(0))
        return self.heard[-1]

    def wait_for_points(self) -> None:
        while not (isinstance(report := self.hear(), Growing) and report.points is not None):
            pass

    def wait_for_end(self) -> Grown | MapFailed:
        while isinstance(report := self.hear(), Growing):
            pass
        return report

    def end(self) -> str:
        """Close its input, wait for it, and return what it said on standard error."""
        said = self.process.communicate()[1].decode()
        assert self.process.returncode == 0, said
        return said


@pytest.fixture
def wire() -> Iterator[MapWire]:
    made = MapWire()
    yield made
    if made.process.poll() is None:
        made.end()


def test_a_map_is_told_of_as_it_forms(wire: MapWire) -> None:
    path = wire.grow(1, QUICK)
    made = wire.wait_for_end()
    assert isinstance(made, Grown)
    assert (made.number, made.done, made.total, made.stopped) == (1, 60, 60, False)
    assert made.points is not None
    assert made.points.numpy().shape == (60, 2)
    stages = [each.stage for each in wire.heard if isinstance(each, Growing)]
    assert list(dict.fromkeys(stages)) == ["starting", "neighbours", "points"]
    assert not path.exists()
    assert wire.end() == ""


def test_another_map_ends_the_one_under_way(wire: MapWire) -> None:
    wire.grow(1, ENDLESS)
    wire.wait_for_points()
    wire.grow(2, QUICK)
    first, second = wire.wait_for_end(), wire.wait_for_end()
    assert isinstance(first, Grown)
    assert first.stopped
    assert isinstance(second, Grown)
    assert (second.number, second.stopped) == (2, False)


def test_it_stops_and_gives_what_there_is(wire: MapWire) -> None:
    wire.grow(1, ENDLESS)
    wire.wait_for_points()
    wire.send(Stop())
    made = wire.wait_for_end()
    assert isinstance(made, Grown)
    assert made.stopped
    assert made.points is not None
    assert made.trust is not None


def test_it_ends_with_its_input_while_it_works(wire: MapWire) -> None:
    wire.grow(1, ENDLESS)
    wire.wait_for_points()
    wire.end()


def test_a_refusal_leaves_it_ready(wire: MapWire) -> None:
    wire.grow(1, QUICK, rows=3)
    failed = wire.wait_for_end()
    assert isinstance(failed, MapFailed)
    assert failed.problem == MapRefused("few-rows", "tsne", 3)
    wire.grow(2, QUICK)
    assert isinstance(wire.wait_for_end(), Grown)


def test_rows_that_have_gone_are_a_refusal(wire: MapWire) -> None:
    plane = Array.of(np.zeros((4, 2), np.float32))
    wire.send(Grow(1, QUICK, "nothing-of-this-name", plane))
    failed = wire.wait_for_end()
    assert isinstance(failed, MapFailed)
    assert isinstance(failed.problem, MapRefused)
    assert failed.problem.reason == "failed"
    assert "nothing-of-this-name" in failed.problem.detail


def test_chosen_rows_go_through_a_file_and_leave_none_behind() -> None:
    rows = np.arange(12, dtype=np.float16).reshape(4, 3)
    path = write_rows(rows, np.array([3, 1]))
    taken = take_rows(path)
    assert taken.dtype == np.float16
    assert taken.tolist() == [[9, 10, 11], [3, 4, 5]]
    assert not path.exists()
