"""A run says why the rows that were asked for moved, and does nothing of it unasked."""

from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from core.config import ObjectiveConfig, OptimizerConfig, RunConfig
from core.keyframes import KeyframeStore
from core.messages import (
    Event,
    Explain,
    Explained,
    Frame,
    SetBatchSize,
    SetCell,
    SetOptimizer,
    Step,
)
from core.movement import explainer
from core.movement.explainer import Explainer
from core.movement.parts import Movement
from core.movement.wire import movements_in
from core.trainer import Trainer
from tests.core.corpora import ROWS, corpus, run_config
from tests.core.driven import GROWN, Driven, build, opened
from tests.core.edits import set_row
from tests.core.wire import Wire

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

ADAMW = run_config(optimizer=OptimizerConfig("adamw", 0.01, weight_decay=0.05))
IDS = (2, 3, 4, 5)


def asked(tmp_path: Path, config: RunConfig | None = None, ids: tuple[int, ...] = IDS) -> Driven:
    driven = opened(tmp_path, config or ADAMW)
    driven.run.explain(ids)
    driven.work()
    return driven


def shown(driven: Driven) -> dict[int, Movement]:
    """What the last frame says."""
    assert driven.frame.explained is not None
    return movements_in(driven.frame.explained)


def told(driven: Driven) -> dict[int, Movement]:
    """What was said last between two frames."""
    return movements_in(driven.of(Explained)[-1])


def by_hand(config: RunConfig, step: int) -> tuple[np.ndarray, np.ndarray]:
    """The table before and after `step`."""
    trainer = Trainer(config, corpus())
    for _ in range(step - 1):
        trainer.advance()
    before = trainer.table.weight.detach().numpy().copy()
    trainer.advance()
    return before, trainer.table.weight.detach().numpy()


def check(movements: dict[int, Movement], config: RunConfig, step: int) -> None:
    before, after = by_hand(config, step)
    assert tuple(movements) == IDS
    for id_, movement in movements.items():
        assert movement.step == step
        assert movement.optimizer == config.optimizer
        assert np.array_equal(movement.before, before[id_])
        assert np.array_equal(movement.after, after[id_])
        assert movement.is_explained


def test_each_step_that_is_shown_is_explained_with_it(tmp_path: Path) -> None:
    driven = asked(tmp_path)
    for step in (1, 2, 3):
        driven.run.step(1)
        driven.work()
        assert driven.frame.step == step
        check(shown(driven), ADAMW, step)
    driven.run.step(5)
    driven.work()
    check(shown(driven), ADAMW, 8)


