"""Nearest rows while a table changes, and how they changed since a marked step."""

import tempfile

import numpy as np
import pytest

from core.kept_table import KeptTable
from core.looking_problems import NoDirection
from core.neighbourhood import Neighbourhood, Question, Since, since
from core.problems import IdOutOfRange, ProblemError, TooMuchMemory
from core.word_arithmetic import Blend

ROWS = np.array([[1, 0], [4, 1], [4, 2], [4, 4], [0, 1]], np.float32)
TO_FIRST = Question(Blend.mean((0,)), "cosine", 2)


@pytest.fixture
def place():
    made = Neighbourhood()
    yield made
    made.forget_mark()


def test_an_answer_follows_the_rows_that_moved(place):
    rows = ROWS.copy()
    place.follow(rows, None)
    # the angles of (4, 1), (4, 2), (4, 4), (0, 1) to (1, 0) grow in this order
    assert place.answer(rows, 3, TO_FIRST).found.ids.tolist() == [1, 2]
    rows[3] = 5, 0
    place.follow(rows, np.array([3], np.int32))
    answer = place.answer(rows, 4, TO_FIRST)
    assert answer.found.ids.tolist() == [3, 1]
    assert answer.found.values[0] == 1
    assert (answer.step, answer.marked_step, answer.at_mark) == (4, None, None)


def test_a_marked_step_stays_as_it_was(place):
    rows = ROWS.copy()
    place.follow(rows, None)
    place.mark(rows, 3)
    rows[3] = 5, 0
    place.follow(rows, np.array([3], np.int32))
    answer = place.answer(rows, 9, TO_FIRST)
    assert answer.found.ids.tolist() == [3, 1]
    assert answer.marked_step == 3
    assert answer.at_mark.ids.tolist() == [1, 2]
    # another question about the same mark: (0, 1) had (4, 4) next to it, then (4, 2)
    answer = place.answer(rows, 9, Question(Blend.mean((4,)), "cosine", 2))
    assert answer.at_mark.ids.tolist() == [3, 2]
    place.forget_mark()
    assert place.answer(rows, 9, TO_FIRST).at_mark is None


def test_why_there_is_no_answer_is_an_answer(place):
    rows = np.zeros((3, 2))
    rows[2] = 1, 1
    place.follow(rows, None)
    assert place.answer(rows, 0, TO_FIRST).found == NoDirection()
    place.mark(rows, 0)
    grown = np.vstack([rows, [[3, 3]]])
    place.follow(grown, None)
    answer = place.answer(grown, 1, Question(Blend.mean((3,)), "cosine", 5))
    assert answer.found.ids.tolist() == [2]
    assert answer.at_mark == IdOutOfRange(3, 0, 3)  # it was not there yet


def test_who_came_who_left_and_who_changed_places():
    assert since((7, 3, 5), (3, 7, 9)) == Since((1, 0, None), (9,))
    assert since((), (1,)) == Since((), (1,))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_kept_table_has_the_bits_of_its_step(dtype):
    rows = np.random.default_rng(0).normal(size=(1000, 7)).astype(dtype)
    rows[3, 3] = np.nan
    expected = rows.copy()
    kept = KeptTable(rows, 12)
    rows[:] = 0
    assert kept.rows.dtype == dtype
    assert kept.rows.tobytes() == expected.tobytes()
    kept.close()


def test_a_full_disk_is_said(monkeypatch):
    class Full:
        def write(self, _data):
            raise OSError(28, "No space left on device")

        def close(self):
            self.closed = True

    file = Full()
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: file)
    with pytest.raises(ProblemError) as raised:
        KeptTable(ROWS, 0)
    problem = raised.value.problem
    assert isinstance(problem, TooMuchMemory)
    assert (problem.what, problem.needed) == ("marked step", 5 * 2 * 4)
    assert file.closed
