"""Files that are broken or mean harm: a problem that names the file, soon, and nothing else."""

import io
import json
import os
import pickle
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.problems import (
    CannotHold,
    FileUnreadable,
    ProblemError,
    RepeatedToken,
    TokensDoNotFit,
    UnknownFormat,
)
from core.progress import Cancelled
from tests.core.formats.made import MAKERS, ROWS, TOKENS, model_folder

ENDINGS = registry.endings()
QUICK = [ending for ending in ENDINGS if ending not in (".pt", ".pth")]


def problem_of(call, *arguments):
    with pytest.raises(ProblemError) as raised:
        call(*arguments)
    return raised.value.problem


# ── damage ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", MAKERS)
@settings(
    max_examples=150,
    deadline=2000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_damage_gives_anything_but_a_table_or_a_problem(tmp_path, kind, data):
    path = tmp_path / "file"
    if not path.exists():
        (tmp_path / "whole").write_bytes(MAKERS[kind](tmp_path))
    whole = bytearray((tmp_path / "whole").read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.one_of(st.just(len(whole)), st.integers(0, len(whole))))
    path.write_bytes(whole[:end])
    for call in (registry.describe, registry.read):
        try:
            found = call(path)
        except ProblemError:
            continue
        if isinstance(found, OpenedTable):
            assert found.rows.ndim == 2
            assert found.tokens is None or len(found.tokens) == len(found.rows)


@pytest.mark.parametrize(
    ("kind", "place", "value"),
    [
        (".npy", 60, 0),  # Python's own tokenizer stumbled over the header
        (".parquet", 230, 128),  # a column's name that is not UTF-8
    ],
)
def test_damage_that_once_got_through_is_a_problem_now(tmp_path, kind, place, value):
    whole = bytearray(MAKERS[kind](tmp_path))
    whole[place] = value
    path = tmp_path / "file"
    path.write_bytes(whole)
    assert problem_of(registry.read, path).path == str(path)


def test_the_first_byte_of_a_safetensors_file_is_no_pickle(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"\x80")
    assert problem_of(registry.sniff, path) == UnknownFormat(str(path))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from([b"", b"3 2\n", b"\x1f\x8b", b"PK\3\4", b"\x93NUMPY", b"PAR1", b"\x80"]),
    rest=st.binary(max_size=200),
)
def test_no_bytes_give_anything_but_a_table_or_a_problem(tmp_path, start, rest):
    path = tmp_path / "file"
    path.write_bytes(start + rest)
    try:
        if registry.sniff(path).name != "checkpoint":  # torch has a process of its own
            registry.read(path)
    except ProblemError:
        return