@pytest.fixture
def recordings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps that were written down as they were done or repeated."""
    steps: list[int] = []
    original = explainer.record_step

    def record(trainer, ids):
        steps.append(trainer.step + 1)
        return original(trainer, ids)

    monkeypatch.setattr(explainer, "record_step", record)
    return steps


def test_only_steps_that_are_shown_are_written_down(tmp_path: Path, recordings: list[int]) -> None:
    driven = asked(tmp_path)
    driven.run.run(None)
    while driven.run._trainer.step < 40:
        driven.run.work()
    assert len(recordings) == 1  # the frame has not been acknowledged
    while len(driven.of(Frame)) < 8:
        driven.run.work()
        driven.run.acknowledge(driven.frame.number)
    assert recordings == [frame.step for frame in driven.of(Frame)[1:]]
    assert driven.run._trainer.step > 2 * len(recordings)


def test_nothing_is_done_unasked(tmp_path: Path, recordings: list[int]) -> None:
    driven = opened(tmp_path)
    driven.run.step(3)
    driven.work()
    driven.run.explain((4,))
    driven.work()
    assert recordings == [3]
    driven.run.explain(())
    driven.run.step(3)
    driven.work()
    assert recordings == [3]
    assert driven.frame.explained is None
    assert len(driven.of(Explained)) == 1


@pytest.mark.parametrize("kept", [False, True])
def test_a_step_that_was_not_written_down_is_done_again(
    tmp_path: Path, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyframeStore, "is_due", lambda _: kept)
    driven = opened(tmp_path, ADAMW)
    driven.run.step(7)
    driven.work()
    driven.run.explain(IDS)
    assert not driven.of(Explained)
    driven.work()
    check(told(driven), ADAMW, 7)
    assert driven.run.wait() is None  # and not again


def test_a_row_that_is_picked_later_is_known_where_that_was_likely(
    tmp_path: Path, recordings: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    driven = asked(tmp_path, ids=(2,))
    driven.run.step(4)
    driven.work()
    recordings.clear()
    driven.run.explain((3, 4))  # all rows of so small a table are written down
    driven.work()
    assert tuple(told(driven)) == (3, 4)
    assert not recordings

    monkeypatch.setattr(explainer, "SMALL", 0)
    driven.run.watch(torch.tensor([5]))
    driven.run.step(1)
    driven.work()
    recordings.clear()
    driven.run.explain((5,))
    driven.work()
    assert tuple(told(driven)) == (5,)
    assert not recordings
    driven.run.explain((6, 3))  # nobody looked at these
    driven.work()
    assert tuple(told(driven)) == (6, 3)
    assert recordings == [5]  # it is done again
    driven.run.explain((3,))
    driven.work()
    assert recordings == [5]


def test_a_step_that_is_sought_is_explained(tmp_path: Path) -> None:
    driven = asked(tmp_path)
    driven.run.step(6)
    driven.work()
    driven.run.change(SetCell(3, 0, 9.0))
    driven.work()
    for step in (4, 6, 1):
        driven.run.seek(step)
        driven.work()
        assert driven.frame.step == step
        movements = told(driven) if driven.frame.explained is None else shown(driven)
        assert {movement.step for movement in movements.values()} == {step}
        assert all(movement.is_explained for movement in movements.values())
        assert ("edit" in movements[3].parts) == (step == 6)
        assert np.array_equal(movements[4].after, by_hand(ADAMW, step)[1][4])


def test_tied_output_weights_are_told_apart_from_the_lookup(tmp_path: Path) -> None:
    config = replace(ADAMW, objective=ObjectiveConfig("next-word", tied=True))
    driven = asked(tmp_path, config)
    driven.run.step(6)
    driven.work()
    check(shown(driven), config, 6)
    driven.run.seek(4)
    driven.work()
    movements = told(driven) if driven.frame.explained is None else shown(driven)
    check(movements, config, 4)
    driven.run.explain((1, 11))  # the pad, and a word that is in no sentence
    driven.work()
    for movement in told(driven).values():
        assert {part for part, vector in movement.parts.items() if vector.any()} >= {"tied"}
        assert not movement.parts["gradient"].any()
        assert movement.is_explained


def test_a_history_with_changes_is_followed(tmp_path: Path) -> None:
    driven = opened(tmp_path, ADAMW)
    driven.run.step(2)
    driven.work()
    driven.run.change(SetOptimizer(OptimizerConfig("sgd", 0.1, 0.9)))
    driven.run.change(SetCell(3, 0, 2.0))
    driven.run.change(GROWN)
    driven.work()
    driven.run.step(2)
    driven.work()
    driven.run.change(SetBatchSize(2))
    driven.run.change(set_row(4, 0, -1, 0, 0))
    driven.work()
    driven.run.explain((3, 4, 12))
    driven.work()
    movements = told(driven)
    assert movements[3].optimizer.name == "sgd"
    assert list(movements[3].parts) == ["momentum", "gradient", "edit"]
    assert not movements[3].parts["edit"].any()  # that was a step before
    assert movements[4].parts["edit"].all()
    assert movements[4].after.tolist() == [0, -1, 0, 0]
    assert all(movement.is_explained for movement in movements.values())


def test_an_edit_joins_what_was_written_down(tmp_path: Path, recordings: list[int]) -> None:
    driven = asked(tmp_path)
    driven.run.step(1)
    driven.work()
    driven.run.change(SetCell(3, 2, 4.0))
    driven.work()
    movement = shown(driven)[3]
    assert movement.after[2] == 4
    assert np.flatnonzero(movement.parts["edit"]).tolist() == [2]
    assert movement.is_explained
    assert recordings == [1]


def test_before_the_first_step_only_edits_move_a_row(tmp_path: Path) -> None:
    driven = asked(tmp_path)
    assert not any(movement.change.any() for movement in told(driven).values())
    driven.run.change(SetCell(3, 2, 4.0))
    driven.work()
    assert shown(driven)[3].change[2] == 4 - float(shown(driven)[3].before[2])
    assert list(shown(driven)[3].parts) == ["edit"]


def test_a_rebuilt_run_is_explained(tmp_path: Path) -> None:
    driven = Driven(build(tmp_path, ADAMW, step=6))
    driven.run.acknowledge(1)
    driven.run.explain(IDS)
    driven.work()
    check(told(driven), ADAMW, 6)


def test_another_future_is_not_explained_by_the_one_given_up(tmp_path: Path) -> None:
    history = build(tmp_path, ADAMW)
    told = Explainer(lambda: history, KeyframeStore(tmp_path))
    told.ask(IDS)
    trainer = Trainer(ADAMW, corpus())
    for _ in range(3):
        told.advance(trainer)
    assert not told.is_due(3) or told.explained(trainer)
    other = Trainer(ADAMW, corpus())  # the same run, back at its first step
    other.advance()
    assert told.explained(other) is None
    change = SetCell(3, 0, 1.0)
    other.apply(change)
    history = replace(history, events=(Event(1, change),))
    other.advance()
    other.advance()
    while told.is_due(3):
        told.work(other)
        explained = told.explained(other)
    assert explained is not None
    assert np.array_equal(explained.after.numpy(), now(other))
    assert all(movement.is_explained for movement in movements_in(explained).values())


def now(trainer: Trainer) -> np.ndarray:
    return trainer.table.weight.detach()[list(IDS)].numpy()


def test_a_row_that_was_not_there_is_left_out(tmp_path: Path) -> None:
    driven = asked(tmp_path, ids=(3, ROWS))
    driven.run.step(1)
    driven.work()
    driven.run.change(GROWN)
    driven.work()
    assert tuple(shown(driven)) == (3,)


def test_a_table_too_large_to_be_repeated_is_told_from_the_next_step_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explainer, "LARGEST_REPEATED", ROWS * 4 - 1)
    driven = opened(tmp_path)
    driven.run.step(2)
    driven.work()
    driven.run.explain(IDS)
    driven.work()
    assert told(driven) == {}
    assert driven.run.wait() is None
    driven.run.step(1)
    driven.work()
    assert tuple(shown(driven)) == IDS


def test_a_step_that_fails_to_be_repeated_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    driven = opened(tmp_path)
    driven.run.step(2)
    driven.work()
    monkeypatch.setattr(explainer, "rebuild", fail)
    driven.run.explain(IDS)
    with pytest.raises(MemoryError):
        driven.run.work()
    driven.work()
    assert driven.run.wait() is None
    driven.run.step(1)
    driven.work()
    assert tuple(shown(driven)) == IDS


def test_a_repetition_gives_way_to_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recordings: list[int]
) -> None:
    monkeypatch.setattr(explainer, "AT_A_TIME", 0.0)  # a step at a time
    driven = opened(tmp_path)
    driven.run.step(9)
    driven.work()
    driven.run.explain(IDS)
    for _ in range(3):
        driven.run.work()
    assert not driven.of(Explained)
    driven.run.step(1)
    driven.work()
    assert driven.frame.step == 10
    assert recordings == [10]
    assert not Explainer.is_due(driven.run._explainer, 10)


def test_an_answer_waits_until_its_step_is_on_screen(tmp_path: Path) -> None:
    driven = opened(tmp_path)
    driven.run.step(2)
    while driven.run.wait() is not None:
        driven.run.work()
    driven.run.explain(IDS)
    assert driven.run.wait() is None  # its frame has not been acknowledged
    driven.run.acknowledge(driven.frame.number)
    driven.work()
    assert tuple(told(driven)) == IDS


def test_an_engine_explains_over_its_pipe(tmp_path: Path) -> None:
    wire = Wire()
    try:
        wire.build(tmp_path)
        wire.acknowledge(wire.first_frame())
        wire.send(Explain((3,)), Step(2))
        while (frame := wire.wait_for(Frame)).step < 2:
            wire.acknowledge(frame)
        assert frame.explained is not None
        assert tuple(movements_in(frame.explained)) == (3,)
        assert movements_in(frame.explained)[3].is_explained
        wire.acknowledge(frame)
        wire.send(Explain((4,)))
        assert wire.wait_for(Explained).ids == (4,)
        # Another run goes on with what was asked.
        wire.build(tmp_path, step=3)
        wire.acknowledge(wire.first_frame())
        report = wire.wait_for(Explained)
        assert (report.run, report.step) == (wire.run, 3)
    finally:
        wire.close()
