"""Padded further, and how positions are counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.padding.batches import faults, padded, position_ids, sentences_of
from core.padding.gathering import gather, needed_ids
from core.padding.messages import LARGEST_BYTES, Fault
from core.problems import OutOfBounds, ProblemError, TooMuchMemory

SENTENCES = st.lists(st.lists(st.integers(2, 9), max_size=6), min_size=1, max_size=4)


@given(SENTENCES, st.sampled_from(["left", "right"]), st.integers(0, 64))
def test_extra_pads_are_all_that_is_added(sentences, side, extra):
    batch = padded(sentences, 1, side, extra)
    assert batch.ids.shape == (len(sentences), max(map(len, sentences)) + extra)
    assert [row[kept].tolist() for row, kept in zip(batch.ids, batch.mask, strict=True)] == (
        sentences
    )
    assert (batch.ids[~batch.mask] == 1).all()


@pytest.mark.parametrize("extra", [-1, 65])
def test_so_many_pads_and_no_more(extra):
    with pytest.raises(ProblemError) as raised:
        padded([[2]], 1, "right", extra)
    assert raised.value.problem == OutOfBounds("extra", extra, 0, 64)


@pytest.mark.parametrize(
    ("side", "counting", "expected"),
    [
        ("right", "columns", [[0, 1, 2], [0, 1, 2]]),
        ("left", "columns", [[0, 1, 2], [0, 1, 2]]),
        ("right", "counted", [[0, 1, 1], [0, 1, 2]]),
        ("left", "counted", [[1, 0, 1], [0, 1, 2]]),
        ("right", "roberta", [[2, 3, 1], [2, 3, 4]]),
        ("left", "roberta", [[1, 2, 3], [2, 3, 4]]),
    ],
)
def test_position_ids(side, counting, expected):
    assert position_ids(padded([[7, 8], [7, 8, 9]], 1, side), counting).tolist() == expected


def test_cells_that_are_no_row():
    batch = padded([[2, -1], [5]], 5, "left", 1)
    assert faults(batch, 5) == (
        Fault(0, 0, 5, 5, "too-large"),
        Fault(0, 2, -1, 5, "negative"),
        Fault(1, 0, 5, 5, "too-large"),
        Fault(1, 1, 5, 5, "too-large"),
        Fault(1, 2, 5, 5, "too-large"),
    )
    assert faults(batch, 6) == (Fault(0, 2, -1, 6, "negative"),)


def test_only_the_rows_that_are_looked_up_are_gathered():
    rows = np.arange(20.0).reshape(10, 2)
    sentences = [[7, 3], [], [3, 99, -1]]
    gathered = gather(rows, sentences, 1, ["mean", "lstm"])
    assert gathered.row_ids.numpy().tolist() == [1, 3, 7]
    assert gathered.rows.numpy().tolist() == [[2, 3], [6, 7], [14, 15]]
    assert sentences_of(gathered) == sentences
    assert (gathered.num_embeddings, gathered.labels) == (10, None)
    whole = gather(rows, sentences, 1, ["mean", "tied"], [0, 1, 0])
    assert whole.row_ids is None
    np.testing.assert_array_equal(whole.rows.numpy(), rows)
    assert whole.labels.numpy().tolist() == [0, 1, 0]


def test_a_whole_table_that_is_too_large_to_study_is_not_copied():
    rows = np.broadcast_to(np.float32(0), (LARGEST_BYTES // 1024, 257))  # 257 · 4 > 1024 bytes
    with pytest.raises(ProblemError) as raised:
        gather(rows, [[2]], 1, ["tied"])
    assert raised.value.problem == TooMuchMemory("padding", rows.nbytes, LARGEST_BYTES)
    assert needed_ids(len(rows), [[2]], 1, ["mean"]).tolist() == [1, 2]
