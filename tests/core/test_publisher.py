"""Two buffers that flip: each shows the whole table, and says truly what moved."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core import publisher, rows
from core.publisher import Publisher
from core.rows import MappedRows

NOTHING = np.empty(0, np.int64), np.empty(0, np.float32)


@pytest.fixture(autouse=True)
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "SHARED_MEMORY", tmp_path)


class Shower:
    """A publisher with a window: what is published is compared with the table."""

    def __init__(self, weight: NDArray) -> None:
        self.weight = weight
        self.mapped = MappedRows.create(*weight.shape, weight.dtype.str)
        self.publisher = Publisher(self.mapped, weight)
        self.mapped.unlink()

    def show(self, candidates: list[int] | None = None) -> tuple[list[int], list[float]]:
        """(ids, distances) of what moved, once the shown rows are the table's to the bit."""
        of = None if candidates is None else np.array(candidates, np.int64)
        shown, moved = self.publisher.publish(self.weight, of, *NOTHING)
        buffer = self.mapped.buffers[shown]
        assert buffer.rows.tobytes() == self.weight.tobytes()
        return buffer.moved_ids[:moved].tolist(), buffer.moved_by[:moved].tolist()


def ramp(rows: int = 6, dtype: str = "float32") -> NDArray:
    return np.arange(rows * 2, dtype=dtype).reshape(rows, 2)


def test_what_moved_and_how_far() -> None:
    window = Shower(ramp())
    assert window.show() == ([], [])
    window.weight[2] += [3, 4]
    window.weight[5, 0] -= 2
    assert window.show() == ([2, 5], [5.0, 2.0])
    window.weight[2] -= [3, 4]
    assert window.show() == ([2], [5.0])
    assert window.show() == ([], [])


def test_a_row_that_moved_and_came_back_has_not_moved() -> None:
    window = Shower(ramp())
    window.weight[2] += 1
    window.weight[2] -= 1
    assert window.show() == ([], [])


def test_touched_rows_and_their_norms_are_written_beside_the_rows() -> None:
    window = Shower(ramp())
    touched, norms = np.array([1, 4]), np.array([0.5, 0.0], np.float32)
    shown, moved = window.publisher.publish(window.weight, None, touched, norms)
    buffer = window.mapped.buffers[shown]
    assert moved == 0
    assert buffer.touched_ids[:2].tolist() == [1, 4]
    assert buffer.gradient_norms[:2].tolist() == [0.5, 0.0]


EDITS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from([0.0, -0.0, 1.0, np.nan, np.inf, -2.5])),
        max_size=8,
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EDITS, st.booleans(), st.sampled_from(["float16", "float32", "float64"]))
def test_two_flips_never_leave_a_stale_row(
    frames: list[list[tuple[int, float]]], narrowed: bool, dtype: str
) -> None:
    window = Shower(ramp(7, dtype))
    for edits in frames:
        before = window.weight.copy()
        for row, value in edits:
            window.weight[row, row % 2] = value
        candidates = sorted({row for row, _ in edits}) if narrowed else None
        ids, _ = window.show(candidates)
        differ = [n for n in range(7) if before[n].tobytes() != window.weight[n].tobytes()]
        assert ids == differ


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_bits_decide_not_values(dtype: str) -> None:
    window = Shower(np.zeros((4, 2), dtype))
    window.weight[1, 0] = np.nan
    window.weight[2, 1] = -0.0
    ids, distances = window.show()
    assert ids == [1, 2]
    assert np.isnan(distances[0])
    assert distances[1] == 0.0
    assert window.show() == ([], [])  # NaN equals itself


def test_moves_beyond_what_half_precision_can_square() -> None:
    window = Shower(np.zeros((2, 2), "float16"))
    window.weight[1] = [3000, 4000]
    assert window.show() == ([1], [5000.0])


def test_a_row_gone_to_infinity_moved_by_infinity() -> None:
    window = Shower(ramp())
    window.weight[3, 1] = np.inf
    assert window.show() == ([3], [np.inf])


@pytest.mark.parametrize("count", [1, 3, 7])
def test_pieces_of_the_table_are_put_together(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(publisher, "PIECE", count)
    window = Shower(ramp(7))
    window.weight[[0, 3, 6]] += 1
    assert window.show()[0] == [0, 3, 6]
    window.weight[[5, 6]] += 1
    assert window.show(candidates=[1, 5, 6])[0] == [5, 6]


def test_only_the_buffer_that_is_not_shown_is_written() -> None:
    window = Shower(ramp())
    shown = window.mapped.buffers[window.publisher.shown]
    before = shown.rows.copy()
    window.weight += 1
    window.show()
    np.testing.assert_array_equal(shown.rows, before)
