"""A run rebuilt from its history and what is left of its keyframes: the same bits."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from core import rebuilding
from core.config import Initialisation, ObjectiveConfig, OptimizerConfig, RunConfig
from core.keeping import keep
from core.keyframes import KeyframeStore
from core.messages import (
    Array,
    Change,
    Event,
    Parted,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
)
from core.trainer import Trainer
from tests.core.corpora import ROWS, corpus, encoded, run_config
from tests.core.driven import GROWN, Driven, build, opened
from tests.core.edits import set_row
from tests.core.test_parity import OBJECTIVES, called

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

HISTORY: list[tuple[int, Change]] = [
    (5, SetOptimizer(OptimizerConfig("adam", 0.02))),
    (5, SetBatchSize(5)),
    (9, SetCell(3, 1, -2.0)),
    (10, set_row(4, 0, 0.5, 0, 0)),
    (12, GROWN),
    (12, SetOptimizer(OptimizerConfig("adam", 0.002))),
    (17, SetCorpus(corpus(), ROWS)),
]


def lived(tmp_path: Path, config: RunConfig) -> tuple[Driven, tuple[Event, ...]]:
    """A run with `HISTORY`, as it happened."""
    driven = opened(tmp_path, config)
    events = []
    for step, change in HISTORY:
        driven.run.step(step - driven.run._trainer.step)
        driven.work()
        events.append(Event(driven.run.change(change), change))
        driven.work()
    driven.run.step(6)
    driven.work()
    return driven, tuple(events)


@pytest.fixture
def every_step_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: True)


@pytest.mark.usefixtures("every_step_kept")
@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
@pytest.mark.parametrize("kept", ["all", "some", "none"])
def test_a_history_is_rebuilt_to_the_same_bits(
    tmp_path: Path, objective: ObjectiveConfig, kept: str
) -> None:
    config = run_config(objective)
    driven, events = lived(tmp_path, config)
    assert [each.step for each in events] == [5, 5, 9, 10, 12, 12, 17]
    files = sorted((tmp_path / "keyframes").glob("*.safetensors"))
    assert len(files) == 23
    for path in {"all": [], "some": files[7:], "none": files}[kept]:
        path.unlink()
    rebuilt = Driven(build(tmp_path, config, events, 23))
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)
    assert rebuilt.frame.step == 23
    assert rebuilt.frame.trained == driven.frame.trained
    for each in (driven, rebuilt):
        each.run.acknowledge(each.frame.number)
        each.run.step(5)
        each.work()
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)
    assert rebuilt.losses == driven.losses[-5:]


@pytest.mark.usefixtures("every_step_kept")
def test_every_step_of_a_history_can_be_shown_again(tmp_path: Path) -> None:
    _, events = lived(tmp_path, run_config())
    for step in range(22, 0, -3):
        until = tuple(each for each in events if each.step <= step)
        rebuilt = Driven(build(tmp_path, None, until, step))
        plain = Driven(replace(build(tmp_path, None, until, step), keyframes=str(tmp_path / "no")))
        np.testing.assert_array_equal(rebuilt.shown, plain.shown)


@pytest.mark.usefixtures("every_step_kept")
def test_a_keyframe_saves_the_steps_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven = opened(tmp_path)
    driven.run.step(10)
    driven.work()
    done = []
    advance: Callable[[Trainer], float] = Trainer.advance
    monkeypatch.setattr(Trainer, "advance", lambda self: done.append(advance(self)))
    Driven(build(tmp_path, step=10))
    assert len(done) == 1  # the last step, whose batch and gradients are shown


@pytest.mark.usefixtures("every_step_kept")
def test_the_last_keyframe_may_be_damaged_though_the_way_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven = opened(tmp_path)
    driven.run.step(10)
    driven.work()
    *before, last = sorted((tmp_path / "keyframes").glob("*.safetensors"))
    last.write_bytes(last.read_bytes()[:-9])
    for path in before[4:]:
        path.unlink()
    monkeypatch.setattr(rebuilding, "LONG_SECONDS", -1)
    rebuilt = Driven(build(tmp_path, step=10))
    assert rebuilt.frame.step == 10
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)


@pytest.mark.usefixtures("every_step_kept")
@pytest.mark.parametrize("kept", [1, 5])
def test_a_long_way_ends_with_the_changes_to_its_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    cell = SetCell(3, 1, -2.0)
    driven = opened(tmp_path)
    driven.run.step(6)
    driven.work()
    events = (Event(driven.run.change(cell), cell),)
    driven.work()
    folder = tmp_path / "keyframes"
    moment = driven.run.moment()
    assert keep(moment, str(folder / f"{6:012d}-{1:06d}.safetensors")).problem is None
    for path in sorted(folder.glob("*.safetensors"))[kept:-1]:
        path.unlink()
    monkeypatch.setattr(rebuilding, "LONG_SECONDS", -1)
    rebuilt = Driven(build(tmp_path, None, events, 6))
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)
    assert rebuilt.of(Parted) == []
    assert not rebuilt.frame.as_stored


@pytest.mark.usefixtures("every_step_kept")
def test_a_padding_idx_counted_from_the_end_stays_its_row_when_rebuilt(tmp_path: Path) -> None:
    config = run_config(ObjectiveConfig("cbow"), padding_idx=-1)
    driven = opened(tmp_path, config)
    grown = SetCorpus(encoded([[11, 14, 11, 13]]), 15)
    events = (Event(driven.run.change(grown), grown),)
    driven.work()
    driven.run.step(4)
    driven.work()
    assert not driven.shown[11].any()
    rebuilt = Driven(build(tmp_path, config, events, 4))
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)


@pytest.mark.usefixtures("every_step_kept")
def test_a_given_table_that_lost_rows_is_rebuilt(tmp_path: Path) -> None:
    config = run_config(initialisation=Initialisation("given"))
    values = np.arange(ROWS * 4, dtype=np.float32).reshape(ROWS, 4) / 50
    first = replace(build(tmp_path, config), values=Array.of(values))
    driven = Driven(first)
    driven.run.acknowledge(1)
    smaller = SetCorpus(encoded([[2, 3, 4]]), 6)
    events = (Event(driven.run.change(smaller), smaller),)
    driven.work()
    driven.run.step(4)
    driven.work()
    rebuilt = Driven(replace(first, events=events, step=4))
    np.testing.assert_array_equal(rebuilt.shown, driven.shown)
