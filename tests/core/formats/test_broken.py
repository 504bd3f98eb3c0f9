"""What is wrong with a file, said of it exactly, and what has once been taken for a table."""

import gzip
import io
import json
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.problems import (
    BadTokenizer,
    BrokenTable,
    FileTooLarge,
    FileUnreadable,
    ProblemError,
    TokensDoNotFit,
)
from tests.core.formats.made import ROWS, TOKENS, model_folder, written


def problem_of(path: Path):
    with pytest.raises(ProblemError) as raised:
        registry.read(path)
    return raised.value.problem


def made(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


# ── text ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", [".csv", ".vec"])
def test_lines_longer_than_the_head_that_is_looked_at(tmp_path, ending):
    rows = np.random.default_rng(0).normal(size=(3, 6000))  # 20 figures each: 120 kB a line
    path = tmp_path / f"wide{ending}"
    registry.write(path, OpenedTable(rows, TOKENS))
    opened = registry.read(path)
    assert opened.tokens == TOKENS
    assert np.array_equal(opened.rows, rows)


def test_titles_alone_are_no_row(tmp_path):
    problem = problem_of(made(tmp_path, b"token,a,b\n"))
    assert problem.detail == "it has titles and no rows"


@pytest.mark.parametrize(
    ("content", "found"), [(b"token\ta\tb\nx\t1\t2\ny\t1\n", 1), (b"1.5\t2\n3\n", 1)]
)
def test_of_a_row_that_is_too_short_only_its_numbers_count(tmp_path, content, found):
    problem = problem_of(made(tmp_path, content))
    assert (problem.fault, problem.found, problem.wanted) == ("ragged", found, 2)


def test_a_small_gzip_file_with_a_wrong_checksum_is_damaged_not_unknown(tmp_path):
    packed = gzip.compress(written(".vec", tmp_path))
    problem = problem_of(made(tmp_path, packed[:-8] + bytes(8)))
    assert isinstance(problem, BrokenTable)
    assert "CRC" in problem.detail


def test_a_text_that_packs_to_a_thousandth_is_looked_into_at_once(tmp_path):
    path = made(tmp_path, gzip.compress(b"1000000 2\n" + b"a 0 0\n" * 2_000_000))
    before = time.monotonic()
    assert registry.sniff(path).name == "word2vec-text"
    assert time.monotonic() - before < 1


def test_a_row_of_csv_may_be_longer_than_what_is_read_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr("core.formats.delimited.BLOCK", 1000)
    rows = np.random.default_rng(0).normal(size=(3, 6000))
    registry.write(tmp_path / "wide.csv", OpenedTable(rows, TOKENS))
    assert np.array_equal(registry.read(tmp_path / "wide.csv").rows, rows)


# ── numpy ─────────────────────────────────────────────────────────────────────────────────────


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    file = io.BytesIO()
    described = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, described)
    return file.getvalue()


def test_an_array_that_is_cut_names_the_row_that_it_ends_in(tmp_path):
    # Two rows of three numbers and a half.
    path = made(tmp_path, header((20, 3)) + bytes(2 * 12 + 6))
    assert problem_of(path) == BrokenTable(str(path), "truncated", 2)


@pytest.mark.parametrize(
    ("content", "fault", "part"),
    [
        (header((-5, 250)) + bytes(1000), "damaged", "fewer"),
        (header((3,)) + bytes(11), "truncated", ""),
        (header(()), "truncated", ""),
        (header((2, 2), "|O") + bytes(64), "code", "objects"),
        (header((20, 3))[:70], "damaged", "header"),
    ],
)
def test_a_header_that_lies_is_told_in_words(tmp_path, content, fault, part):
    problem = problem_of(made(tmp_path, content))
    assert problem.fault == fault
    assert part in problem.detail


def test_a_shape_beyond_all_memory_is_told_without_a_warning(tmp_path):
    path = made(tmp_path, header((2**62, 2**62)))
    assert isinstance(problem_of(path), FileTooLarge)


