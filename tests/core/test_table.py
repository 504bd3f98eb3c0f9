"""The embedding table: its lookups, its arguments, its pad row, and how it grows."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.config import Initialisation, TableConfig
from core.presets import load_preset
from core.problems import AnyProblem, IdOutOfRange, OutOfBounds, ProblemError
from core.table import EmbeddingTable, PadRow


def table(rows: int = 5, dimension: int = 3, **settings: object) -> EmbeddingTable:
    torch.manual_seed(0)
    return EmbeddingTable(TableConfig(rows, dimension, **settings))  # type: ignore[arg-type] - any


def given_table(values: list[list[float]], padding_idx: int | None = None) -> EmbeddingTable:
    rows = torch.tensor(values)
    initialisation = Initialisation("given")
    config = TableConfig(*rows.shape, padding_idx=padding_idx, initialisation=initialisation)
    return EmbeddingTable(config, rows)


# ── the article's example ─────────────────────────────────────────────────────────────────────


def article() -> EmbeddingTable:
    preset = load_preset("article")
    assert preset.values is not None
    return EmbeddingTable(preset.config.table, torch.from_numpy(preset.values.copy()))


def test_the_article_to_the_digit() -> None:
    ids = [each.id for each in load_preset("article").vocabulary().encode("you need to run")]
    assert ids == [3, 6, 5, 0]
    expected = torch.tensor([[0.1, 0.5, 0.7], [0.1, 0.8, 0.9], [0.4, 0.1, 0.1], [0.0, 0.0, 0.0]])
    assert torch.equal(article().lookup(ids), expected)
    assert torch.equal(article().one_hot_lookup(ids), expected)
    assert article().lookup_difference(ids) == 0.0


def test_the_article_as_torch_holds_it() -> None:
    layer = article().layer
    assert layer.weight.shape == (8, 3)
    assert layer.weight.requires_grad
    assert layer.padding_idx == 1
    assert article().pad_row() == PadRow(1, 0.0)
    assert torch.equal(layer(torch.tensor([3, 6, 5, 0])), article().lookup([3, 6, 5, 0]))


# ── lookup ────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.integers(0, 4), max_size=8))
def test_both_lookups_give_the_same_rows(ids: list[int]) -> None:
    whole = table()
    assert torch.equal(whole.lookup(ids), whole.weight.detach()[torch.tensor(ids).long()])
    assert torch.equal(whole.lookup(ids), whole.one_hot_lookup(ids))
    assert whole.lookup_difference(ids) == 0.0


def test_one_nan_row_spoils_every_one_hot_product() -> None:
    # 0 · NaN is NaN, so the sum over all rows is NaN whichever row is meant.
    spoiled = given_table([[1.0, 2.0], [math.nan, 0.0]])
    assert spoiled.lookup([0]).tolist() == [[1.0, 2.0]]
    assert math.isnan(spoiled.one_hot_lookup([0])[0, 0])
    assert math.isnan(spoiled.lookup_difference([0]))


def test_a_lookup_for_display_never_writes() -> None:
    # nn.Embedding.forward renormalises the rows in place when max_norm is set.
    whole = table(max_norm=0.1)
    before = whole.weight.detach().clone()
    whole.lookup([0, 2, 3])
    whole.one_hot_lookup([0, 2, 3])
    assert torch.equal(whole.weight, before)
    whole(torch.tensor([0]))
    assert not torch.equal(whole.weight, before)


@pytest.mark.parametrize("id", [5, -1, 2**40])
def test_an_id_out_of_range_names_token_position_and_range(id: int) -> None:
    for lookup in (table().lookup, table().one_hot_lookup):
        with pytest.raises(ProblemError) as raised:
            lookup([2, 0, id, 9], ["a", "b", "c", "d"])
        assert raised.value.problem == IdOutOfRange(id, 2, 5, "c")
    with pytest.raises(ProblemError) as raised:
        table().lookup([id])
    assert raised.value.problem == IdOutOfRange(id, 0, 5, None)


# ── initialisation ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scale", [0.5, 1.0])
def test_what_each_initialisation_draws(scale: float) -> None:
    def drawn(name: str) -> torch.Tensor:
        return table(400, 50, initialisation=Initialisation(name, scale)).weight.detach()  # type: ignore[arg-type] - a name

    # 20,000 draws: the standard error of a standard deviation is scale/√40,000 = scale/200.
    assert drawn("normal").std() == pytest.approx(scale, rel=0.02)
    assert drawn("uniform").abs().max() == pytest.approx(scale, rel=0.01)
    # Glorot and Bengio 2010: gain · √(6 / (400 + 50))
    assert drawn("xavier").abs().max() == pytest.approx(scale * math.sqrt(6 / 450), rel=0.01)
    assert not drawn("zeros").any()
    for name in ("normal", "uniform", "xavier"):
        assert drawn(name)[1].tolist() == [0.0] * 50
        assert drawn(name)[0].all()


def test_given_values_are_copied_and_the_rest_drawn() -> None:
    values = torch.full((2, 3), 7.0)
    config = TableConfig(4, 3, initialisation=Initialisation("given", 0.01))
    whole = EmbeddingTable(config, values)
    with torch.no_grad():
        whole.weight.add_(1)
    assert values.tolist() == [[7.0] * 3] * 2
    assert whole.weight[:2].tolist() == [[8.0] * 3] * 2  # the given pad row is kept as it is
    assert (whole.weight[2:] - 1).abs().max() < 0.1


def test_the_pad_row_is_zero_only_until_something_writes_it() -> None:
    whole = table(padding_idx=-1)
    assert whole.pad_row() == PadRow(4, 0.0)
    with torch.no_grad():
        whole.weight[4] = torch.tensor([3.0, 0.0, 4.0])
    assert whole.pad_row() == PadRow(4, 5.0)
    assert not PadRow(4, 5.0).is_zero
    assert table(padding_idx=None).pad_row() is None


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (TableConfig(0, 3), OutOfBounds("num_embeddings", 0, low=1)),
        (TableConfig(3, 0), OutOfBounds("embedding_dim", 0, low=1)),
        (TableConfig(3, 3, padding_idx=3), OutOfBounds("padding_idx", 3, -3, 2)),
        (TableConfig(3, 3, padding_idx=-4), OutOfBounds("padding_idx", -4, -3, 2)),
        (TableConfig(3, 3, max_norm=0.0), OutOfBounds("max_norm", 0.0, low=0)),
        (TableConfig(3, 3, norm_type=-1.0), OutOfBounds("norm_type", -1.0, low=0)),
        (
            TableConfig(3, 3, initialisation=Initialisation("given")),
            OutOfBounds("given rows", 0, 1, 3),
        ),
    ],
)
def test_what_torch_would_refuse_is_refused_as_data(
    config: TableConfig, problem: AnyProblem
) -> None:
    with pytest.raises(ProblemError) as raised:
        EmbeddingTable(config)
    assert raised.value.problem == problem


@pytest.mark.parametrize(
    ("shape", "name"), [((4, 3), "given rows"), ((2, 2), "given columns"), ((0, 3), "given rows")]
)
def test_given_values_must_fit(shape: tuple[int, int], name: str) -> None:
    config = TableConfig(3, 3, initialisation=Initialisation("given"))
    with pytest.raises(ProblemError) as raised:
        EmbeddingTable(config, torch.zeros(shape))
    assert isinstance(raised.value.problem, OutOfBounds)
    assert raised.value.problem.name == name


# ── gradients and growth ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("sparse", [False, True])
def test_gradient_rows(sparse: bool) -> None:
    whole = table(sparse=sparse)
    assert whole.gradient_rows(torch.tensor([0, 4])).tolist() == [[0.0] * 3] * 2
    # Row 2 is looked up twice with weight 1 and 3, row 4 once with 2: the gradients add up.
    weights = torch.tensor([[1.0], [2.0], [3.0]])
    (whole(torch.tensor([2, 4, 2])) * weights).sum().backward()
    rows = whole.gradient_rows(torch.tensor([4, 0, 2, 3]))
    assert rows.tolist() == [[2.0] * 3, [0.0] * 3, [4.0] * 3, [0.0] * 3]


@pytest.mark.parametrize("sparse", [False, True])
def test_gradient_rows_of_no_gradient_at_all(sparse: bool) -> None:
    whole = table(sparse=sparse)
    whole(torch.tensor([1])).sum().backward()  # padding_idx: a gradient without rows
    assert whole.gradient_rows(torch.tensor([0, 1])).tolist() == [[0.0] * 3] * 2


def test_rows_that_stay_keep_their_bits() -> None:
    whole = table(initialisation=Initialisation("uniform", 0.5))
    before = whole.weight.detach().clone()
    with torch.no_grad():
        whole.weight[3] = torch.tensor([-0.0, math.nan, math.inf])
    edited = whole.weight.detach().numpy().tobytes()
    old = whole.resize(9)
    assert whole.weight.shape == (9, 3)
    assert whole.layer.num_embeddings == 9
    assert whole.weight.requires_grad
    assert whole.weight[:5].detach().numpy().tobytes() == edited
    assert old.detach().numpy().tobytes() == edited
    new = whole.weight.detach()[5:]
    assert 0 < float(new.abs().max()) <= 0.5
    whole.resize(2)
    assert torch.equal(whole.weight, before[:2])
    np.testing.assert_array_equal(whole.lookup([1]).numpy(), np.zeros((1, 3)))


def test_gradient_norms_of_half_precision_do_not_overflow() -> None:
    half = table(dtype="float16")
    half.weight.grad = torch.zeros_like(half.weight)
    half.weight.grad[2] = 60_000.0
    # √3 · 60,000 = 103,923.05, and float16 ends at 65,504; 60,000 = 1,875 · 32 it holds exactly.
    norms = half.gradient_norms(torch.tensor([1, 2]))
    assert norms.dtype == torch.float32
    torch.testing.assert_close(norms, torch.tensor([0.0, 103_923.05]))
