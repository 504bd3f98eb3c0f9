"""Any step of a run can be shown again, in any order, to the same bits."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from core.config import ObjectiveConfig, OptimizerConfig
from core.keyframes import KeyframeStore
from core.messages import Change, Event, Frame, SetBatchSize, SetCell, SetCorpus, SetOptimizer
from core.state_hashes import read_hashes
from tests.core.corpora import ROWS, corpus, run_config
from tests.core.driven import GROWN, Driven, build, opened
from tests.core.edits import set_row
from tests.core.test_parity import called

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

LAST = 24
OBJECTIVES = [ObjectiveConfig("next-word"), ObjectiveConfig("next-word", tied=True)]
OBJECTIVES += [ObjectiveConfig("skip-gram"), ObjectiveConfig("sentence-label")]
CELLS: dict[int, Change] = {
    6: SetCell(3, 1, -2.0),
    15: SetCell(4, 0, 0.5),
    18: set_row(5, 0, 0, 0, 0),
}
SETTINGS: dict[int, Change] = {
    5: SetOptimizer(OptimizerConfig("adam", 0.02)),
    8: SetBatchSize(5),
    9: SetCell(3, 1, -2.0),
    10: set_row(4, 0, 0.5, 0, 0),
    12: GROWN,
    17: SetCorpus(corpus(), ROWS),
}


class Lived:
    """A run of `LAST` steps with `changes`, and what each step showed as it happened."""

    def __init__(self, tmp_path: Path, changes: dict[int, Change], **config: object) -> None:
        self.driven = opened(tmp_path, run_config(**config))  # type: ignore[arg-type]
        self.rows = {0: self.driven.shown}
        self.frames: dict[int, Frame] = {}
        self.events: list[Event] = []
        for step in range(1, LAST + 1):
            self.driven.run.step(1)
            self.driven.work()
            self.frames[step] = self.driven.frame
            if step in changes:
                self.driven.run.change(changes[step])
                self.events.append(Event(step, changes[step]))
                self.driven.work()
            self.rows[step] = self.driven.shown

    def seek(self, step: int) -> Frame:
        self.driven.run.seek(step)
        self.driven.work()
        return self.driven.frame


@pytest.fixture(params=["kept each step", "kept each fifth", "not kept"])
def keyframes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter(range(10**6))
    every = {"kept each step": 1, "kept each fifth": 5, "not kept": 10**6}[request.param]
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: next(asked) % every == every - 1)
    return


@pytest.mark.usefixtures("keyframes")
@pytest.mark.parametrize("changes", [{}, CELLS, SETTINGS], ids=["none", "cells", "settings"])
@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
def test_any_step_in_any_order(
    tmp_path: Path, changes: dict[int, Change], objective: ObjectiveConfig
) -> None:
    optimizer = OptimizerConfig("sgd", 0.1, momentum=0.9)
    lived = Lived(tmp_path, changes, objective=objective, optimizer=optimizer)
    steps = [*range(LAST + 1), *range(LAST, -1, -1)]
    Random(0).shuffle(steps)
    for step in steps:
        frame = lived.seek(step)
        assert (frame.step, frame.sought or frame.whole) == (step, True)
        np.testing.assert_array_equal(lived.driven.shown, lived.rows[step])
        if step:
            assert frame.trained == lived.frames[step].trained
            if objective.is_tied:  # all rows, but for those that came or went right after it
                all_rows = min(lived.frames[step].touched, len(lived.rows[step]))
                assert frame.touched == all_rows >= ROWS


def test_the_moves_are_those_of_the_step(tmp_path: Path) -> None:
    lived = Lived(tmp_path, {})
    lived.seek(20)
    frame = lived.seek(7)
    buffer = lived.driven.buffer
    moved = (lived.rows[7] != lived.rows[6]).any(1)
    ids = buffer.moved_ids[: frame.moved]
    assert ids.tolist() == np.flatnonzero(moved).tolist()
    distances = np.linalg.norm(lived.rows[7][ids] - lived.rows[6][ids], axis=1)
    np.testing.assert_allclose(buffer.moved_by[: frame.moved], distances, rtol=1e-6)
    assert frame.since == 6
    assert frame.came_from is not None
    before = frame.came_from.rows.numpy()
    np.testing.assert_array_equal(before, lived.rows[6][list(frame.came_from.ids)])
    touched = set(buffer.touched_ids[: frame.touched].tolist())
    assert touched == set(ids.tolist())  # plain SGD moves what got a gradient


def test_step_0_has_no_moves(tmp_path: Path) -> None:
    frame = Lived(tmp_path, {}).seek(0)
    assert (frame.moved, frame.touched, frame.since, frame.trained) == (0, 0, 0, None)


def test_the_future_is_kept_until_another_begins(tmp_path: Path) -> None:
    lived = Lived(tmp_path, SETTINGS)
    run = lived.driven.run
    lived.seek(10)
    run.step(1)
    lived.driven.work()
    np.testing.assert_array_equal(lived.driven.shown, lived.rows[11])
    lived.seek(LAST)
    np.testing.assert_array_equal(lived.driven.shown, lived.rows[LAST])
    lived.seek(10)
    run.change(SetCell(2, 0, 9.0))
    lived.driven.work()
    assert run._events == 5  # the four until step 10, and this one
    other = lived.driven.shown
    lived.seek(3)
    lived.seek(10)
    np.testing.assert_array_equal(lived.driven.shown, other)
    assert other[2, 0] == 9.0


def test_a_rebuilt_run_knows_its_future(tmp_path: Path) -> None:
    lived = Lived(tmp_path, SETTINGS)
    events = tuple(lived.events)
    rebuilt = Driven(build(tmp_path, events=events, step=10, reach=LAST))
    rebuilt.run.acknowledge(1)
    np.testing.assert_array_equal(rebuilt.shown, lived.rows[10])
    rebuilt.run.seek(LAST)
    rebuilt.work()
    np.testing.assert_array_equal(rebuilt.shown, lived.rows[LAST])


def test_only_the_newest_of_several_is_shown(tmp_path: Path) -> None:
    lived = Lived(tmp_path, {})
    for step in (3, 9, 5):
        lived.driven.run.seek(step)
    frames = len(lived.driven.of(Frame))
    lived.driven.work()
    assert [frame.step for frame in lived.driven.of(Frame)[frames:]] == [5]


def test_the_frame_in_flight_comes_first(tmp_path: Path) -> None:
    lived = Lived(tmp_path, {})
    lived.driven.run.seek(3)
    lived.driven.work(acknowledge=False)
    lived.driven.run.seek(8)
    lived.driven.work(acknowledge=False)
    assert lived.driven.frame.step == 3
    assert lived.driven.run.wait() is None
    lived.driven.run.acknowledge(lived.driven.frame.number)
    lived.driven.work()
    assert lived.driven.frame.step == 8


@pytest.mark.parametrize("step", [2, 3])
def test_a_growth_that_is_left_before_it_was_shown(
    tmp_path: Path, own_memory: Path, step: int
) -> None:
    driven = opened(tmp_path)
    driven.run.step(3)
    driven.work()
    driven.run.change(GROWN)
    driven.run.seek(step)
    driven.run.step(1)  # from the step that was sought
    driven.work()
    rows = ROWS if step < 3 else 15
    assert (driven.frame.step, driven.shown.shape) == (step + 1, (rows, 4))
    assert len(list(own_memory.iterdir())) == 1


def test_the_end_is_kept_when_it_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: False)
    lived = Lived(tmp_path, {})
    folder = tmp_path / "keyframes"
    assert not [*folder.glob("*.safetensors")]
    lived.seek(7)
    lived.seek(3)
    assert [path.name for path in folder.glob("*.safetensors")] == [
        f"{LAST:012d}-000000.safetensors"
    ]
    monkeypatch.setattr("core.seeking.LARGEST_LEFT", 0)
    lived.seek(LAST)
    lived.driven.run.step(2)
    lived.driven.work()
    lived.seek(4)
    assert len([*folder.glob("*.safetensors")]) == 1
    assert read_hashes(folder)[-1].moment == (LAST + 2, 0)