@pytest.mark.parametrize("kind", MAKERS)
def test_a_file_cut_anywhere_is_never_taken_for_whole(tmp_path, kind):
    whole = MAKERS[kind](tmp_path)
    path = tmp_path / "file"
    for end in range(0, len(whole) - 2, max(1, len(whole) // 40)):
        path.write_bytes(whole[:end])
        try:
            rows = registry.read(path).rows
        except ProblemError:
            continue
        assert kind in (".txt", ".csv", ".tsv")  # a row less is a whole file there
        assert len(rows) <= len(ROWS)


# ── lies ──────────────────────────────────────────────────────────────────────────────────────


def ten_gigabytes(kind: str) -> bytes:
    """A file of about a kilobyte that claims to hold 10 GB."""
    rows = 10**7
    if kind == "safetensors":
        described = {"dtype": "F32", "shape": [rows, 250], "data_offsets": [0, rows * 1000]}
        header = json.dumps({"weight": described}).encode()
        return struct.pack("<Q", len(header)) + header + bytes(1000)
    if kind == "word2vec":
        return b"%d 250\n" % rows + b"word " + bytes(range(1, 251)) * 4
    if kind == "word2vec text":
        return b"%d 250\n" % rows + b"word " + b"0.5 " * 250
    header = io.BytesIO()
    described = {"descr": "<f4", "fortran_order": False, "shape": (rows, 250)}
    np.lib.format.write_array_header_1_0(header, described)
    if kind == "npy":
        return header.getvalue() + bytes(1000)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weight.npy", header.getvalue() + bytes(1000))
    return archive.getvalue()


@pytest.mark.parametrize("kind", ["safetensors", "word2vec", "word2vec text", "npy", "npz"])
def test_a_claim_of_ten_gigabytes_takes_neither_time_nor_memory(tmp_path, kind):
    path = tmp_path / "liar"
    path.write_bytes(ten_gigabytes(kind))
    tracemalloc.start()
    before = time.monotonic()
    problem = problem_of(registry.read, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert problem.path == str(path)
    assert peak < 2**24
    assert time.monotonic() - before < 5


def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, weight=np.zeros((20_000, 1_000), np.float32))
    problem = problem_of(registry.read, path)
    assert (problem.fault, problem.path) == ("bomb", str(path))


def test_columns_that_repeat_one_number_a_billion_times_are_refused(tmp_path):
    path = tmp_path / "bomb.parquet"
    same = pa.array(np.zeros(20_000_000, np.float32)).dictionary_encode()
    parquet.write_table(pa.table({"a": same.cast(pa.float32())}), path, compression="zstd")
    problem = problem_of(registry.read, path)
    assert (problem.fault, problem.path) == ("bomb", str(path))


def test_a_pickle_in_numpy_s_clothes_is_not_unpickled(tmp_path):
    path = tmp_path / "objects.npy"
    with path.open("wb") as file:
        np.save(file, np.array([_Mischief(tmp_path / "made")], object), allow_pickle=True)
    assert problem_of(registry.read, path).path == str(path)
    assert not (tmp_path / "made").exists()


class _Mischief:
    """Makes a folder when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self):
        return os.mkdir, (str(self._path),)


# ── checkpoints: torch takes seconds to load, so there are few of these ──────────────────────


def test_a_checkpoint_with_code_in_it_is_refused_by_name(tmp_path):
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/data.pkl", pickle.dumps(_Mischief(tmp_path / "made"), 2))
        archive.writestr("model/version", "3\n")
        archive.writestr("model/byteorder", "little")
    problem = problem_of(registry.read, path)
    assert (problem.path, problem.fault) == (str(path), "code")
    assert "mkdir" in problem.detail
    assert "weights_only" not in problem.detail  # no advice to trust the file
    assert not (tmp_path / "made").exists()


def test_a_checkpoint_that_is_packed_is_refused_before_torch_sees_it(tmp_path):
    path = tmp_path / "model.pt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model/data.pkl", bytes(10**7))
    assert problem_of(registry.read, path).fault == "bomb"


# ── names ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["../secret.tsv", "/etc/passwd", "a/../../secret.tsv", "link.tsv"])
def test_a_projector_never_reads_beyond_its_folder(tmp_path, name):
    (tmp_path / "secret.tsv").write_text("1\t2\n")
    folder = tmp_path / "folder"
    (folder / "a").mkdir(parents=True)
    (folder / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    config = folder / "projector_config.pbtxt"
    config.write_text(f'embeddings {{ tensor_name: "x" tensor_path: "{name}" }}')
    problem = problem_of(registry.read, folder)
    assert (problem.path, problem.fault, problem.detail) == (str(config), "climbs-out", name)


def test_a_model_never_reads_beyond_its_folder(tmp_path):
    model = model_folder(tmp_path)
    index = model / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"wte": "../a.safetensors"}}))
    assert problem_of(registry.read, model).fault == "climbs-out"


# ── tokens ────────────────────────────────────────────────────────────────────────────────────


def test_tokens_must_be_as_many_as_rows(tmp_path):
    path = tmp_path / "table.npy"
    registry.write(path, OpenedTable(ROWS))
    tokens = tmp_path / "vocab.list"
    tokens.write_text("a\nb\n")
    assert problem_of(registry.read, path, Choice(tokens=tokens)) == TokensDoNotFit(
        str(tokens), 2, 3
    )


@pytest.mark.parametrize("ending", QUICK)
def test_a_token_that_comes_twice_is_named_with_its_rows(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    registry.write(path, OpenedTable(ROWS, ("a", "b", "a")))
    problem = problem_of(registry.read, path)
    assert isinstance(problem, RepeatedToken)
    assert (problem.token, problem.first, problem.second) == ("a", 0, 2)
    opened = registry.read(path, Choice(duplicates="first"))
    assert opened.rows.tolist() == ROWS[:2].tolist()


@pytest.mark.parametrize("ending", QUICK)
@pytest.mark.parametrize(
    "token", ["a b", "a\nb", "a\rb", "a\tb", "", "\ud800", '"', "\x1f", "＃", "#"]
)
def test_any_token_comes_back_or_is_refused_before_anything_is_written(tmp_path, ending, token):
    path = tmp_path / f"table{ending}"
    tokens = (token, "x", "y")
    try:
        registry.write(path, OpenedTable(ROWS, tokens))
    except ProblemError as error:
        refused = error.problem
    else:
        assert tuple(registry.read(path).tokens) == tokens
        return
    assert isinstance(refused, CannotHold)
    assert refused.row == 0
    assert list(tmp_path.iterdir()) == []


# ── writing ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_full_disk_leaves_what_was_there_and_nothing_else(tmp_path, ending, monkeypatch):
    path = tmp_path / f"table{ending}"
    path.write_bytes(b"before")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.whole_file.os.fsync", full)
    problem = problem_of(registry.write, path, OpenedTable(ROWS, TOKENS))
    assert problem == FileUnreadable(str(path), "No space left on device")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"before"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_folder_that_is_not_there_is_told(tmp_path, ending):
    path = tmp_path / "none" / "deeper" / f"table{ending}"
    problem = problem_of(registry.write, path, OpenedTable(ROWS, TOKENS))
    assert problem == FileUnreadable(str(path), os.strerror(2))


@pytest.mark.parametrize("ending", QUICK)
def test_writing_that_is_stopped_leaves_nothing(tmp_path, ending):
    path = tmp_path / f"table{ending}"
    with pytest.raises(Cancelled):
        registry.write(path, OpenedTable(ROWS, TOKENS), lambda *_: False)
    assert list(tmp_path.iterdir()) == []
