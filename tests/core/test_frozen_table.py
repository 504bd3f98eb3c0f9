"""A frozen table: what stands over it learns, and no row moves."""

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from core.config import OBJECTIVES, ObjectiveConfig, OptimizerConfig, RunConfig, TableConfig
from core.messages import Array, EncodedCorpus, SetCorpus, SetOptimizer
from core.movement.recorded import record_step
from core.trainer import Trainer

CORPUS = EncodedCorpus(
    Array.of(np.array([2, 3, 2, 4, 3, 4], np.int32)),
    Array.of(np.array([0, 3, 6], np.int64)),
    labels=Array.of(np.array([0, 1], np.int32)),
    label_names=("a", "b"),
)


def trainer(objective="next-word", *, sparse=False, name="sgd", **table):
    return Trainer(
        RunConfig(
            TableConfig(5, 4, frozen=True, sparse=sparse, **table),
            ObjectiveConfig(objective),
            OptimizerConfig(name, 0.3),
            batch_size=4,
        ),
        CORPUS,
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    ("name", "sparse"),
    [("sgd", False), ("sgd", True), ("adam", False), ("adagrad", True), ("sparse-adam", True)],
)
def test_no_row_moves_and_the_rest_learns(objective, name, sparse):
    frozen = trainer(objective, sparse=sparse, name=name)
    before = frozen.table.weight.detach().clone()
    losses = [frozen.advance() for _ in range(100)]
    assert torch.equal(frozen.table.weight, before)
    assert np.mean(losses[-10:]) < np.mean(losses[:10])


def test_a_step_touches_and_moves_nothing():
    report = trainer().step_and_report()
    assert len(report.touched) == len(report.moved) == 0


def test_nothing_is_to_be_explained():
    _, recorded = record_step(trainer(), [2, 3])
    for movement in recorded.movements(recorded.before, []):
        assert movement.parts == {}
        assert np.array_equal(movement.before, movement.after)


def test_max_norm_still_shortens_rows_and_is_the_reason():
    frozen = trainer(max_norm=0.01)
    _, recorded = record_step(frozen, [2, 3])
    moved = frozen.table.weight.detach()[[2, 3]].numpy() - recorded.before
    for movement, by in zip(recorded.movements(recorded.before + moved, []), moved, strict=True):
        assert list(movement.parts) == ["max-norm"]
        assert np.allclose(movement.parts["max-norm"], by)


def test_it_stays_frozen_when_it_grows_and_when_the_optimizer_changes():
    frozen = trainer()
    frozen.advance()
    frozen.apply(SetCorpus(CORPUS, 7))
    frozen.apply(SetOptimizer(OptimizerConfig("adam", 0.1)))
    before = frozen.table.weight.detach().clone()
    frozen.advance()
    assert before.shape == (7, 4)
    assert torch.equal(frozen.table.weight, before)


def test_its_state_can_be_taken_up_again():
    first, second = trainer(name="adam"), trainer(name="adam")
    first.advance()
    second.load_state(1, {name: value.clone() for name, value in first.state().items()})
    assert first.advance() == second.advance()


def test_thawed_the_rows_move():
    frozen = trainer()
    config = replace(frozen.config, table=replace(frozen.config.table, frozen=False))
    assert len(Trainer(config, CORPUS).step_and_report().moved)
