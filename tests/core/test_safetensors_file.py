"""Tables on disk: the very bits, the tokens beside them, whole or not at all."""

import json

import numpy as np
import pytest
from safetensors import safe_open

from core.formats.safetensors_file import write_table
from core.problems import FileUnreadable, ProblemError

TOKENS = ["<unk>", "<pad>", "물", '"\n']


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_rows_and_tokens_come_back_as_they_were(tmp_path, dtype):
    rows = np.array([[0.1, -0.0], [np.nan, np.inf], [1e-7, 3], [2, 4]], dtype)
    path = tmp_path / "table.safetensors"
    write_table(path, rows, TOKENS, padding_idx=1)
    with safe_open(path, "np") as file:
        assert list(file.keys()) == ["weight"]
        weight = file.get_tensor("weight")
        metadata = file.metadata()
    assert weight.dtype == dtype
    assert weight.tobytes() == rows.tobytes()
    assert json.loads(metadata["tokens"]) == TOKENS
    assert metadata["padding_idx"] == "1"


def test_a_view_with_gaps_is_written_row_by_row(tmp_path):
    rows = np.arange(8, dtype=np.float32).reshape(4, 2)[:, ::-1]
    path = tmp_path / "table.safetensors"
    write_table(path, rows, TOKENS)
    with safe_open(path, "np") as file:
        assert file.get_tensor("weight").tolist() == [[1, 0], [3, 2], [5, 4], [7, 6]]
        assert "padding_idx" not in file.metadata()


def test_what_cannot_be_written_is_a_problem_and_leaves_nothing(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(ProblemError) as raised:
        write_table(folder, np.zeros((4, 2), np.float32), TOKENS)
    assert isinstance(raised.value.problem, FileUnreadable)
    assert list(tmp_path.iterdir()) == [folder]


def test_tokens_and_rows_must_be_as_many(tmp_path):
    with pytest.raises(ValueError, match="4 tokens for 3 rows"):
        write_table(tmp_path / "t", np.zeros((3, 2), np.float32), TOKENS)
