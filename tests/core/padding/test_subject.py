"""What is wrong with a study is said as data, before torch is asked."""

import numpy as np
import pytest
from msgspec.structs import replace

from core.config import OptimizerConfig
from core.messages import Array
from core.padding.messages import Fault, SetUp
from core.padding.subject import LARGEST_BYTES, Subject
from core.problems import (
    CombinationRefused,
    NoExamples,
    OutOfBounds,
    ProblemError,
    TooMuchMemory,
    UnknownName,
)
from tests.core.padding.studies import material, probed, studied, table


def refused(set_up=None, **asked):
    with pytest.raises(ProblemError) as raised:
        studied(set_up or SetUp(), **asked)
    return raised.value.problem


@pytest.mark.parametrize(
    ("set_up", "asked", "problem"),
    [
        (SetUp(), {"extra": 65}, OutOfBounds("extra", 65, 0, 64)),
        (SetUp(trained_extra=-1), {}, OutOfBounds("extra", -1, 0, 64)),
        (SetUp(), {"steps": -1}, OutOfBounds("steps", -1, 0)),
        (SetUp(), {"pad": 20}, OutOfBounds("pad_id", 20, 0, 19)),
        (SetUp(seed=2**32), {}, OutOfBounds("seed", 2**32, 0, 2**32 - 1)),
        (SetUp(padding_idx=20), {}, OutOfBounds("padding_idx", 20, -20, 19)),
        (SetUp(padding_idx=-21), {}, OutOfBounds("padding_idx", -21, -20, 19)),
        (SetUp(max_norm=0.0), {}, OutOfBounds("max_norm", 0, low=0)),
        (SetUp(norm_type=0.0), {}, OutOfBounds("norm_type", 0, low=0)),
        (SetUp(optimizer=OptimizerConfig(rate=-1)), {}, OutOfBounds("rate", -1, low=0)),
        (SetUp(), {"sentences": [[], []], "labels": None}, NoExamples("sentence-label")),
        (SetUp(), {"sentences": [], "labels": None}, NoExamples("sentence-label")),
        (SetUp("tied"), {"sentences": [[2], [3]], "labels": None}, NoExamples("next-word")),
        (SetUp("batchnorm"), {"sentences": [[2]], "labels": None}, OutOfBounds("cells", 1, low=2)),
    ],
)
def test_refused(set_up, asked, problem):
    extra = {"extra": 0} if asked.get("pad") else {}
    sentences = {"sentences": [[2, 3, 4]], "labels": None} if asked.get("pad") else {}
    assert refused(set_up, **{**extra, **sentences, **asked}) == problem


def test_an_optimizer_for_sparse_gradients():
    sparse = SetUp(optimizer=OptimizerConfig("sparse-adam"))
    assert refused(sparse) == CombinationRefused("sparse-adam", "needs-sparse-gradients")


def test_a_dtype_of_no_table():
    whole_numbers = table().astype(np.int32)
    problem = refused(rows=whole_numbers)
    assert problem == UnknownName("dtype", "int32", ["float16", "float32", "float64"])


def test_what_would_not_fit():
    problem = refused(sentences=[[2] * 10_000] * 2, labels=None, set_up=SetUp("attention"))
    assert isinstance(problem, TooMuchMemory)
    assert problem.needed > problem.available == LARGEST_BYTES


def test_what_was_not_sent():
    lacking = replace(material(), row_ids=Array.of(np.arange(100, 114)))
    subject = Subject(lacking)
    with pytest.raises(ValueError, match="no row was sent for id 2"):
        subject.inputs(subject.batch(SetUp(), 0))
    with pytest.raises(ValueError, match="every row"):
        subject.check(SetUp("tied"), 0, 0)
    with pytest.raises(ValueError, match="label"):
        Subject(material(labels=[0, -1, 1]))
    with pytest.raises(ValueError, match="label"):
        Subject(material(labels=[0]))


def test_ids_that_are_no_row_are_shown_and_not_raised():
    found = studied(sentences=[[2, 20], [-100]], labels=None, extra=1)
    assert found.faults == (Fault(0, 1, 20, 20, "too-large"), Fault(1, 0, -100, 20, "negative"))
    assert found.probed is None
    assert found.cells.ids.numpy().tolist() == [[2, 20, 1], [-100, 1, 1]]
    assert found.cells.mask.numpy().tolist() == [[True, True, False], [True, False, False]]
    assert found.cells.lengths.numpy().tolist() == [2, 1]
    assert found.cells.columns.numpy().tolist() == [[0, 1, 2], [0, 1, 2]]
    assert found.cells.counted.numpy().tolist() == [[0, 1, 1], [0, 1, 1]]
    assert found.cells.base_width == 2


def test_a_pad_id_that_is_no_row_is_shown_at_every_pad():
    found = studied(pad=-1, sentences=[[2, 3], [4]], labels=None, extra=1)
    assert [(each.sentence, each.column) for each in found.faults] == [(0, 2), (1, 1), (1, 2)]


def test_an_empty_sentence_is_named():
    found = studied(sentences=[[2, 3], [], [4]], labels=None)
    assert found.empty == (1,)
    assert found.probed is not None


@pytest.mark.parametrize("head", ["masked-mean", "bag", "packed-lstm", "masked-attention"])
def test_an_empty_sentence_pools_to_zeros_where_pads_are_left_out(head):
    pooled = probed(head, sentences=[[2, 3], [], [4]], labels=None).pooled.numpy()
    assert not pooled[1].any()
    assert pooled[[0, 2]].any(1).all()


def test_a_negative_padding_idx_counts_from_the_end():
    rows = table(5)
    found = probed("mean", padding_idx=-1, rows=rows, sentences=[[2, 19]], labels=[0])
    assert found == probed("mean", padding_idx=19, rows=rows, sentences=[[2, 19]], labels=[0])
    assert found.weight_gradients.numpy()[-1] == 0


def test_sentences_without_labels_take_turns():
    rows = table(6)
    assert probed(rows=rows, labels=None) == probed(rows=rows, labels=[0, 1, 0])


def test_more_labels_than_two():
    head = Subject(material(labels=[0, 4, 2])).model(SetUp()).head
    assert head.classifier.out_features == 5


def test_half_precision_is_worked_on_in_single():
    rows = table(7, dtype=np.float16)
    assert probed("lstm", rows=rows) == probed("lstm", rows=rows.astype(np.float32))
