"""Which format a file is, told by its content; which one it is saved in, told by its name."""

from pathlib import Path

import numpy as np
import pytest

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.problems import NoSuchFile, ProblemError, UnknownEnding, UnknownFormat

ROWS = np.array([[0.1, -0.0], [np.nan, np.inf], [1 / 3, 1e-30]])
DTYPES = ("float16", "float32", "float64")
EXACT = [
    (".vec", "float64"),
    (".csv", "float64"),
    *(
        (ending, dtype)
        for ending in (".safetensors", ".npy", ".parquet", ".pt")
        for dtype in DTYPES
    ),
    *((ending, "float32") for ending in (".bin", ".vec", ".csv", ".pbtxt")),
]
TOKENS = ("<unk>", "<pad>", "물")


def problem_of(call, *arguments):
    with pytest.raises(ProblemError) as raised:
        call(*arguments)
    return raised.value.problem


@pytest.mark.parametrize(("ending", "dtype"), EXACT)
def test_a_round_trip_gives_the_very_bits(tmp_path, ending, dtype):
    path = tmp_path / f"table{ending}"
    rows = ROWS.astype(dtype)
    registry.write(path, OpenedTable(rows, TOKENS))
    opened = registry.read(path)
    assert opened.rows.dtype == rows.dtype
    assert opened.rows.tobytes() == rows.tobytes()
    assert tuple(opened.tokens or ()) == TOKENS
    assert (opened.unk_id, opened.pad_id) == (0, 1)
    assert opened.not_finite().tolist() == [1]


def test_a_name_does_not_decide_what_is_read(tmp_path):
    path = tmp_path / "table.npy"
    registry.write(path, OpenedTable(ROWS, TOKENS))
    renamed = path.rename(tmp_path / "table.safetensors")
    assert registry.sniff(renamed).name == "npy"


@pytest.mark.parametrize("ending", [".safetensors", ".npy", ".vec", ".bin", ".csv", ".parquet"])
def test_a_preview_reads_the_first_rows(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    registry.write(path, OpenedTable(ROWS.astype(np.float32), TOKENS))
    opened = registry.read(path, Choice(most_rows=2))
    assert opened.rows.shape == (2, 2)
    assert tuple(opened.tokens or ()) == TOKENS[:2]


def test_what_was_opened_cannot_be_written_over(tmp_path):
    path = tmp_path / "table.npy"
    registry.write(path, OpenedTable(ROWS, TOKENS))
    with pytest.raises(ValueError, match="read-only"):
        registry.read(path).rows[0, 0] = 1


@pytest.mark.parametrize("content", [b"", b"\0\1\2", b"just words\n", b"PK\3\4", b"\xff\xfe\0w"])
def test_what_is_no_table_is_said_so(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert problem_of(registry.sniff, path) == UnknownFormat(str(path))


def test_what_is_not_there_is_said_so(tmp_path):
    assert problem_of(registry.read, tmp_path / "none") == NoSuchFile(str(tmp_path / "none"))
    assert isinstance(problem_of(registry.sniff, Path("a\0b")), NoSuchFile)


def test_an_unknown_ending_is_answered_with_those_there_are(tmp_path):
    problem = problem_of(registry.write, tmp_path / "table.xyz", OpenedTable(ROWS, TOKENS))
    assert isinstance(problem, UnknownEnding)
    assert ".safetensors" in problem.endings
    assert list(tmp_path.iterdir()) == []
