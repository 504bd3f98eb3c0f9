"""A whole row of the table set at once."""

import numpy as np
import pytest

from core.messages import Array, SetRow
from core.problems import AnyProblem, OutOfBounds, ProblemError, UnknownName
from core.trainer import Trainer
from tests.core.corpora import ROWS, corpus, run_config
from tests.core.edits import set_row

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def trainer() -> Trainer:
    return Trainer(run_config(), corpus())


def rows(trainer: Trainer) -> np.ndarray:
    return trainer.table.weight.detach().numpy().copy()


def test_the_row_has_the_very_bits(trainer: Trainer) -> None:
    before = rows(trainer)
    # Two NaNs that differ, a zero with its sign, and the least that float32 has.
    bits = np.array([0x7FC00001, 0xFFC00000, 0x80000000, 1], np.uint32)
    trainer.apply(SetRow(3, Array.of(bits.view(np.float32))))
    assert rows(trainer)[3].view(np.uint32).tolist() == bits.tolist()
    trainer.apply(set_row(3, 0, 0, 0, 0))
    assert rows(trainer)[3].tolist() == [0, 0, 0, 0]
    trainer.apply(SetRow(3, Array.of(before[3])))  # as it is undone
    assert rows(trainer).tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (set_row(ROWS, 1, 2, 3, 4), OutOfBounds("row", ROWS, 0, ROWS - 1)),
        (set_row(-1, 1, 2, 3, 4), OutOfBounds("row", -1, 0, ROWS - 1)),
        (set_row(0, 1, 2, 3), OutOfBounds("values", 3, 4, 4)),
        (SetRow(0, Array.of(np.zeros((4, 1), np.float32))), OutOfBounds("values", 4, 4, 4)),
        (set_row(0, 1, 2, 3, 1e39, dtype="float64"), UnknownName("dtype", "<f8", ["<f4"])),
    ],
)
def test_what_is_no_row_changes_nothing(
    trainer: Trainer, change: SetRow, problem: AnyProblem
) -> None:
    before = rows(trainer)
    with pytest.raises(ProblemError) as raised:
        trainer.apply(change)
    assert raised.value.problem == problem
    assert rows(trainer).tobytes() == before.tobytes()
