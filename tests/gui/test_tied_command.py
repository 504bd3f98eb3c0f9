"""`embedscope train --tied`: what is printed, saved and refused."""

import json

import numpy as np
import pytest
from safetensors import safe_open

from core.config import RunConfig
from core.offers import SPARSE_ABOVE
from gui.arguments import parser_of
from gui.command_line import run
from gui.source import source_of
from gui.train_command import with_settings


def saved(path, *arguments: str) -> np.ndarray:
    """The table that training with `arguments` saves."""
    assert run(["train", "--out", str(path), "--padding-idx", "1", *arguments]) == 0
    with safe_open(path, "np") as file:
        return file.get_tensor("weight")


def test_the_pad_row_moves_where_the_output_weights_are_tied(tmp_path, capsys):
    settings = ["--preset", "labelled", "--objective", "next-word", "--steps", "20", "--json"]
    untied = saved(tmp_path / "untied.safetensors", *settings)
    assert json.loads(capsys.readouterr().out)["tied"] is False
    tied = saved(tmp_path / "tied.safetensors", *settings, "--tied")
    summary = json.loads(capsys.readouterr().out)
    assert summary["tied"] is True
    assert summary["last_loss"] < summary["first_loss"]
    assert not untied[1].any()
    assert tied[1].any()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--objective", "cbow"], "cbow"),
        (["--preset", "small-world"], "skip-gram"),
        (["--preset", "labelled"], "sentence-label"),
        (["--optimizer", "sparse-adam"], "sparse-adam"),
    ],
)
def test_what_cannot_be_tied_is_one_clear_line_and_exit_status_2(arguments, named, capsys):
    assert run(["train", "--tied", "--steps", "1", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("embedscope train: ")
    assert named in line
    assert "tie" in line


def config(*arguments: str) -> RunConfig:
    """The settings that `embedscope train` takes from `arguments`."""
    settings = parser_of("train").parse_args(arguments)
    return with_settings(source_of(settings.preset, settings.text, settings.dim), settings).config


def test_sparse_gradients_that_a_large_text_is_offered_are_left_out(tmp_path):
    text = tmp_path / "large.txt"
    words = range(2 * SPARSE_ABOVE // 1000)
    text.write_text("\n".join(f"w{word} w{word + 1}" for word in words), "utf-8")
    large = ["--text", str(text), "--dim", "1000", "--objective", "next-word"]
    assert config(*large).table.sparse
    assert not config(*large, "--tied").table.sparse
    assert config(*large, "--tied").objective.is_tied
