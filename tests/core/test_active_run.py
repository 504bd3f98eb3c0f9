"""A run inside the engine, driven by hand: frames, growth, rebuilding, and its pace."""

from pathlib import Path

import numpy as np
import pytest

from core import frames
from core.config import ObjectiveConfig, OptimizerConfig
from core.messages import (
    Frame,
    Mapped,
    SetCell,
    SetCorpus,
    Stopped,
)
from core.problems import Diverged, ProblemError, TooMuchMemory
from core.rows import MappedRows
from core.trainer import Trainer
from tests.core.corpora import LABELS, ROWS, SENTENCES, corpus, encoded, run_config
from tests.core.driven import GROWN, Driven, build, opened
from tests.core.edits import set_row

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")


# ── frames ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sparse", [False, True])
def test_every_frame_shows_one_whole_step(tmp_path: Path, sparse: bool) -> None:
    config = run_config(ObjectiveConfig("skip-gram"), sparse=sparse, max_norm=1.5)
    driven = opened(tmp_path, config)
    trainer = Trainer(config, corpus())
    for count in (1, 3, 1, 1, 10):
        before = driven.shown
        driven.run.step(count)
        driven.work()
        for _ in range(count - 1):
            trainer.advance()
        report = trainer.step_and_report()
        np.testing.assert_array_equal(driven.shown, trainer.table.weight.detach().numpy())
        buffer = driven.buffer
        moved = np.flatnonzero((before != driven.shown).any(1))
        assert driven.frame.step == trainer.step
        if count == 1:
            assert buffer.moved_ids[: driven.frame.moved].tolist() == moved.tolist()
            distances = buffer.moved_by[: driven.frame.moved].tolist()
            assert distances == pytest.approx(report.moved_by.tolist())
            assert buffer.touched_ids[: driven.frame.touched].tolist() == report.touched.tolist()
            norms = buffer.gradient_norms[: driven.frame.touched].tolist()
            assert norms == report.gradient_norms.tolist()


def test_without_an_acknowledgement_nothing_more_is_written(tmp_path: Path) -> None:
    driven = Driven(build(tmp_path))
    driven.run.step(20)
    driven.work(acknowledge=False)
    assert [each.number for each in driven.of(Frame)] == [1]
    assert driven.run.wait() is None
    driven.run.acknowledge(7)  # of a frame that was never sent
    assert driven.run.wait() is None
    driven.run.acknowledge(1)
    assert driven.run.wait() == 0
    driven.work()
    assert (driven.frame.number, driven.frame.since, driven.frame.step) == (2, 0, 20)
    assert len(driven.frame.losses.numpy()) == 20


def test_a_gradient_of_a_step_before_has_norm_zero(tmp_path: Path) -> None:
    driven = Driven(build(tmp_path))
    driven.run.step(1)
    driven.work(acknowledge=False)
    driven.run.change(SetCorpus(encoded([[10, 9]]), ROWS))
    driven.run.step(1)
    driven.work(acknowledge=False)
    driven.run.acknowledge(1)
    driven.work()
    buffer = driven.buffer
    touched = buffer.touched_ids[: driven.frame.touched].tolist()
    norms = buffer.gradient_norms[: driven.frame.touched].tolist()
    assert len(touched) > 1
    assert all((norm > 0) == (id == 10) for id, norm in zip(touched, norms, strict=True))


def test_a_cell_set_by_hand_moved_but_was_not_touched(tmp_path: Path) -> None:
    for sparse in (False, True):
        driven = opened(tmp_path, run_config(sparse=sparse))
        value = float(driven.shown[6, 2]) + 4
        driven.run.change(SetCell(6, 2, value))
        driven.work()
        buffer = driven.buffer
        assert buffer.moved_ids[: driven.frame.moved].tolist() == [6]
        assert buffer.moved_by[0] == pytest.approx(4)
        assert driven.frame.touched == 0
        assert driven.shown[6, 2] == np.float32(value)


def test_a_row_set_by_hand_moved_as_one(tmp_path: Path) -> None:
    for sparse in (False, True):
        driven = opened(tmp_path, run_config(sparse=sparse))
        before = driven.shown
        driven.run.change(set_row(6, 0, 0, 0, 0))
        driven.work()
        assert driven.buffer.moved_ids[: driven.frame.moved].tolist() == [6]
        assert driven.buffer.moved_by[0] == pytest.approx(np.linalg.norm(before[6]))
        assert driven.frame.touched == 0
        before[6] = 0
        np.testing.assert_array_equal(driven.shown, before)


def test_a_row_that_is_only_looked_up_may_move_too(tmp_path: Path) -> None:
    # max_norm shrinks the pad row as it is looked up; a gradient it never gets.
    driven = opened(tmp_path, run_config(ObjectiveConfig("cbow"), sparse=True, max_norm=0.5))
    driven.run.change(SetCell(1, 0, 3.0))
    driven.work()
    assert driven.shown[1, 0] == 3.0
    driven.run.step(1)
    driven.work()
    assert driven.shown[1, 0] == pytest.approx(0.5, rel=1e-4)
    buffer = driven.buffer
    assert 1 in buffer.moved_ids[: driven.frame.moved]
    assert 1 not in buffer.touched_ids[: driven.frame.touched]


def test_divergence_is_said_once(tmp_path: Path) -> None:
    driven = opened(tmp_path, run_config(optimizer=OptimizerConfig("sgd", 1e30)))
    driven.run.run(None)
    driven.work()
    (stopped,) = driven.of(Stopped)
    assert isinstance(stopped.problem, Diverged)
    assert stopped.step == stopped.problem.step == driven.frame.step
    driven.run.step(5)
    driven.work()
    assert driven.frame.step == stopped.step + 5
    assert len(driven.of(Stopped)) == 1


