"""Tied output weights: the table scores the next word too, and the softmax reaches every row."""

from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn
from torch.nn import functional

from core.config import (
    OPTIMIZERS,
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    OptimizerName,
    RunConfig,
    TableConfig,
)
from core.messages import SetCell, SetCorpus, SetOptimizer
from core.movement.recorded import record_step
from core.problems import CombinationRefused, ProblemError
from core.trainer import Trainer
from tests.core.corpora import LABELS, ROWS, SENTENCES, corpus, encoded, run_config
from tests.core.driven import GROWN, opened

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

TIED = ObjectiveConfig("next-word", tied=True)
PAD, UNSEEN = 1, 11
DENSE = [name for name in OPTIMIZERS if name != "sparse-adam"]


def weight(trainer: Trainer) -> Tensor:
    return trainer.table.weight.detach()


def tied(name: OptimizerName = "sgd", **settings: object) -> Trainer:
    rate = 0.1 if name == "sgd" else 0.01
    return Trainer(run_config(TIED, OptimizerConfig(name, rate), **settings), corpus())


# ── by hand, on a table of three rows and two columns ─────────────────────────────────────────


def by_hand(padding_idx: int | None = None, **settings: object) -> Trainer:
    """Rows (1, 0), (0, 1), (0, −2); row 0 alone is looked up, and row 1 is to be predicted.

    Its scores are (1, 0, 0) and the bias is (−1, 0, 0): all are 0, and each probability is 1/3.
    """
    table = TableConfig(
        3, 2, padding_idx=padding_idx, initialisation=Initialisation("given"), **settings
    )
    config = RunConfig(table, TIED, OptimizerConfig("sgd", 0.3), batch_size=1)
    values = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, -2.0]])
    trainer = Trainer(config, encoded([[0, 1]], pad_id=0), values)
    trainer.state()["objective.head.bias"].copy_(torch.tensor([-1.0, 0.0, 0.0]))
    return trainer


def test_one_step_by_hand() -> None:
    trainer = by_hand()
    report = trainer.step_and_report()
    # Gradient of the scores: (1/3, −2/3, 1/3). By softmax each row gets that times row 0:
    # (1/3, 0), (−2/3, 0), (1/3, 0). By lookup row 0 gets, besides, that times the table:
    # 1/3 · (1, 0) − 2/3 · (0, 1) + 1/3 · (0, −2) = (1/3, −4/3). Together (2/3, −4/3), norm √20 / 3.
    assert report.loss == pytest.approx(np.log(3))
    assert report.touched.tolist() == report.moved.tolist() == [0, 1, 2]
    assert report.gradient_norms.tolist() == pytest.approx([20**0.5 / 3, 2 / 3, 1 / 3])
    # Rate 0.3.
    expected = torch.tensor([[0.8, 0.4], [0.2, 1.0], [-0.1, -2.0]])
    torch.testing.assert_close(weight(trainer), expected)


def test_padding_idx_drops_the_part_of_the_lookup_only() -> None:
    report = by_hand(padding_idx=0).step_and_report()
    assert report.touched.tolist() == [0, 1, 2]
    assert report.gradient_norms.tolist() == pytest.approx([1 / 3, 2 / 3, 1 / 3])


def test_the_parts_by_hand() -> None:
    for padding_idx, by_lookup in ((None, [-0.1, 0.4]), (0, [0.0, 0.0])):
        _, recorded = record_step(by_hand(padding_idx), range(3))
        looked_up = np.array([by_lookup, [0, 0], [0, 0]])
        by_softmax = np.array([[-0.1, 0], [0.2, 0], [-0.1, 0]])
        assert recorded.parts["gradient"] == pytest.approx(looked_up, abs=1e-7)
        assert recorded.parts["tied"] == pytest.approx(by_softmax, abs=1e-7)


def test_a_row_of_zeros_touches_nothing_as_it_is_looked_up() -> None:
    """Its scores are those of the bias, and by softmax each row gets that times zero."""
    trainer = by_hand()
    trainer.apply(SetCell(0, 0, 0.0))
    report = trainer.step_and_report()
    assert report.touched.tolist() == report.moved.tolist() == [0]


def test_a_table_of_zeros_stays_there_as_in_plain_torch() -> None:
    trainer = tied(initialisation=Initialisation("zeros"))
    for _ in range(3):
        report = trainer.step_and_report()
        assert report.touched.tolist() == report.moved.tolist() == []
    assert trainer.state()["objective.head.bias"].any()


# ── the table is the output weights, and nothing else is ──────────────────────────────────────


def test_it_begins_with_the_bits_of_an_untied_run() -> None:
    one, other = tied(), Trainer(run_config(), corpus())
    assert torch.equal(weight(one), weight(other))
    assert torch.equal(one.state()["objective.head.bias"], other.state()["objective.head.bias"])
    assert "objective.head.weight" not in one.state()


