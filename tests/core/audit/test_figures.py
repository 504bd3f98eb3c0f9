"""The figures that findings rest on, from torch itself."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.optim import SGD, Adagrad, Adam, AdamW, SparseAdam

from core.audit.one_weight import STEPS, kept_unseen, travel_after_last, weight_after
from core.config import OptimizerConfig

pytestmark = pytest.mark.usefixtures("one_thread")

# Weight decay on a row of ones that gets no gradient, after 100 steps.
DECAYED = [
    (SGD, {"lr": 0.01, "weight_decay": 0.1}, OptimizerConfig("sgd", 0.01, weight_decay=0.1), 0.905),
    (
        SGD,
        {"lr": 0.01, "weight_decay": 0.1, "momentum": 0.9},
        OptimizerConfig("sgd", 0.01, 0.9, weight_decay=0.1),
        0.369,
    ),
    (
        SGD,
        {"lr": 0.01, "weight_decay": 0.1, "momentum": 0.9, "nesterov": True},
        OptimizerConfig("sgd", 0.01, 0.9, nesterov=True, weight_decay=0.1),
        None,
    ),
    (
        Adam,
        {"lr": 0.01, "weight_decay": 1e-2},
        OptimizerConfig("adam", 0.01, weight_decay=1e-2),
        0.224,
    ),
    (AdamW, {"lr": 0.01}, OptimizerConfig("adamw", 0.01, weight_decay=0.01), 0.990),
    (
        Adagrad,
        {"lr": 0.01, "weight_decay": 0.1},
        OptimizerConfig("adagrad", 0.01, weight_decay=0.1),
        0.821,
    ),
    (Adam, {"lr": 0.01}, OptimizerConfig("adam", 0.01), 1.0),
]


def table(rows: int = 3, **arguments) -> nn.Embedding:
    """A table (rows, 1) of ones, in float64."""
    layer = nn.Embedding(rows, 1, dtype=torch.float64, **arguments)
    nn.init.ones_(layer.weight)
    return layer


@pytest.mark.parametrize(("algorithm", "settings", "config", "figure"), DECAYED)
def test_weight_decay_shrinks_a_row_that_nobody_looks_up(algorithm, settings, config, figure):
    layer = table()
    optimizer = algorithm(layer.parameters(), **settings)
    for _ in range(STEPS):
        optimizer.zero_grad()
        layer(torch.tensor([0])).sum().backward()
        optimizer.step()
    left = float(layer.weight.detach()[2, 0])
    assert kept_unseen(config) == pytest.approx(left, rel=1e-9)
    if figure is not None:
        assert left == pytest.approx(figure, abs=6e-4)


TAILS = [
    (Adam, {"lr": 0.01}, OptimizerConfig("adam", 0.01), 0.940),
    (SparseAdam, {"lr": 0.01}, OptimizerConfig("sparse-adam", 0.01), 0.990),
    (SGD, {"lr": 0.01, "momentum": 0.9}, OptimizerConfig("sgd", 0.01, 0.9), None),
    (SGD, {"lr": 0.01}, OptimizerConfig("sgd", 0.01), 0.990),
    (Adagrad, {"lr": 0.01}, OptimizerConfig("adagrad", 0.01), 0.990),
]


@pytest.mark.parametrize(("algorithm", "settings", "config", "figure"), TAILS)
def test_a_token_seen_once_moves_on_by_what_the_optimizer_remembers(
    algorithm, settings, config, figure
):
    layer = table(sparse=algorithm is SparseAdam)
    optimizer = algorithm(layer.parameters(), **settings)
    for step in range(STEPS + 1):
        optimizer.zero_grad()
        layer(torch.tensor([0, 2] if step == 0 else [0])).sum().backward()
        optimizer.step()
    left = float(layer.weight.detach()[2, 0])
    # Not to the bit: SparseAdam adds its eps before it corrects the bias.
    assert weight_after(config, 1.0, [1.0] + [0.0] * STEPS) == pytest.approx(left, rel=1e-8)
    if figure is not None:
        assert left == pytest.approx(figure, abs=6e-4)
    # Every first step here is 0.01.
    assert travel_after_last(config) == pytest.approx((1 - left) / 0.01, rel=1e-6)


@pytest.mark.parametrize(("algorithm", "becomes_nan"), [(Adam, True), (AdamW, True), (SGD, False)])
def test_half_precision_turns_rows_without_a_gradient_into_nan(algorithm, becomes_nan):
    layer = nn.Embedding(3, 2, dtype=torch.float16)
    optimizer = algorithm(layer.parameters(), lr=0.01)
    layer(torch.tensor([0])).float().sum().backward()
    optimizer.step()
    assert bool(layer.weight[2].isnan().all()) is becomes_nan
    assert not layer.weight[0].isnan().any()


def test_adagrad_does_so_in_half_precision_too():
    layer = nn.Embedding(3, 2, dtype=torch.float16)
    optimizer = Adagrad(layer.parameters(), lr=0.01)
    layer(torch.tensor([0])).float().sum().backward()
    optimizer.step()
    assert layer.weight[2].isnan().all()


@pytest.mark.parametrize(("padded", "shift"), [(4, 0.25), (6, 0.5), (12, 0.75)])
def test_a_plain_mean_over_zero_pads_shrinks_by_one_minus_n_over_l(padded, shift):
    layer = nn.Embedding(5, 4, padding_idx=0)
    words = [2, 3, 4]
    alone = layer(torch.tensor(words)).mean(0)
    with_pads = layer(torch.tensor(words + [0] * (padded - 3))).mean(0)
    moved = (alone - with_pads).detach().norm() / alone.detach().norm()
    assert float(moved) == pytest.approx(shift, rel=1e-6)


def test_a_wrong_padding_idx_freezes_a_word_and_trains_the_pads():
    layer = nn.Embedding(4, 3, padding_idx=1)
    layer(torch.tensor([[1, 2, 0, 0], [1, 3, 2, 0]])).sum().backward()
    norms = layer.weight.grad.norm(dim=1)
    assert norms[1] == 0
    assert norms[0] > norms[2]  # three pads


def test_nothing_zeroes_the_pad_row_of_given_values():
    given = nn.Embedding.from_pretrained(torch.ones(3, 2), padding_idx=1)
    assert given.weight[1].norm() > 0


def test_skip_gram_from_zeros_has_no_gradient():
    centres, neighbours = nn.Embedding(4, 3), nn.Embedding(4, 3)
    for layer in (centres, neighbours):
        nn.init.zeros_(layer.weight)
    score = (centres(torch.tensor([0, 1])) * neighbours(torch.tensor([2, 3]))).sum(1)
    (-functional.logsigmoid(score).mean()).backward()
    assert not centres.weight.grad.any()
    assert not neighbours.weight.grad.any()


def test_frequency_averages_the_gradients_of_the_same_id():
    layer = nn.Embedding(4, 1, scale_grad_by_freq=True)
    layer(torch.tensor([1, 1, 1, 2, 3, 3])).sum().backward()
    assert layer.weight.grad[:, 0].tolist() == [0, 1, 1, 1]


def test_only_rows_that_are_looked_up_are_shortened():
    layer = nn.Embedding(3, 2, max_norm=1.0)
    nn.init.ones_(layer.weight)
    layer(torch.tensor([0]))
    norms = layer.weight.detach().norm(dim=1).numpy()
    assert np.allclose(norms, [1, np.sqrt(2), np.sqrt(2)], atol=1e-6)


def test_a_stale_optimizer_silently_trains_nothing():
    layer = nn.Embedding(3, 2)
    optimizer = SGD(layer.parameters(), lr=1.0)
    layer.weight = nn.Parameter(layer.weight.detach().clone())
    before = layer.weight.detach().clone()
    layer(torch.tensor([0])).sum().backward()
    optimizer.step()
    assert torch.equal(layer.weight, before)


def test_a_frozen_table_with_a_gradient_still_moves():
    layer = nn.Embedding(3, 2)
    optimizer = SGD(layer.parameters(), lr=1.0)
    before = layer.weight.detach().clone()
    layer(torch.tensor([0])).sum().backward()
    layer.weight.requires_grad_(False)
    optimizer.step()
    assert not torch.equal(layer.weight, before)


def test_the_softmax_of_tied_output_weights_writes_the_pad_row():
    torch.manual_seed(0)
    layer = nn.Embedding(5, 3, padding_idx=0)
    logits = layer(torch.tensor([1, 2])) @ layer.weight.T
    functional.cross_entropy(logits, torch.tensor([3, 0]), ignore_index=0).backward()
    assert layer.weight.grad[0].norm() > 0


def test_the_mean_loss_of_nothing_but_ignored_targets_is_nan():
    loss = functional.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 0]), ignore_index=0)
    assert loss.isnan()


def test_a_zero_row_stays_zero_under_weight_decay():
    layer = nn.Embedding(3, 2, padding_idx=1)
    optimizer = AdamW(layer.parameters(), lr=0.1, weight_decay=0.5)
    for _ in range(5):
        optimizer.zero_grad()
        layer(torch.tensor([0, 1])).sum().backward()
        optimizer.step()
    assert not layer.weight[1].any()


def test_an_unmasked_softmax_gives_zero_keys_most_of_the_attention():
    keys = torch.zeros(5, 4)  # two words whose keys score below zero, three pads that score 0
    keys[:2] = -0.5
    weights = functional.softmax(keys @ torch.ones(4), 0)
    # e⁻² = 0.135: the pads' share is 3 / (3 + 2 · 0.135) = 0.917.
    assert float(weights[2:].sum()) == pytest.approx(3 / (3 + 2 * np.exp(-2)), rel=1e-6)
