"""Padding: nothing is cut, nothing is moved, and the mask says what is real."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.batch import Side, pad_batch
from core.problems import OutOfBounds, ProblemError, SequenceTooLong

SEQUENCES = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=5)
SIDES = st.sampled_from(["left", "right"])


def test_right_pads_follow() -> None:
    batch = pad_batch([[3, 6, 5, 0], [7], []], pad_id=1)

    assert batch.ids.tolist() == [[3, 6, 5, 0], [7, 1, 1, 1], [1, 1, 1, 1]]
    assert batch.mask.tolist() == [[True] * 4, [True, False, False, False], [False] * 4]
    assert batch.lengths.tolist() == [4, 1, 0]
    names = [array.dtype.name for array in (batch.ids, batch.mask, batch.lengths)]
    assert names == ["int64", "bool", "int64"]


def test_left_pads_lead_and_a_length_may_be_given() -> None:
    batch = pad_batch([[3, 6], [7]], pad_id=1, side="left", length=4)

    assert batch.ids.tolist() == [[1, 1, 3, 6], [1, 1, 1, 7]]
    assert batch.mask.tolist() == [[False, False, True, True], [False, False, False, True]]


def test_a_pad_id_inside_a_sequence_is_real() -> None:
    assert pad_batch([[1, 1], [2]], pad_id=1).mask.tolist() == [[True, True], [True, False]]


def test_a_longer_sequence_is_named_and_never_cut() -> None:
    with pytest.raises(ProblemError) as raised:
        pad_batch([[1], [1, 2, 3], [1, 2, 3, 4]], pad_id=0, length=2)
    assert raised.value.problem == SequenceTooLong(sequence=1, size=3, length=2)


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ProblemError) as raised:
        pad_batch([], pad_id=0, length=-1)
    assert raised.value.problem == OutOfBounds("length", -1, 0)


@pytest.mark.parametrize(("length", "shape"), [(None, (0, 0)), (3, (0, 3))])
def test_no_sequence_at_all(length: int | None, shape: tuple[int, int]) -> None:
    assert pad_batch([], pad_id=1, length=length).ids.shape == shape


@given(SEQUENCES, SIDES, st.integers(0, 3))
def test_what_is_real_comes_back_in_order(
    sequences: list[list[int]], side: Side, room: int
) -> None:
    width = max(map(len, sequences), default=0) + room
    batch = pad_batch(sequences, 99, side, width)

    assert batch.ids.shape == batch.mask.shape == (len(sequences), width)
    assert [
        row[real].tolist() for row, real in zip(batch.ids, batch.mask, strict=True)
    ] == sequences
    assert np.all(batch.ids[~batch.mask] == 99)
    assert batch.mask.sum(1).tolist() == batch.lengths.tolist()
    # Pads are on one side: along a row the mask changes at most once, in one direction.
    steps = np.diff(batch.mask.astype(int), axis=1)
    assert np.all(steps >= 0) if side == "left" else np.all(steps <= 0)
