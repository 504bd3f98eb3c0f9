"""Numbers as Parquet: every column in its own type, what they are of, whole or not at all."""

import json
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from core import numbers_file, numbers_parquet
from core.formats.registry import read
from core.numbers_file import Numbers, as_text
from core.numbers_parquet import write_parquet
from core.problems import FileUnreadable, ProblemError
from core.progress import Cancelled

VALUES = np.array([[0.1, -0.0], [np.nan, -np.inf], [1e-7, 6e4]], np.float64)


class Holder:
    """Writes over what it held as soon as it is let go of, as the engine would."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows

    def release(self) -> None:
        self.rows.fill(-99)


def numbers(dtype: str = "float32", **changes: object) -> Numbers:
    with np.errstate(over="ignore"):
        block = VALUES.astype(dtype)
    ids = np.arange(3, dtype=np.int32)
    known = np.array([True, False, True])
    columns = (ids, ["a", 'b,"c"', "한 국"], [7, None, 9], known, block)
    return Numbers(("id", "token", "count", "known", "0", "1"), columns, **changes)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_every_column_comes_back_in_its_type_to_the_bit(tmp_path: Path, dtype: str) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, numbers(dtype))
    table = parquet.read_table(path)
    number = {"float16": "halffloat", "float32": "float", "float64": "double"}[dtype]
    assert [str(field.type) for field in table.schema] == [
        "int64",
        "string",
        "int64",
        "bool",
        number,
        number,
    ]
    assert table.column("id").to_pylist() == [0, 1, 2]
    assert table.column("token").to_pylist() == ["a", 'b,"c"', "한 국"]
    assert table.column("count").to_pylist() == [7, None, 9]
    assert table.column("known").to_pylist() == [True, False, True]
    read_back = np.column_stack([table.column(name).to_numpy() for name in "01"])
    with np.errstate(over="ignore"):
        assert read_back.tobytes() == VALUES.astype(dtype).tobytes()


def test_text_has_nothing_where_there_is_no_number_and_words_for_yes_and_no() -> None:
    assert as_text(numbers(ids=np.array([1]))).splitlines()[1] == '1\t"b,""c"""\t\tno\tNaN\t-Inf'


def test_the_facts_stand_in_the_metadata_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    facts = {"step": 12, "axes": ["PC 1", "한"], "explained_variance": [0.25, None]}
    write_parquet(path, numbers(facts=facts))
    told = parquet.read_schema(path).metadata
    assert {name.decode(): json.loads(fact) for name, fact in told.items()} == facts


@pytest.mark.parametrize("most", [0, 2**25], ids=["through a file", "in memory"])
def test_groups_of_rows_in_the_order_asked_for_though_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(numbers_file, "IN_MEMORY", most)
    monkeypatch.setattr(numbers_parquet, "AT_ONCE", 8)  # one row of six
    path = tmp_path / "a.parquet"
    asked = numbers(ids=np.array([2, 0, 1]))
    rows = asked.columns[-1]
    write_parquet(path, Numbers(asked.header, asked.columns, asked.ids, Holder(rows)))
    assert (rows == -99).all()
    assert parquet.ParquetFile(path).num_row_groups == 3
    table = parquet.read_table(path)
    assert table.column("id").to_pylist() == [2, 0, 1]
    assert table.column("count").to_pylist() == [9, 7, None]
    assert table.column("0").to_numpy()[1] == np.float32(0.1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_no_rows_are_a_table_too(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, numbers(ids=np.array([], np.int32)))
    assert parquet.read_table(path).num_rows == 0


def test_what_was_saved_opens_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = np.array([[0.5, 2], [3, 4]], np.float16)
    write_parquet(path, Numbers(("id", "token", "0", "1"), (np.arange(2), ["a", "b"], rows)))
    opened = read(path)
    assert opened.tokens == ("a", "b")
    assert opened.rows.dtype == np.float16
    assert np.array_equal(opened.rows, rows)


def test_half_a_character_is_replaced_as_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, Numbers(("token",), (["\ud83d"],)))
    assert parquet.read_table(path).column("token").to_pylist() == ["?"]


def test_stopping_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_text("before")
    with pytest.raises(Cancelled):
        write_parquet(path, numbers(), lambda _done, _total: False)
    assert path.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("folder", ["gone", "."], ids=["no folder", "full disk"])
def test_what_the_system_refuses_is_a_problem_and_leaves_no_half_file(
    tmp_path: Path, folder: str
) -> None:
    def fill(_done: int, _total: int) -> bool:
        raise OSError(28, "No space left on device")

    path = tmp_path / folder / "a.parquet"
    with pytest.raises(ProblemError) as raised:
        write_parquet(path, numbers(), fill)
    reason = "No such file or directory" if folder == "gone" else "No space left on device"
    assert raised.value.problem == FileUnreadable(str(path), reason)
    assert list(tmp_path.iterdir()) == []
