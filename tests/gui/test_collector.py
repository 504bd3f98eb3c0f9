"""Garbage is collected from the event loop, and nowhere else."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from gui.collector import Collector


class Ring:
    """Refers to itself: only a collection ends it."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    enabled, thresholds = gc.isenabled(), gc.get_threshold()
    gc.collect()
    made = Collector()
    try:
        yield made
    finally:
        made.end()
        gc.set_threshold(*thresholds)
        if not enabled:
            gc.disable()


def test_python_itself_collects_no_more(collector: Collector) -> None:
    gone = weakref.ref(Ring())
    rings = [Ring() for _ in range(5_000)]
    assert not gc.isenabled()
    assert gone() is not None
    del rings


def test_the_event_loop_does(qtbot: QtBot, collector: Collector) -> None:
    gone = weakref.ref(Ring())
    kept = [Ring() for _ in range(5_000)]
    qtbot.waitUntil(lambda: gone() is None, timeout=30_000)
    assert len(kept) == 5_000


def test_a_little_garbage_waits(collector: Collector) -> None:
    gc.collect()
    gone = weakref.ref(Ring())
    collector.collect()
    assert gone() is not None


def test_afterwards_python_collects_again(qtbot: QtBot) -> None:
    enabled = gc.isenabled()
    collector = Collector()
    collector.end()
    assert gc.isenabled()
    if not enabled:
        gc.disable()
