"""What decay and momentum do to rows that get no gradient, in figures, against plain torch."""

import pytest
import torch
from torch import nn
from torch.nn import functional
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, SparseAdam

from core.config import OptimizerName, TableConfig
from core.movement.recorded import take_apart
from core.table import EmbeddingTable

pytestmark = pytest.mark.usefixtures("one_thread")

PAD, WORD, STEPS = 0, 3, 100
EVERY = torch.arange(8)
Fading = tuple[OptimizerName, type[Optimizer], dict, float]

# 100 steps at a rate of 0.01, the pad row all ones and without a gradient: what is left of it.
FADING: list[Fading] = [
    ("sgd", SGD, {"weight_decay": 0.1}, 0.905),  # (1 − 0.01 · 0.1)¹⁰⁰
    ("sgd", SGD, {"weight_decay": 0.1, "momentum": 0.9}, 0.369),
    ("adam", Adam, {"weight_decay": 0.01}, 0.224),
    ("adamw", AdamW, {}, 0.990),  # (1 − 0.01 · 0.01)¹⁰⁰
    ("adagrad", Adagrad, {"weight_decay": 0.1}, 0.821),
    ("sgd", SGD, {}, 1.0),
    ("adam", Adam, {}, 1.0),
]
COASTING: list[Fading] = [
    ("adam", Adam, {}, 0.940),
    ("sparse-adam", SparseAdam, {}, 0.990),
]


def table_of(value: float, *, sparse: bool = False) -> EmbeddingTable:
    table = EmbeddingTable(TableConfig(8, 4, padding_idx=PAD, sparse=sparse, dtype="float64"))
    table.weight.detach()[PAD] = value
    return table


def plain_rows(table: EmbeddingTable, make: type[Optimizer], settings: dict, words: list) -> list:
    """The weights after each step of a plain loop that trains on `words`, one a step."""
    layer = nn.Embedding(8, 4, padding_idx=PAD, sparse=table.config.sparse, dtype=torch.float64)
    layer.load_state_dict({"weight": table.weight.detach().clone()})
    optimizer = make(layer.parameters(), lr=0.01, **settings)
    weights = []
    for word in words:
        optimizer.zero_grad()
        layer(torch.tensor([word, PAD])).sum().backward()
        optimizer.step()
        weights.append(layer.weight.detach().clone())
    return weights


def trained_apart(
    table: EmbeddingTable, name: OptimizerName, make: type[Optimizer], settings: dict, words: list
) -> list[dict]:
    """The parts of every step of the same loop."""
    optimizer = make([table.weight], lr=0.01, **settings)

    def step(word: int) -> float:
        optimizer.zero_grad()
        loss = table(torch.tensor([word, PAD])).sum()
        loss.backward()
        optimizer.step()
        return loss.item()

    return [
        take_apart(table, optimizer, name, EVERY, lambda word=word: step(word))[1] for word in words
    ]


@pytest.mark.parametrize(("name", "make", "settings", "left"), FADING)
def test_decay_alone_fades_a_pad_row(name, make, settings, left) -> None:
    table = table_of(1.0)
    words = [WORD] * STEPS
    plain = plain_rows(table, make, settings, words)
    assert plain[-1][PAD].tolist() == pytest.approx([left] * 4, abs=5e-4)
    apart = trained_apart(table, name, make, settings, words)
    assert torch.equal(table.weight, plain[-1])
    assert not any(parts["gradient"][PAD].any() for parts in apart)
    # Each step's decay, and what momentum goes on with of the steps before, make up the loss.
    faded = [part[PAD] for parts in apart for key, part in parts.items() if key != "gradient"]
    assert 1 + sum(faded, torch.zeros(4).numpy()) == pytest.approx([left] * 4, abs=5e-4)
    if settings.get("momentum"):
        momentum = sum(parts["momentum"][PAD] for parts in apart)
        assert (momentum < 5 * sum(parts["decay"][PAD] for parts in apart)).all()


@pytest.mark.parametrize(("name", "make", "settings", "left"), FADING)
def test_a_zero_pad_row_stays_zero_under_every_optimizer(name, make, settings, left) -> None:
    table = table_of(0.0)
    apart = trained_apart(table, name, make, settings, [WORD] * STEPS)
    assert not table.weight.detach()[PAD].any()
    assert not any(part[PAD].any() for parts in apart for part in parts.values())


@pytest.mark.parametrize(("name", "make", "settings", "left"), COASTING)
def test_a_token_seen_once_coasts_on_momentum(name, make, settings, left) -> None:
    """Its one gradient is all ones; 100 steps are done in all."""
    table = table_of(0.0, sparse=name == "sparse-adam")
    table.weight.detach()[WORD] = 1.0
    words = [WORD] + [WORD + 1] * (STEPS - 1)
    plain = plain_rows(table, make, settings, words)
    assert plain[-1][WORD].tolist() == pytest.approx([left] * 4, abs=5e-4)
    first, *others = trained_apart(table, name, make, settings, words)
    assert first["gradient"][WORD] == pytest.approx([-0.01] * 4, rel=1e-6)
    assert not any(parts["gradient"][WORD].any() for parts in others)
    inertia = sum(parts["momentum"][WORD] for parts in others)
    assert inertia == pytest.approx([left - 0.99] * 4, abs=5e-4)


STOPPING: list[tuple[OptimizerName, type[Optimizer], dict, float, float]] = [
    ("adam", Adam, {}, 0.90, 0.804),
    # 1 − 0.1 · (10 − 9 · (1 − 0.9¹⁰)), then 0.01 · b₁₀ · 9 less, b₁₀ = 10 · (1 − 0.9¹⁰).
    ("sgd", SGD, {"momentum": 0.9}, 0.586, 0.003),
]


@pytest.mark.parametrize(("name", "make", "settings", "before", "left"), STOPPING)
def test_momentum_goes_on_after_the_gradients_stop(name, make, settings, before, left) -> None:
    """Ten steps with the gradient 1, and fifty without one."""
    table = table_of(0.0)
    table.weight.detach()[WORD] = 1.0
    words = [WORD] * 10 + [WORD + 1] * 50
    plain = plain_rows(table, make, settings, words)
    assert plain[9][WORD, 0].item() == pytest.approx(before, abs=5e-4)
    assert plain[-1][WORD, 0].item() == pytest.approx(left, abs=1e-3)
    apart = trained_apart(table, name, make, settings, words)
    after = sum(parts["momentum"][WORD] for parts in apart[10:])
    assert plain[9][WORD].numpy() + after == pytest.approx(plain[-1][WORD].numpy())


@pytest.mark.parametrize(("name", "make"), [("sgd", SGD), ("adam", Adam)])
def test_tied_output_weights_move_the_pad_row(name, make) -> None:
    """With ignore_index=pad the softmax pushes the pad all the same; no lookup does."""
    table = table_of(0.0)
    settings = {"momentum": 0.0} if name == "sgd" else {}
    optimizer = make([table.weight], lr=0.1 if name == "sgd" else 0.01, **settings)
    ids, targets = torch.tensor([WORD, 4, PAD]), torch.tensor([4, 5, PAD])

    def step() -> float:
        optimizer.zero_grad()
        logits = functional.linear(table(ids), table.weight)
        loss = functional.cross_entropy(logits, targets, ignore_index=PAD)
        loss.backward()
        optimizer.step()
        return loss.item()

    _, parts = take_apart(table, optimizer, name, EVERY, step, tied=True)
    assert not parts["gradient"][PAD].any()
    assert parts["tied"][PAD].any()
    for _ in range(STEPS - 1):
        step()
    assert table.weight.detach()[PAD].norm() > 0.1
