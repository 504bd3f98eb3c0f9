"""What is refused beforehand is what torch refuses, or what grows as it runs."""

import math
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, SparseAdam

from core import combinations
from core.config import OPTIMIZERS, OptimizerConfig, RunConfig, TableConfig, default_optimizer
from core.problems import CombinationRefused, OutOfBounds, ProblemError, RefusalReason
from core.trainer import Trainer
from tests.core.corpora import corpus, run_config

pytestmark = pytest.mark.usefixtures("one_thread")

Make = Callable[[list[nn.Parameter]], Optimizer]


def sparse_table(**settings: bool) -> nn.Embedding:
    return nn.Embedding(4, 2, sparse=True, **settings)


def step(layer: nn.Embedding, optimizer: Optimizer) -> None:
    optimizer.zero_grad()
    layer(torch.tensor([0, 1])).sum().backward()
    optimizer.step()


def refuses(config: RunConfig, reason: RefusalReason) -> None:
    with pytest.raises(ProblemError) as raised:
        Trainer(config, corpus())
    assert raised.value.problem == CombinationRefused(config.optimizer.name, reason)


@pytest.mark.parametrize(("name", "make"), [("adam", Adam), ("adamw", AdamW)])
def test_adam_takes_no_sparse_gradients(name: str, make: Make) -> None:
    refuses(
        run_config(optimizer=OptimizerConfig(name), sparse=True),  # type: ignore[arg-type] - a name
        "sparse-gradients-unsupported",
    )
    layer = sparse_table()
    with pytest.raises(RuntimeError, match="sparse"):
        step(layer, make([layer.weight]))


def test_sparse_adam_takes_no_dense_gradients() -> None:
    refuses(run_config(optimizer=OptimizerConfig("sparse-adam")), "needs-sparse-gradients")
    layer = nn.Embedding(4, 2)
    with pytest.raises(RuntimeError, match="dense"):
        step(layer, SparseAdam([layer.weight]))


def test_sparse_gradients_are_not_scaled_by_frequency() -> None:
    config = run_config(sparse=True)
    table = TableConfig(12, 4, sparse=True, scale_grad_by_freq=True)
    refuses(RunConfig(table, config.objective, config.optimizer), "sparse-scale-grad-by-freq")
    layer = sparse_table(scale_grad_by_freq=True)
    with pytest.raises(RuntimeError, match="scale_grad_by_freq"):
        step(layer, SGD([layer.weight], 0.1))


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("sgd", lambda weights: SGD(weights, 0.1, weight_decay=0.1)),
        ("adagrad", lambda weights: Adagrad(weights, 0.1, weight_decay=0.1)),
    ],
)
def test_sparse_gradients_take_no_weight_decay(name: str, make: Make) -> None:
    refuses(
        run_config(optimizer=OptimizerConfig(name, weight_decay=0.1), sparse=True),  # type: ignore[arg-type] - a name
        "sparse-weight-decay",
    )
    layer = sparse_table()
    with pytest.raises(RuntimeError):
        step(layer, make([layer.weight]))


@pytest.mark.parametrize("nesterov", [False, True])
def test_the_buffer_of_sparse_momentum_grows_every_step(nesterov: bool) -> None:
    optimizer = OptimizerConfig("sgd", 0.1, momentum=0.9, nesterov=nesterov)
    refuses(run_config(optimizer=optimizer, sparse=True), "sparse-momentum-grows")
    torch.manual_seed(0)
    layer = nn.Embedding(20, 2, sparse=True)
    torch_own = SGD([layer.weight], 0.1, momentum=0.9, nesterov=nesterov)
    for _ in range(100):
        torch_own.zero_grad()
        layer(torch.randint(20, (16,))).sum().backward()
        torch_own.step()
    # Entries of the same row are not added together: far more of them than the table has rows.
    assert torch_own.state[layer.weight]["momentum_buffer"]._nnz() > 10 * 20


@pytest.mark.parametrize("make", [Adam, AdamW, Adagrad, SparseAdam])
def test_only_sgd_has_momentum(make: Callable[..., Optimizer]) -> None:
    names = {Adam: "adam", AdamW: "adamw", Adagrad: "adagrad", SparseAdam: "sparse-adam"}
    for settings in ({"momentum": 0.9}, {"nesterov": True}):
        optimizer = OptimizerConfig(names[make], **settings)  # type: ignore[arg-type] - a name
        refuses(run_config(optimizer=optimizer, sparse=make is SparseAdam), "no-momentum")
        with pytest.raises(TypeError):
            make([sparse_table().weight], **settings)


def test_nesterov_needs_momentum() -> None:
    refuses(run_config(optimizer=OptimizerConfig(nesterov=True)), "nesterov-needs-momentum")
    with pytest.raises(ValueError, match="Nesterov"):
        SGD([sparse_table().weight], 0.1, nesterov=True)


def test_sparse_adam_has_no_weight_decay() -> None:
    optimizer = OptimizerConfig("sparse-adam", weight_decay=0.1)
    refuses(run_config(optimizer=optimizer, sparse=True), "no-weight-decay")
    with pytest.raises(TypeError):
        SparseAdam([sparse_table().weight], weight_decay=0.1)  # type: ignore[call-arg] - on purpose


@pytest.mark.parametrize("name", ["rate", "momentum", "weight_decay"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_settings_outside_their_bounds(name: str, value: float) -> None:
    with pytest.raises(ProblemError) as raised:
        combinations.check(run_config(optimizer=OptimizerConfig(**{name: value})))
    assert isinstance(raised.value.problem, OutOfBounds)
    assert raised.value.problem.name == name


@pytest.mark.parametrize(("batch_size", "seed"), [(0, 0), (1, -1), (1, 2**32)])
def test_batch_size_and_seed_outside_their_bounds(batch_size: int, seed: int) -> None:
    with pytest.raises(ProblemError) as raised:
        combinations.check(run_config(batch_size=batch_size, seed=seed))
    assert isinstance(raised.value.problem, OutOfBounds)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_default_settings_of_every_optimizer_can_train(name: str) -> None:
    optimizer = default_optimizer(name)  # type: ignore[arg-type] - a name
    combinations.check(run_config(optimizer=optimizer, sparse=name == "sparse-adam"))