def test_it_is_the_gradient_of_torch() -> None:
    trainer = tied()
    before = weight(trainer).clone()
    bias = trainer.state()["objective.head.bias"].clone()
    report = trainer.step_and_report()
    layer = nn.Embedding.from_pretrained(before, freeze=False, padding_idx=PAD)
    logits = functional.linear(layer(report.batch.inputs), layer.weight, bias)
    functional.cross_entropy(logits, report.batch.targets).backward()
    gradient = layer.weight.grad
    assert gradient is not None
    assert report.touched.tolist() == list(range(ROWS))
    assert torch.equal(report.gradient_norms, gradient.norm(dim=1))
    assert gradient[PAD].any()
    assert gradient[UNSEEN].any()


def test_the_pad_row_grows_from_zero_most_where_its_gradient_is_divided_by_its_size() -> None:
    norms: dict[str, float] = {}
    for name, rate in (("sgd", 0.1), ("adam", 0.1)):
        for objective in (TIED, replace(TIED, tied=False)):
            trainer = Trainer(run_config(objective, OptimizerConfig(name, rate)), corpus())
            for _ in range(100):
                trainer.advance()
            norms[f"{name} {trainer.is_tied}"] = float(weight(trainer)[PAD].norm())
    assert 0 < norms["sgd True"] < norms["adam True"] / 2
    assert norms["sgd False"] == norms["adam False"] == 0


def test_other_objectives_do_not_read_it() -> None:
    for name in ("cbow", "skip-gram", "sentence-label"):
        objective = ObjectiveConfig(name)
        one = Trainer(run_config(objective), corpus())
        other = Trainer(run_config(replace(objective, tied=True)), corpus())
        assert not other.is_tied
        assert [one.advance() for _ in range(5)] == [other.advance() for _ in range(5)]
        assert one.state().keys() == other.state().keys()


def test_a_frozen_table_moves_no_row_and_the_bias_learns() -> None:
    trainer = by_hand(frozen=True)
    before, losses = weight(trainer).clone(), []
    for _ in range(20):
        report = trainer.step_and_report()
        losses.append(report.loss)
        assert report.touched.tolist() == report.moved.tolist() == []
    assert torch.equal(weight(trainer), before)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", DENSE)
def test_its_state_can_be_taken_up_again(name: OptimizerName) -> None:
    trainer, again = tied(name), tied(name)
    for _ in range(10):
        trainer.advance()
    again.load_state(10, {key: value.clone() for key, value in trainer.state().items()})
    assert [again.advance() for _ in range(10)] == [trainer.advance() for _ in range(10)]
    assert torch.equal(weight(again), weight(trainer))


# ── what it does not go with ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sparse", [False, True])
def test_sparse_adam_is_refused_as_torch_refuses_it(sparse: bool) -> None:
    refused = CombinationRefused("sparse-adam", "tied-gradients-are-dense")
    with pytest.raises(ProblemError) as raised:
        tied("sparse-adam", sparse=sparse)
    assert raised.value.problem == refused
    with pytest.raises(ProblemError) as raised:
        tied().apply(SetOptimizer(OptimizerConfig("sparse-adam", 0.01)))
    assert raised.value.problem == refused
    layer = nn.Embedding(4, 2, sparse=sparse)
    functional.linear(layer(torch.tensor([0, 1])), layer.weight).sum().backward()
    with pytest.raises(RuntimeError, match="dense"):
        torch.optim.SparseAdam([layer.weight]).step()


@pytest.mark.parametrize("name", DENSE)
def test_sparse_gradients_are_refused_since_torch_makes_them_dense(name: OptimizerName) -> None:
    with pytest.raises(ProblemError) as raised:
        tied(name, sparse=True)
    assert raised.value.problem == CombinationRefused(name, "sparse-tied")
    layer = nn.Embedding(4, 2, sparse=True)
    functional.linear(layer(torch.tensor([0, 1])), layer.weight).sum().backward()
    assert layer.weight.grad is not None
    assert not layer.weight.grad.is_sparse


# ── growth ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", DENSE)
def test_what_stays_keeps_its_bits_and_appended_rows_are_predicted(name: OptimizerName) -> None:
    trainer = tied(name)
    for _ in range(5):
        trainer.advance()
    before = {key: value.clone() for key, value in trainer.state().items()}
    trainer.apply(SetCorpus(encoded([*SENTENCES, [15, 14]], [*LABELS, 0]), 16))
    grown = trainer.state()
    assert grown.keys() == before.keys()
    for key, value in before.items():
        assert torch.equal(grown[key][: len(value)] if value.dim() else grown[key], value), key
    assert len(grown["objective.head.bias"]) == 16
    assert trainer.step_and_report().touched.tolist() == list(range(16))
    trainer.apply(SetCorpus(corpus(), ROWS))
    assert trainer.step_and_report().touched.tolist() == list(range(ROWS))


# ── frames ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [1, 3])
def test_a_frame_tells_of_every_row(tmp_path: Path, count: int) -> None:
    driven = opened(tmp_path, run_config(TIED))
    for changes in (None, GROWN):
        if changes is not None:
            driven.run.change(changes)
            driven.work()
        driven.run.step(count)
        driven.work()
        buffer = driven.buffer
        rows = len(driven.shown)
        assert buffer.touched_ids[: driven.frame.touched].tolist() == list(range(rows))
        assert (buffer.gradient_norms[:rows] > 0).all()
        assert buffer.moved_ids[: driven.frame.moved].tolist() == list(range(rows))
