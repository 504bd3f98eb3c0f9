"""A map that follows the real training, engine and all."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from core.maps.settings import MapSettings
from gui.session import Session, State
from tests.gui.sessions import wait


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    made = Session("small-world")
    try:
        wait(qtbot, lambda: made.state is State.PAUSED)
        yield made
    finally:
        made.close()


def test_a_map_moves_with_the_training_and_never_jumps(qtbot: QtBot, session: Session) -> None:
    maps = session.maps
    maps.set_settings(MapSettings(neighbours=10, iterations=200))
    maps.choose("tsne")
    wait(qtbot, lambda: maps.making is None and maps.current is not None)
    seen: list[tuple[int, np.ndarray]] = []

    def note() -> None:
        assert maps.current is not None
        seen.append((maps.current.step, maps.current.points))

    maps.pointsChanged.connect(note)
    maps.set_follows(True)
    session.run()
    wait(qtbot, lambda: len({step for step, _ in seen}) >= 3)
    session.pause()
    wait(
        qtbot,
        lambda: (
            session.state is State.PAUSED
            and maps.making is None
            and maps.current is not None
            and session.shown is not None
            and maps.current.step == session.shown.step
        ),
    )
    steps = [step for step, _ in seen]
    assert steps == sorted(steps)
    moves = [
        np.median(np.linalg.norm(after - before, axis=1)) / np.std(before)
        for (_, before), (_, after) in pairwise(seen)
    ]
    assert np.median(moves) < 0.1
    session.step(5)  # the engine was never kept waiting
    wait(
        qtbot,
        lambda: session.shown is not None and session.shown.step == steps[-1] + 5,
    )