# ── growth ────────────────────────────────────────────────────────────────────────────────────


def test_growth_begins_a_new_mapping_and_loses_no_loss(tmp_path: Path, own_memory: Path) -> None:
    driven = Driven(build(tmp_path))
    driven.run.step(3)
    driven.work(acknowledge=False)
    assert driven.run.change(GROWN) == 3
    driven.work(acknowledge=False)
    assert len(driven.of(Mapped)) == 1  # the frame before has not been acknowledged
    driven.run.acknowledge(1)
    driven.work()
    assert len(driven.of(Mapped)) == 2
    assert (driven.frame.whole, driven.frame.moved) == (True, 0)
    assert driven.frame.touched > 0  # by the three steps, whose frame the growth took
    assert driven.shown.shape == (15, 4)
    driven.run.step(4)
    driven.work()
    trainer = Trainer(run_config(), corpus())
    losses = [trainer.advance() for _ in range(3)]
    trainer.apply(GROWN)
    assert driven.losses == losses + [trainer.advance() for _ in range(4)]
    np.testing.assert_array_equal(driven.shown, trainer.table.weight.detach().numpy())
    assert len(list(own_memory.iterdir())) == 1
    driven.run.close()
    assert list(own_memory.iterdir()) == []


def test_growth_without_room_changes_nothing(
    tmp_path: Path, own_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven = opened(tmp_path)

    def no_room(*_: object) -> MappedRows:
        raise ProblemError(TooMuchMemory("mapped rows", 2, 1))

    with monkeypatch.context() as patched:
        patched.setattr(frames.MappedRows, "create", no_room)
        with pytest.raises(ProblemError):
            driven.run.change(GROWN)
    driven.run.step(2)
    driven.work()
    trainer = Trainer(run_config(), corpus())
    trainer.advance()
    trainer.advance()
    np.testing.assert_array_equal(driven.shown, trainer.table.weight.detach().numpy())


def test_a_refused_growth_leaves_no_file_behind(tmp_path: Path, own_memory: Path) -> None:
    driven = opened(tmp_path)
    for change in (SetCorpus(encoded([[40]]), 20), SetCorpus(encoded([]), 1)):
        with pytest.raises(ProblemError):
            driven.run.change(change)
    assert len(list(own_memory.iterdir())) == 1


def test_growing_twice_before_a_frame_shows_the_last(tmp_path: Path, own_memory: Path) -> None:
    driven = opened(tmp_path)
    driven.run.change(GROWN)
    driven.run.change(SetCorpus(encoded(SENTENCES, LABELS), 20))
    driven.work()
    assert driven.shown.shape == (20, 4)
    driven.run.change(SetCorpus(corpus(), ROWS))
    driven.work()
    assert driven.shown.shape == (ROWS, 4)
    assert len(list(own_memory.iterdir())) == 1


# ── pace ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(frames.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(frames.time, "thread_time", lambda: 0.0)  # publishing costs nothing
    return now


def test_another_speed_brings_no_step_of_its_own(tmp_path: Path, clock: list[float]) -> None:
    driven = opened(tmp_path)
    driven.run.run(0.5)
    driven.run.work()
    assert driven.run._trainer.step == 1
    for speed in (0.25, 0.4, 1.0):
        clock[0] += 0.1
        driven.run.run(speed)
        driven.run.work()
    assert driven.run._trainer.step == 1
    # The next was due at 2 s; at one a second it is 1 s after 0.3 s, when the speed was set.
    clock[0] += 1.0
    driven.run.work()
    assert driven.run._trainer.step == 2


def test_a_limited_run_waits_between_steps(tmp_path: Path, clock: list[float]) -> None:
    driven = opened(tmp_path)
    driven.run.run(2.0)
    driven.run.work()
    driven.run.work()
    assert driven.run._trainer.step == 1
    driven.run.acknowledge(2)
    assert driven.run.wait() == pytest.approx(0.5)
    for expected in (2, 3, 4):
        clock[0] += 0.5
        assert driven.run.wait() == 0
        driven.run.work()
        driven.run.acknowledge(driven.frame.number)
        driven.run.work()
        assert driven.run._trainer.step == expected
    clock[0] += 100.0  # the machine slept: one step is made up for, not 200
    driven.run.work()
    driven.run.work()
    assert driven.run._trainer.step == 6
    driven.run.acknowledge(driven.frame.number)
    driven.run.pause()
    driven.work()
    assert not driven.frame.running
    assert driven.frame.step == 6


def test_frames_come_no_faster_than_a_display_shows_them(
    tmp_path: Path, clock: list[float]
) -> None:
    driven = opened(tmp_path)
    driven.run.run(None)
    for _ in range(1000):
        clock[0] += 0.001
        driven.run.work()
        driven.run.acknowledge(driven.frame.number)
    assert driven.run._trainer.step == 1000
    assert 20 <= len(driven.of(Frame)) <= 61
    assert driven.frame.steps_per_second == pytest.approx(1000, rel=0.1)


def test_step_while_running_stops_after_it(tmp_path: Path) -> None:
    driven = opened(tmp_path)
    driven.run.run(None)
    driven.run.work()
    driven.run.step(3)
    driven.work()
    assert (driven.frame.step, driven.frame.running) == (4, False)
