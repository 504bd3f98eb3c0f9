"""Every head and every probe against plain torch."""

import numpy as np
import pytest
import torch

from core.padding.messages import HEADS
from tests.core.padding.plain import Plain, padded_ids
from tests.core.padding.studies import EXTRA, LABELS, PAD, SENTENCES, probed, table

LONGEST = max(map(len, SENTENCES))
RIGHT_ONLY = {"packed-lstm"}  # plain packing takes the first columns, whatever they hold
CASES = [
    (head, side)
    for head in HEADS
    for side in ("right", "left")
    if side == "right" or head not in RIGHT_ONLY
]


def relative(before, after):
    return ((after - before).norm(dim=1) / before.norm(dim=1)).detach().numpy()


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("zero_pad", [True, False])
@pytest.mark.parametrize("padding_idx", [PAD, None])
@pytest.mark.parametrize(("head", "side"), CASES)
def test_the_probes(head, side, padding_idx, zero_pad):
    rows = table(3, zero_pad)
    found = probed(head, side, 7, padding_idx, rows=rows)
    labels = torch.tensor(LABELS)
    plain = Plain(head, rows, padding_idx, 7)
    _, before, loss_base = plain.read(*padded_ids(SENTENCES, LONGEST, PAD, side), labels)
    ids, mask = padded_ids(SENTENCES, LONGEST + EXTRA, PAD, side)
    h, output, loss = plain.read(ids, mask, labels)
    loss.backward()
    assert found.loss == pytest.approx(loss.item(), rel=1e-6)
    assert found.loss_base == pytest.approx(loss_base.item(), rel=1e-6)
    gradient = plain.layer.weight.grad.norm(dim=1)
    assert found.weight_gradient_pad == pytest.approx(gradient[PAD].item(), rel=1e-5)
    if h is None:
        assert (found.gradient, found.gradient_at_pads) == (None, None)
    else:
        np.testing.assert_allclose(found.gradient.numpy(), h.grad.norm(dim=2), rtol=1e-4, atol=1e-7)
        assert found.gradient_at_pads == pytest.approx(h.grad[ids == PAD].norm().item(), rel=1e-5)
    meant = np.nan_to_num(relative(before, output))
    np.testing.assert_allclose(found.further.relative.numpy(), meant, rtol=1e-4, atol=1e-5)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("head", HEADS)
def test_the_pad_row_replaced(head):
    rows = table(4, zero_pad=False)
    found = probed(head, rows=rows, replaced_seed=5, replaced_scale=0.5)
    ids, mask = padded_ids(SENTENCES, LONGEST + EXTRA)
    plain = Plain(head, rows, PAD, 0)
    _, before, _ = plain.read(ids, mask, torch.tensor(LABELS))
    drawn = torch.randn(rows.shape[1], generator=torch.Generator().manual_seed(5))
    plain.layer.weight.data[PAD] = 0.5 * drawn
    _, after, loss = plain.read(ids, mask, torch.tensor(LABELS))
    meant = relative(before, after)
    np.testing.assert_allclose(found.replaced.relative.numpy(), meant, rtol=1e-4, atol=1e-5)
    assert found.loss_replaced == pytest.approx(loss.item(), rel=1e-6)


def test_every_row_s_gradient():
    rows = table(3)
    plain = Plain("sum", rows, PAD, 0)
    ids, mask = padded_ids(SENTENCES, LONGEST + EXTRA)
    plain.read(ids, mask, torch.tensor(LABELS))[2].backward()
    looked_up = sorted({PAD, *(id for sentence in SENTENCES for id in sentence)})
    meant = plain.layer.weight.grad[looked_up].norm(dim=1)
    found = probed("sum", rows=rows).weight_gradients.numpy()
    np.testing.assert_allclose(found, meant, rtol=1e-5)
