"""`embedscope convert`: any format to any other, or one clear line and nothing written."""

import numpy as np
import pytest

from core.formats import registry
from core.formats.opened_table import OpenedTable
from gui.command_line import run

ROWS = np.array([[0.1, -2.0], [3.0, np.nan]], np.float32)
TOKENS = ("<unk>", "물")


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.safetensors"
    registry.write(path, OpenedTable(ROWS, TOKENS))
    return path


@pytest.mark.parametrize("ending", [".vec", ".bin", ".npy", ".csv", ".parquet", ".pbtxt"])
def test_the_ending_says_what_it_becomes(table, tmp_path, capsys, ending):
    out = tmp_path / f"out{ending}"
    assert run(["convert", str(table), str(out)]) == 0
    opened = registry.read(out)
    assert opened.rows.tobytes() == ROWS.tobytes()
    assert tuple(opened.tokens) == TOKENS
    assert capsys.readouterr().out == (
        f"{out}: 2 rows of 2 numbers, float32; NaN or infinity in 1 of the rows, first in row 1\n"
    )


def test_there_and_back_gives_the_same_bytes(table, tmp_path):
    middle, again = tmp_path / "middle.bin", tmp_path / "again.safetensors"
    assert run(["convert", str(table), str(middle)]) == 0
    assert run(["convert", str(middle), str(again)]) == 0
    assert again.read_bytes() == table.read_bytes()


def test_rounding_is_told(tmp_path, capsys):
    path = tmp_path / "double.npy"
    registry.write(path, OpenedTable(np.array([[1 / 3]]), ("a",)))
    assert run(["convert", str(path), str(tmp_path / "single.bin")]) == 0
    assert "the numbers were float64, and were rounded" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"2 2\na 1 2\nb 3\n", "Line 3 of"),
        (b"3 2\na 1 2\nb 3 4\n", "3 rows"),
        (b"2 2\na 1 2\na 3 4\n", "both called “a”"),
        (b"400000 300\na 1 2\n", "400000 × 300"),
        (b"nothing of the kind", "format"),
    ],
)
def test_bad_input_is_one_line_status_2_and_nothing_written(tmp_path, capsys, content, part):
    path, out = tmp_path / "bad", tmp_path / "out.npy"
    path.write_bytes(content)
    assert run(["convert", str(path), str(out)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert part in printed.err
    assert str(path) in printed.err
    assert list(tmp_path.iterdir()) == [path]


def test_an_ending_that_is_no_format_is_told_before_reading(table, tmp_path, capsys):
    assert run(["convert", str(table), str(tmp_path / "out.docx")]) == 2
    assert ".safetensors" in capsys.readouterr().err


def test_of_repeated_tokens_the_first_can_be_kept(tmp_path):
    path, out = tmp_path / "twice.vec", tmp_path / "once.npy"
    path.write_text("2 1\na 1\na 2\n")
    assert run(["convert", str(path), str(out), "--duplicates", "first"]) == 0
    assert registry.read(out).rows.tolist() == [[1]]
