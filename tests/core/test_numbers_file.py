"""Numbers as CSV: exact, of one step, whole or not at all."""

import csv
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core import numbers_file
from core.number_text import shortest, shortest_each
from core.numbers_file import Numbers, as_text, write_csv
from core.problems import FileUnreadable, ProblemError
from core.progress import Cancelled
from core.whole_file import write_whole


class Holder:
    """Writes over what it held as soon as it is let go of, as the engine would."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self.released = 0

    def release(self) -> None:
        self.released += 1
        self.rows.fill(-99)


ROWS = np.array([[0.1, 2.0], [np.nan, -np.inf], [1e-7, 1e20]], np.float32)


def table(rows: np.ndarray | None = None, **changes: object) -> Numbers:
    block = ROWS if rows is None else rows
    header = ("id", "token", *map(str, range(block.shape[1])))
    return Numbers(header, (np.arange(len(block)), ["a", 'b,"c"', "한 국"], block), **changes)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_table_is_written_exactly(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    write_csv(path, table())
    assert path.read_text("utf-8") == (
        'id,token,0,1\n0,a,0.1,2\n1,"b,""c""",NaN,-Inf\n2,한 국,1e-07,1e+20\n'
    )
    assert read(path)[2] == ["1", 'b,"c"', "NaN", "-Inf"]


@given(arrays(np.float32, (3, 2), elements=st.floats(width=32)))
def test_every_number_reads_back_to_the_bit(rows: np.ndarray) -> None:
    texts = [row[2:] for row in table(rows).rows()]
    assert np.array_equal(np.array(texts, np.float64).astype(np.float32), rows, equal_nan=True)


@given(arrays(np.float16, 5, elements=st.floats(width=16)))
def test_many_at_once_are_as_each_alone(values: np.ndarray) -> None:
    assert shortest_each(values) == [shortest(value) for value in values]


def test_rows_come_in_the_order_asked_for() -> None:
    assert [row[0] for row in table(ids=np.array([2, 0])).rows()] == ["2", "0"]
    assert list(table(ids=np.array([], np.int32)).rows()) == []


def test_text_to_paste_has_tabs() -> None:
    assert as_text(table(ids=np.array([0]))) == "id\ttoken\t0\t1\n0\ta\t0.1\t2\n"


@pytest.mark.parametrize("most", [0, 2**25], ids=["through a file", "in memory"])
def test_what_is_held_is_copied_before_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(numbers_file, "IN_MEMORY", most)
    rows = ROWS.copy()
    holder = Holder(rows)
    path = tmp_path / "table.csv"
    write_csv(path, table(rows, held=holder, ids=np.array([2, 1, 0])))
    assert holder.released
    assert (rows == -99).all()
    assert read(path)[3] == ["0", "a", "0.1", "2"]
    assert read(path)[1][2:] == ["1e-07", "1e+20"]
    assert names(tmp_path) == ["table.csv"]


def test_stopping_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("before")
    holder = Holder(ROWS.copy())
    with pytest.raises(Cancelled):
        write_csv(path, table(holder.rows, held=holder), lambda _done, _total: False)
    assert path.read_text() == "before"
    assert names(tmp_path) == ["table.csv"]
    assert holder.released


def test_a_full_disk_is_a_problem_and_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"

    def fill(done: int, _total: int) -> bool:
        if done == 1:
            raise OSError(28, "No space left on device")
        return True

    with pytest.raises(ProblemError) as raised:
        write_csv(path, table(), fill)
    assert raised.value.problem == FileUnreadable(str(path), "No space left on device")
    assert names(tmp_path) == []


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "table.csv"
    holder = Holder(ROWS.copy())
    with pytest.raises(ProblemError) as raised:
        write_csv(path, table(holder.rows, held=holder))
    assert raised.value.problem == FileUnreadable(str(path), "No such file or directory")
    assert holder.released


def test_progress_counts_rows(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def note(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    write_csv(tmp_path / "table.csv", table(), note)
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_a_written_file_has_the_usual_permissions_and_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "there.png", tmp_path / "link.png"
    link.symlink_to(target)
    write_whole(link, b"\x89PNG")
    assert target.read_bytes() == b"\x89PNG"
    assert link.is_symlink()
    usual = tmp_path / "usual"
    usual.touch()
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
