"""A probe leaves no trace, and rounding is no leak."""

import numpy as np
import pytest
import torch

from core.padding.messages import HEADS, SetUp, Study
from core.padding.probes import probe, shift, undisturbed
from core.padding.subject import Subject
from tests.core.padding.studies import PAD, material, probed, table


def laid_out(head, **set_up):
    subject = Subject(material(table(zero_pad=False), head=head))
    asked = SetUp(head, **set_up)
    inputs = [subject.inputs(subject.batch(asked, extra)) for extra in (0, 3)]
    return subject.model(asked), inputs, Study(1, subject.material, asked, extra=3)


@pytest.mark.parametrize("max_norm", [None, 0.5])
@pytest.mark.parametrize("head", HEADS)
def test_a_probe_leaves_no_trace(head, max_norm):
    model, inputs, study = laid_out(head, max_norm=max_norm)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    first = probe(model, *inputs, study)
    assert probe(model, *inputs, study) == first
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    assert all(each.grad is None for each in model.parameters())
    assert model.training


def test_running_statistics_are_restored_after_a_failure_too():
    model, inputs, _ = laid_out("batchnorm")

    def fail():
        with undisturbed(model):
            model(inputs[0])
            assert model.head.norm.num_batches_tracked == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert model.head.norm.num_batches_tracked == 0


def test_max_norm_is_applied_to_the_copy_as_the_model_would():
    model, inputs, _ = laid_out("sum", max_norm=0.5)
    before = model.weight.detach().clone()
    with undisturbed(model):
        vectors, _ = model(inputs[0])
        assert vectors.norm(dim=2).flatten().tolist() == pytest.approx([0.5] * 15, rel=1e-5)
        assert not torch.equal(model.weight, before)
    assert torch.equal(model.weight, before)


def test_torch_s_own_generator_is_left_alone():
    torch.manual_seed(0)
    drawn = torch.rand(3)
    torch.manual_seed(0)
    probed("lstm")
    assert torch.equal(torch.rand(3), drawn)


def test_shifts_by_hand():
    before = torch.tensor([[3.0, 4.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    after = torch.tensor([[3.0, 4.0], [1.0, 2.0], [0.0, 0.0], [0.0, 3.0]])
    found = shift(before, after)
    # √(0² + 2²) = 2, of a length of 1; from nothing to something is all of it.
    assert found.absolute.numpy().tolist() == [0, 2, 0, 3]
    assert found.relative.numpy().tolist() == [0, 2, 0, 1]
    assert found.largest == 2


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rounding_is_no_shift(dtype):
    before = torch.tensor([[1.0, 1.0]], dtype=dtype)
    step = torch.finfo(dtype).eps
    assert shift(before, before + 4 * step).largest == 0
    assert shift(before, before + 400 * step).largest > 0


def test_an_infinite_row_hides_no_other_shift():
    before = torch.tensor([[torch.inf], [1.0]])
    found = shift(before, torch.tensor([[torch.inf], [2.0]]))
    assert np.isnan(found.relative.numpy()[0])
    assert found.relative.numpy()[1] == 1


def test_the_pad_row_is_shown_as_it_is():
    rows = table()
    rows[PAD] = [3, 4, 0, 0, 0, 0, 0, 0]
    assert probed(rows=rows).pad_row_norm == 5
