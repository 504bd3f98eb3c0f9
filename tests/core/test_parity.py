"""Training is nn.Embedding and torch.optim and nothing else: the bits of a plain script."""

import pytest
import torch
from msgspec.structs import replace

from core import combinations
from core.config import (
    POOLINGS,
    Initialisation,
    InitialisationName,
    ObjectiveConfig,
    OptimizerConfig,
    RunConfig,
)
from core.trainer import Trainer
from tests.core.corpora import LABELS, ROWS, SENTENCES, corpus, run_config
from tests.core.plain_training import train_plainly

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 200


def called(objective: ObjectiveConfig) -> str:
    """The objective's name, with its pooling if it has one, and whether it is tied."""
    if objective.is_tied:
        return f"{objective.name}.tied"
    pooled = objective.name == "sentence-label"
    return f"{objective.name}.{objective.pooling}" if pooled else objective.name


OBJECTIVES = [
    ObjectiveConfig("next-word"),
    ObjectiveConfig("cbow"),
    ObjectiveConfig("skip-gram"),
    *(ObjectiveConfig("sentence-label", pooling=pooling) for pooling in POOLINGS),
    ObjectiveConfig("next-word", tied=True),
]
UNTIED = [objective for objective in OBJECTIVES if not objective.is_tied]
OPTIMIZERS = {
    "sgd": OptimizerConfig("sgd", 0.1),
    "sgd+momentum": OptimizerConfig("sgd", 0.05, momentum=0.9),
    "sgd+nesterov": OptimizerConfig("sgd", 0.05, momentum=0.9, nesterov=True),
    "sgd+decay": OptimizerConfig("sgd", 0.1, weight_decay=0.01),
    "adam": OptimizerConfig("adam", 0.01),
    "adam+decay": OptimizerConfig("adam", 0.01, weight_decay=0.01),
    "adamw": OptimizerConfig("adamw", 0.01, weight_decay=0.01),
    "adagrad": OptimizerConfig("adagrad", 0.1),
    "adagrad+decay": OptimizerConfig("adagrad", 0.1, weight_decay=0.01),
    "sparse-adam": OptimizerConfig("sparse-adam", 0.01),
}
REFUSED = {
    "dense": {"sparse-adam"},
    "sparse": {
        "sgd+momentum",
        "sgd+nesterov",
        "sgd+decay",
        "adam",
        "adam+decay",
        "adamw",
        "adagrad+decay",
    },
}
TRAINED = [
    pytest.param(objective, optimizer, kind == "sparse", id=f"{called(objective)}-{name}-{kind}")
    for objective in OBJECTIVES
    for kind, refused in REFUSED.items()
    for name, optimizer in OPTIMIZERS.items()
    if name not in refused and not (kind == "sparse" and objective.is_tied)
]


def assert_parity(config: RunConfig, steps: int = STEPS) -> None:
    trainer = Trainer(config, corpus())
    losses = [trainer.advance() for _ in range(steps)]
    table, plain_losses = train_plainly(config, SENTENCES, LABELS, steps)
    assert losses == plain_losses
    assert torch.equal(trainer.table.weight, table)
    assert not torch.equal(table, Trainer(config, corpus()).table.weight)


@pytest.mark.parametrize(("objective", "optimizer", "sparse"), TRAINED)
def test_the_bits_of_a_plain_script(
    objective: ObjectiveConfig, optimizer: OptimizerConfig, sparse: bool
) -> None:
    assert_parity(run_config(objective, optimizer, sparse=sparse))


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_trained_is_refused_and_nothing_else(kind: str) -> None:
    sparse = kind == "sparse"
    refused = {
        name
        for name, optimizer in OPTIMIZERS.items()
        if combinations.refusal(run_config(sparse=sparse).table, optimizer)
    }
    assert refused == REFUSED[kind]


# ── the arguments of nn.Embedding ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
@pytest.mark.parametrize("padding_idx", [None, 0, -1])
def test_padding_idx(objective: ObjectiveConfig, padding_idx: int | None) -> None:
    assert_parity(run_config(objective, padding_idx=padding_idx), steps=50)


@pytest.mark.parametrize(
    ("objective", "sparse"),
    [*((each, False) for each in OBJECTIVES), *((each, True) for each in UNTIED)],
    ids=lambda value: called(value) if isinstance(value, ObjectiveConfig) else str(value),
)
def test_max_norm(objective: ObjectiveConfig, sparse: bool) -> None:
    config = run_config(objective, max_norm=0.8, sparse=sparse)
    assert_parity(config, steps=50)
    assert_parity(replace(config, table=replace(config.table, norm_type=1.0)), steps=50)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
def test_scale_grad_by_freq(objective: ObjectiveConfig) -> None:
    config = run_config(objective)
    assert_parity(replace(config, table=replace(config.table, scale_grad_by_freq=True)), steps=50)


@pytest.mark.parametrize("name", ["normal", "uniform", "xavier", "zeros"])
@pytest.mark.parametrize("scale", [1.0, 0.1])
@pytest.mark.parametrize("objective", [OBJECTIVES[0], OBJECTIVES[2]], ids=called)
def test_initialisation(objective: ObjectiveConfig, name: InitialisationName, scale: float) -> None:
    config = run_config(objective, initialisation=Initialisation(name, scale))
    if objective.name == "skip-gram" and name == "zeros":
        # Both tables zero: every gradient is zero too, so there is nothing to compare.
        assert Trainer(config, corpus()).step_and_report().touched.tolist() == []
        return
    assert_parity(config, steps=50)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
@pytest.mark.parametrize("objective", [*OBJECTIVES[:4], OBJECTIVES[-1]], ids=called)
def test_dtype(objective: ObjectiveConfig, dtype: str) -> None:
    config = run_config(objective)
    assert_parity(replace(config, table=replace(config.table, dtype=dtype)), steps=50)


def test_a_fresh_table_is_that_of_a_plain_nn_embedding() -> None:
    torch.manual_seed(3)
    plain = torch.nn.Embedding(ROWS, 4, padding_idx=1)
    assert torch.equal(Trainer(run_config(seed=3), corpus()).table.weight, plain.weight)


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    trainer = Trainer(run_config(), corpus())
    trainer.advance()
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_seeds(seed: int) -> None:
    assert_parity(run_config(ObjectiveConfig("skip-gram"), seed=seed), steps=20)
