"""The figures that the laboratory's explanations rest on, in plain torch and in the laboratory."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from core.config import OptimizerConfig
from core.padding.messages import SetUp
from tests.core.padding.studies import PAD, SENTENCES, probed, studied, table

THREE = [[2, 3, 4]]


@pytest.mark.parametrize(("extra", "shift"), [(1, 0.25), (3, 0.5), (9, 0.75)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_mean_over_zero_pads_shrinks_by_one_minus_n_over_l(extra, shift, dtype):
    # Three tokens in 4, 6 or 12 columns: the sum is the same, divided by more. 1 - 3/4 = 0.25
    found = probed("mean", rows=table(1, dtype=dtype), sentences=THREE, labels=[0], extra=extra)
    assert found.further.relative.numpy() == pytest.approx([shift], rel=1e-6)
    assert found.pooled.numpy().dtype == dtype


def test_a_product_with_the_mask_is_nan_where_the_pad_row_is_and_masked_fill_is_not():
    h = torch.ones(1, 2, 1)
    h[0, 1] = torch.nan
    mask = torch.tensor([[True, False]])
    assert (h * mask.unsqueeze(-1)).sum().isnan()
    rows = table()
    rows[PAD] = np.nan
    found = probed("masked-mean", rows=rows)
    assert np.isfinite(found.pooled.numpy()).all()
    assert (found.gradient_at_pads, found.further.largest) == (0, 0)


def relative(before, after):
    return ((after - before).norm(dim=1) / before.norm(dim=1)).mean().item()


def test_an_lstm_runs_on_over_pads_and_forgets_those_it_read_first():
    right, left = [], []
    torch.manual_seed(0)
    lstm = nn.LSTM(16, 16, batch_first=True)
    words = torch.randn(32, 3, 16)

    def state(*parts):
        return lstm(torch.cat(parts, 1))[1][0][0]

    for pads in (1, 3, 9):
        zeros = torch.zeros(32, pads, 16)
        right.append(relative(state(words), state(words, zeros)))
        left.append(relative(state(words), state(zeros, words)))
    # Measured over many seeds: right 0.5, 0.8, 0.9; left 0.05, 0.1, 0.1.
    assert right == sorted(right)
    assert right[0] > 0.3
    assert all(5 * a < b for a, b in zip(left, right, strict=True))


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("extra", [1, 3, 9])
def test_packing_and_the_side_of_the_pads(extra):
    shifts = {
        (head, side): probed(head, side, extra=extra).further.largest
        for head in ("lstm", "packed-lstm")
        for side in ("right", "left")
    }
    assert shifts["packed-lstm", "right"] == shifts["packed-lstm", "left"] == 0
    assert 0 < shifts["lstm", "left"] < shifts["lstm", "right"]


def test_packing_what_is_padded_on_the_left_is_the_same_as_on_the_right():
    right, left = (probed("packed-lstm", side).pooled.numpy() for side in ("right", "left"))
    np.testing.assert_array_equal(right, left)


def test_a_zero_pad_row_is_what_a_convolution_pads_with():
    torch.manual_seed(0)
    convolution = nn.Conv1d(8, 8, 3, padding=1)
    words = torch.randn(4, 8, 5)
    alone = convolution(words)
    zeros = convolution(functional.pad(words, (0, 3)))[..., :5]
    ones = convolution(functional.pad(words, (0, 3), value=1.0))[..., :5]
    torch.testing.assert_close(zeros, alone)
    changed = (ones - alone).norm(dim=1) > 1e-5
    assert changed.tolist() == [[False] * 4 + [True]] * 4  # the last real position alone
    assert probed("conv", rows=table(zero_pad=True)).further.largest == 0
    assert probed("conv", rows=table(zero_pad=False)).further.largest > 0.01


def test_the_variance_that_batch_norm_sees_falls_as_pads_come():
    torch.manual_seed(0)
    words = torch.randn(64, 8, 3)
    seen = []
    for length in (3, 6, 12):
        norm = nn.BatchNorm1d(8, momentum=None)
        norm(functional.pad(words, (0, length - 3)))
        seen.append(norm.running_var.mean().item())
    # Words of mean 0 among L - 3 zeros: 3 / L of the variance. 1, 1/2, 1/4
    assert [each / seen[0] for each in seen] == pytest.approx([1, 0.5, 0.25], abs=0.01)


def test_a_zero_key_has_its_share_of_the_softmax():
    torch.manual_seed(0)
    attention = nn.MultiheadAttention(8, 1, batch_first=True)
    x = torch.cat((torch.randn(1, 3, 8), torch.zeros(1, 3, 8)), 1)
    weights = attention(x, x, x)[1][0, :3]
    query, key, _ = functional.linear(x[0], attention.in_proj_weight).chunk(3, -1)
    scores = query[:3] @ key[:3].T / 8**0.5
    # A zero key scores 0: its share is 1 / (3 + the sum of the words' exponentials).
    share = 1 / (3 + scores.exp().sum(1))
    torch.testing.assert_close(weights[:, 3:], share.unsqueeze(1).expand(3, 3))
    assert weights[:, 3:].sum(1).mean() > 0.3  # half of the columns, and about half of it
    masked = attention(x, x, x, key_padding_mask=(x == 0).all(-1))[1]
    assert (masked[..., 3:] == 0).all()


@pytest.mark.parametrize(
    ("head", "at_pads"),
    [("attention", True), ("masked-attention", False), ("masked-attention-mean", False)],
)
def test_attention_to_each_cell(head, at_pads):
    attention = probed(head).attention.numpy()
    np.testing.assert_allclose(attention.sum(1), 1, rtol=1e-6)
    pads = np.arange(8) >= np.array([[len(sentence)] for sentence in SENTENCES])
    assert (attention[pads] > 0).all() if at_pads else (attention[pads] == 0).all()
    assert (attention[~pads] > 0).all()
    assert probed("mean").attention is None


def test_masked_attention_over_nothing_is_nan_in_torch_and_not_here():
    attention = nn.MultiheadAttention(8, 1, batch_first=True)
    x = torch.zeros(2, 3, 8)
    hidden = torch.tensor([[False, False, True], [True, True, True]])
    assert attention(x, x, x, key_padding_mask=hidden)[0].isnan().any((1, 2)).tolist() == [
        False,
        True,
    ]
    for head in ("masked-attention", "masked-attention-mean"):
        found = probed(head, sentences=[[2, 3], []], labels=[0, 1])
        assert np.isfinite(found.pooled.numpy()).all()
        assert np.isfinite(found.gradient.numpy()).all()


def test_the_data_pads_with_another_id_than_padding_idx():
    # Padded with 0 while padding_idx is 1: the word at row 1 is frozen, and row 0 is trained.
    found = probed("mean", padding_idx=1, pad=0, sentences=[[1, 2, 3], [4]], labels=[0, 1])
    zero, one, *_ = found.weight_gradients.numpy()
    assert zero == found.weight_gradient_pad > 0
    assert one == 0


def test_without_padding_idx_the_pad_takes_much_of_the_gradient():
    found = probed("mean", padding_idx=None, extra=8)
    norms = found.weight_gradients.numpy()
    # The mean hands each cell of a sentence the same gradient, and most of the cells are pads.
    assert found.weight_gradient_pad == norms.max()


def tied_gradient(hidden_logit):
    torch.manual_seed(0)
    layer = nn.Embedding(12, 8, padding_idx=PAD)
    ids = torch.tensor([[2, 3, 4, PAD], [5, 6, 7, 8]])
    logits = layer(ids[:, :-1]) @ layer.weight.T
    if hidden_logit:
        logits = logits.index_fill(-1, torch.tensor([PAD]), -torch.inf)
    targets = ids[:, 1:].flatten()
    functional.cross_entropy(logits.flatten(0, 1), targets, ignore_index=PAD).backward()
    return layer.weight.grad[PAD].norm().item()


def test_tied_output_weights_push_the_pad_row_in_spite_of_padding_idx():
    assert tied_gradient(hidden_logit=False) > 0
    assert tied_gradient(hidden_logit=True) == 0
    assert probed("tied").weight_gradient_pad > 0
    assert probed("untied").weight_gradient_pad == 0


def test_a_tied_pad_row_grows_from_zero_as_it_is_trained():
    norms = [
        studied(SetUp("tied", optimizer=OptimizerConfig(name, rate)), steps=100).probed.pad_row_norm
        for name, rate in (("sgd", 0.1), ("adam", 0.1))
    ]
    # Its gradient is small, but Adam divides by the gradient's own size.
    assert 0 < norms[0] < norms[1]
    untied = SetUp("untied", optimizer=OptimizerConfig("adam", 0.1))
    assert studied(untied, steps=100).probed.pad_row_norm == 0


def test_a_loss_of_which_every_target_is_ignored_is_nan():
    ignored = torch.tensor([PAD, PAD])
    assert functional.cross_entropy(torch.zeros(2, 4), ignored, ignore_index=PAD).isnan()


def test_max_norm_writes_rows_even_without_gradients():
    layer = nn.Embedding(4, 8, max_norm=1.0).requires_grad_(False).eval()
    with torch.no_grad():
        nn.init.ones_(layer.weight)
        layer(torch.tensor([2]))
    assert layer.weight[2].norm().item() == pytest.approx(1, rel=1e-5)
    assert layer.weight[3].norm().item() == pytest.approx(8**0.5)


def test_the_third_argument_of_an_embedding_bag_is_max_norm():
    assert nn.EmbeddingBag(4, 2, 1).max_norm == 1
    assert nn.Embedding(4, 2, 1).padding_idx == 1
