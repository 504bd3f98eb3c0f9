"""Which rows were looked up and which got a gradient."""

import pytest
import torch
from torch import Tensor, nn

from core import lookups
from core.lookups import LookupRecorder


def looked_up(recorder: LookupRecorder, ids: Tensor, weights: Tensor) -> None:
    """Look `ids` (n,) up; the gradient at each is its entry of `weights` (n,)."""
    layer = nn.Embedding(10, 2)
    vectors = layer(ids)
    recorder.record(ids, vectors)
    (vectors.sum(-1) * weights).sum().backward()


def test_looked_up_is_not_touched() -> None:
    recorder = LookupRecorder(padding_idx=1)
    ids = torch.tensor([4, 1, 2, 4, 7])
    looked_up(recorder, ids, torch.tensor([0.0, 1.0, 1.0, 2.0, 0.0]))
    seen, touched = recorder.take()
    assert seen.tolist() == [1, 2, 4, 7]
    # 1 is padding_idx; 7 and one of the two 4s got zeros.
    assert touched.tolist() == [2, 4]


def test_gathers_until_taken_then_forgets() -> None:
    recorder = LookupRecorder(padding_idx=None)
    looked_up(recorder, torch.tensor([3, 1]), torch.ones(2))
    looked_up(recorder, torch.tensor([[0, 1]]), torch.tensor([[1.0, 0.0]]))
    assert [each.tolist() for each in recorder.take()] == [[0, 1, 3], [0, 1, 3]]
    assert [each.tolist() for each in recorder.take()] == [[], []]


def test_a_nan_is_a_gradient() -> None:
    recorder = LookupRecorder(padding_idx=None)
    looked_up(recorder, torch.tensor([3]), torch.tensor([torch.nan]))
    assert recorder.take()[1].tolist() == [3]


def test_a_lookup_without_gradient_is_not_recorded() -> None:
    recorder = LookupRecorder(padding_idx=None)
    ids = torch.tensor([3])
    with torch.no_grad():
        recorder.record(ids, nn.Embedding(5, 2)(ids))
    assert recorder.take()[0].tolist() == []


def test_the_gradient_of_the_whole_weight_says_what_is_touched() -> None:
    recorder = LookupRecorder(padding_idx=1)
    looked_up(recorder, torch.tensor([4, 1, 2]), torch.ones(3))
    gradient = torch.zeros(6, 2)
    gradient[[1, 3], [0, 1]] = torch.tensor([2.0, torch.nan])
    recorder.record_weight(gradient)  # 4 and 2 got a gradient by lookup that came to zero
    assert [each.tolist() for each in recorder.take()] == [[1, 2, 4], [1, 3]]
    recorder.record_weight(gradient.flip(0))
    recorder.record_weight(torch.ones(3, 2))  # of a table that has lost rows since
    assert [each.tolist() for each in recorder.take()] == [[], [0, 1, 2, 4]]
    assert [each.tolist() for each in recorder.take()] == [[], []]


def test_holds_back_no_more_than_so_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "FOLD_ABOVE", 5)
    recorder = LookupRecorder(padding_idx=None)
    for each in range(8):
        looked_up(recorder, torch.tensor([each, 9]), torch.ones(2))
        assert sum(gradient.numel() for gradient in recorder._gradients) <= 5
    assert recorder.take()[1].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 9]


def test_a_gradient_that_is_zero_in_its_first_column_alone_counts() -> None:
    recorder = LookupRecorder(padding_idx=None)
    rows = torch.zeros(3, 2, requires_grad=True)
    vectors = rows * 1
    recorder.record(torch.tensor([4, 5, 6]), vectors)
    # d/dv of 0·v₀₀ + 2·v₀₁ + 3·v₁₀ is (0, 2), (3, 0), (0, 0)
    (2 * vectors[0, 1] + 3 * vectors[1, 0]).backward()
    assert [each.tolist() for each in recorder.take()] == [[4, 5, 6], [4, 5]]