def test_an_archive_with_too_few_tokens_is_refused_unless_they_may_be_another_tables(tmp_path):
    path = tmp_path / "table.npz"
    np.savez(path, vectors=ROWS, words=np.array(TOKENS[:2]))
    assert problem_of(path) == TokensDoNotFit(str(path), 2, 3)
    np.savez(path, vectors=ROWS, other=ROWS[:2], words=np.array(TOKENS[:2]))
    assert registry.read(path, Choice(tensor="vectors")).tokens is None


# ── Parquet ───────────────────────────────────────────────────────────────────────────────────


def test_tokens_may_be_categories_or_bytes(tmp_path):
    path = tmp_path / "table.parquet"
    numbers = [1.0, 2.0, 3.0]
    for tokens in (
        pa.array(["a", "물", "c"]).dictionary_encode(),
        pa.array([b"a", "물".encode(), b"c"]),
    ):
        parquet.write_table(pa.table({"token": tokens, "0": numbers}), path)
        assert registry.read(path).tokens == ("a", "물", "c")


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ({"token": ["a", "b"], "v": [[1.0, 2.0], [1.0]]}, "row 1 has 1 numbers, and not 2"),
        ({"token": ["a", "b"], "v": [[1.0, None], [1.0, 2.0]]}, "a number is missing"),
        ({"token": ["a", "b"], "0": [1.0, None]}, "a number is missing"),
        ({"token": ["a", None], "0": [1.0, 2.0]}, "row 1 has no token"),
        ({"token": [b"a", b"\xff"], "0": [1.0, 2.0]}, "not UTF-8"),
    ],
)
def test_what_columns_lack_is_named(tmp_path, columns, part):
    path = tmp_path / "table.parquet"
    parquet.write_table(pa.table(columns), path)
    assert part in problem_of(path).detail


# ── folders ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shape", "part"),
    [
        ("tensor_shape: 5 tensor_shape: 3", "5 × 3 numbers, and t.tsv has 2 × 3"),
        ("tensor_shape: 2 tensor_shape: 7", "2 × 7 numbers, and t.tsv has 2 × 3"),
        (f"tensor_shape: {'9' * 5000} tensor_shape: 3", "numbers, and t.tsv has 2 × 3"),
    ],
)
def test_a_projector_that_claims_another_shape_is_refused(tmp_path, shape, part):
    (tmp_path / "t.tsv").write_text("1\t2\t3\n4\t5\t6\n")
    config = tmp_path / "projector_config.pbtxt"
    config.write_text(f'embeddings {{ tensor_path: "t.tsv" {shape} }}')
    problem = problem_of(tmp_path)
    assert problem.path == str(config)
    assert part in problem.detail


def test_two_tokens_with_one_id_are_refused(tmp_path):
    model = model_folder(tmp_path)
    (model / "vocab.txt").unlink()
    (model / "vocab.json").write_text(json.dumps({"a": 0, "b": 0, "c": 1}))
    problem = problem_of(model)
    assert isinstance(problem, BadTokenizer)
    assert "same id" in problem.reason


# ── several files, written together ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", [".npy", ".pbtxt"])
def test_a_disk_that_fills_up_at_the_end_leaves_none_of_several_files(
    tmp_path, ending, monkeypatch
):
    full_after: list[int] = []

    def full(_descriptor):
        full_after.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.whole_file.os.fsync", full)
    path = tmp_path / f"table{ending}"
    with pytest.raises(ProblemError) as raised:
        registry.write(path, OpenedTable(ROWS, TOKENS))
    assert raised.value.problem == FileUnreadable(str(path), "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", registry.endings())
def test_a_folder_in_the_place_of_the_file_is_told_and_nothing_is_written(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    path.mkdir()
    with pytest.raises(ProblemError) as raised:
        registry.write(path, OpenedTable(ROWS, TOKENS))
    assert raised.value.problem == FileUnreadable(str(path), "Is a directory")
    assert list(tmp_path.iterdir()) == [path]
