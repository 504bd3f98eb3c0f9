"""What is remembered of a run holds for the step on screen, wherever in the run that is."""

from dataclasses import dataclass, field

import numpy as np

from gui.row_record import RowRecord


@dataclass
class Step:
    """What is read of a step on screen."""

    step: int
    since: int
    touched_ids: np.ndarray
    rows: np.ndarray = field(default_factory=lambda: np.zeros((5, 2), np.float32))


def step(number: int, since: int, *touched: int, rows: int = 5) -> Step:
    return Step(number, since, np.array(touched, np.int32), np.zeros((rows, 2), np.float32))


def touched(record: RowRecord) -> list[int]:
    return np.flatnonzero(record.touched).tolist()


def recorded(*steps: Step) -> RowRecord:
    record = RowRecord(steps[0])
    record.initial = np.zeros(5, np.uint64)
    for each in steps:
        record.note(each)
    return record


def test_rows_stay_touched():
    record = recorded(step(0, 0), step(1, 0, 2), step(9, 1, 3, 4))
    assert touched(record) == [2, 3, 4]
    assert record.steps == 9
    assert record.initial is not None


def test_back_in_the_run_nothing_is_touched_that_was_touched_later():
    record = recorded(step(0, 0), step(5, 0, 2, 3), step(1, 1, 4))
    assert touched(record) == [4]
    assert record.steps == 0
    record.note(step(3, 1, 0))
    assert touched(record) == [0, 4]
    assert record.steps == 2


def test_steps_that_were_not_seen_do_not_count_and_leave_what_was():
    record = recorded(step(0, 0), step(1, 0, 2), step(50, 49, 3))
    assert touched(record) == [2, 3]
    assert record.steps == 0


def test_rows_that_are_appended_begin_untouched():
    record = recorded(step(0, 0), step(4, 0, 1), step(4, 4, rows=7))
    assert len(record.touched) == 7
    assert touched(record) == [1]
    assert record.steps == 0
    assert record.initial is None


def test_an_edit_of_the_sentences_begins_the_count_anew():
    record = recorded(step(0, 0), step(4, 0, 1))
    record.begin_anew()
    record.note(step(6, 4, 2))
    assert record.steps == 2
