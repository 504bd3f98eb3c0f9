"""Reading anyone's safetensors file: the very numbers, or a problem that names what is wrong."""

import json
import struct
from contextlib import suppress

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

from core.formats.safetensors_file import write_table
from core.formats.safetensors_reading import read_table
from core.problems import (
    BadTable,
    FileUnreadable,
    IsFolder,
    NoSuchFile,
    ProblemError,
    UnknownName,
    WhichTensor,
)

ROWS = np.array([[0.1, -0.0], [np.inf, 3.0], [1e-7, 2.0]])


def refused(path, tensor=None):
    with pytest.raises(ProblemError) as raised:
        read_table(path, tensor)
    return raised.value.problem


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_was_written_is_read_to_the_bit(tmp_path, dtype):
    path = tmp_path / "table.safetensors"
    rows = ROWS.astype(dtype)
    write_table(path, rows, ["<unk>", "<pad>", "물"], padding_idx=1)
    read = read_table(path)
    assert read.rows.dtype == dtype
    assert read.rows.tobytes() == rows.tobytes()
    assert read.tokens == ("<unk>", "<pad>", "물")
    assert read.padding_idx == 1


def test_bfloat16_is_read_as_the_same_numbers(tmp_path):
    path = tmp_path / "table.safetensors"
    rows = torch.randn(300, 7).bfloat16()
    rows[0, 0], rows[1, 0] = float("nan"), float("-inf")
    save_torch({"odd": torch.zeros(3, dtype=torch.uint8), "wte": rows}, path)
    read = read_table(path).rows
    assert read.dtype == np.float32
    assert np.array_equal(read, rows.float().numpy(), equal_nan=True)


def test_of_several_tables_one_is_named(tmp_path):
    path = tmp_path / "model.safetensors"
    save_file({"a": np.ones((3, 2)), "b": np.ones((2, 2)), "bias": np.ones(2)}, path)
    assert refused(path) == WhichTensor(str(path), ["a (3 × 2)", "b (2 × 2)"])
    assert read_table(path, "b").rows.shape == (2, 2)
    assert isinstance(refused(path, "c"), UnknownName)
    assert refused(path, "bias") == BadTable(str(path), "not-a-table", "bias")


def test_whole_numbers_and_empty_matrices_are_no_tables(tmp_path):
    path = tmp_path / "model.safetensors"
    save_file({"ids": np.ones((3, 2), np.int64), "none": np.ones((0, 2), np.float32)}, path)
    assert refused(path) == BadTable(str(path), "no-table")


@pytest.mark.parametrize(
    "metadata",
    [
        {"tokens": "no JSON", "padding_idx": "one"},
        {"tokens": '{"a": 1}', "padding_idx": "1.5"},
        {"tokens": "[1, 2, 3]", "padding_idx": ""},
    ],
)
def test_metadata_of_another_kind_is_left_aside(tmp_path, metadata):
    path = tmp_path / "model.safetensors"
    save_file({"weight": ROWS}, path, metadata)
    read = read_table(path)
    assert read.tokens is None
    assert read.padding_idx is None


def test_what_is_no_file_is_said_so(tmp_path):
    assert refused(tmp_path / "none") == NoSuchFile(str(tmp_path / "none"))
    assert refused(tmp_path) == IsFolder(str(tmp_path))


def test_a_file_that_may_not_be_read_is_said_so(tmp_path, monkeypatch):
    path = tmp_path / "table.safetensors"
    save_file({"weight": ROWS}, path)

    def forbid(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.formats.safetensors_reading.safe_open", forbid)
    assert refused(path) == FileUnreadable(str(path), "Permission denied")


def test_a_header_that_promises_more_than_there_is_is_refused(tmp_path):
    path = tmp_path / "liar.safetensors"
    header = json.dumps(
        {"weight": {"dtype": "F32", "shape": [9, 9], "data_offsets": [0, 324]}}
    ).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(10))
    assert refused(path).reason == "not-safetensors"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_gives_anything_but_a_table_or_a_problem(tmp_path, data):
    path = tmp_path / "table.safetensors"
    write_table(path, ROWS, ["a", "b", "c"], padding_idx=1)
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    ends = st.integers(0, len(whole)) if data.draw(st.booleans()) else st.just(len(whole))
    path.write_bytes(whole[: data.draw(ends)])
    with suppress(ProblemError):
        assert read_table(path).rows.ndim == 2
