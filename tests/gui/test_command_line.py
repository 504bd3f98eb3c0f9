"""`embedscope lookup` and `embedscope train`: what is printed, saved and refused."""

import json
from collections.abc import Iterator
from contextlib import nullcontext

import numpy as np
import pytest
from safetensors import safe_open

from core.client import EngineClient
from gui import lookup_command, train_command
from gui.command_line import run
from tests.fresh_process import loaded_by
from tests.gui.commands import HEAVY, heavy_loaded_by, refusal


@pytest.fixture(scope="module")
def engine() -> Iterator[EngineClient]:
    """For all tests that ask for `one_engine`; another takes seconds."""
    with EngineClient() as client:
        yield client


@pytest.fixture
def one_engine(engine: EngineClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (lookup_command, train_command):
        monkeypatch.setattr(command, "EngineClient", lambda: nullcontext(engine))


# The article's table, as the article prints it.
YOU, NEED, TO, UNKNOWN = [0.1, 0.5, 0.7], [0.1, 0.8, 0.9], [0.4, 0.1, 0.1], [0.0, 0.0, 0.0]


def test_lookup_gives_the_articles_ids_and_rows_to_the_digit(capsys):
    assert run(["lookup", "you need to run", "--json"]) == 0
    printed = capsys.readouterr().out
    assert json.loads(printed) == {
        "tokens": [
            {"text": "you", "id": 3, "known": True, "row": YOU},
            {"text": "need", "id": 6, "known": True, "row": NEED},
            {"text": "to", "id": 5, "known": True, "row": TO},
            {"text": "run", "id": 0, "known": False, "row": UNKNOWN},
        ]
    }
    assert "0.1, 0.5, 0.7" in printed  # and not 0.10000000149011612


def test_lookup_takes_the_words_unquoted_too(capsys):
    run(["lookup", "you", "need", "--json"])
    assert [token["id"] for token in json.loads(capsys.readouterr().out)["tokens"]] == [3, 6]


def test_lookup_prints_a_line_a_token_and_marks_the_unknown(capsys):
    assert run(["lookup", "you run"]) == 0
    you, unknown = capsys.readouterr().out.splitlines()
    assert you.split() == ["you", "3", "0.1", "0.5", "0.7"]
    assert unknown.split() == ["run", "(unknown)", "0", "0", "0", "0"]


@pytest.mark.usefixtures("one_engine")
def test_lookup_in_a_text_of_ones_own_gives_the_rows_of_the_engine(tmp_path, capsys):
    text = tmp_path / "text.txt"
    text.write_text("나는 밥을 먹는다\n나는 물을 마신다\n", "utf-8")
    assert run(["lookup", "나는 물을 본다", "--text", str(text), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["tokens"]
    # Words by first appearance, after <unk> 0 and <pad> 1: 나는 2, 밥을 3, 먹는다 4, 물을 5.
    assert [(token["text"], token["id"], token["known"]) for token in first] == [
        ("나는", 2, True),
        ("물을", 5, True),
        ("본다", 0, False),
    ]
    run(["lookup", "나는 물을 본다", "--text", str(text), "--json"])
    assert json.loads(capsys.readouterr().out)["tokens"] == first  # the seed decides


def test_train_ends_with_one_line_of_json_and_learns(capsys):
    assert run(["train", "--steps", "60", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert summary["steps"] == 60
    assert summary["last_loss"] < summary["first_loss"]
    assert summary["steps_per_second"] > 0


@pytest.mark.usefixtures("one_engine")
def test_train_saves_one_matrix_called_weight_with_its_tokens(tmp_path, capsys):
    out = tmp_path / "table.safetensors"
    command = ["train", "--preset", "labelled", "--dim", "5", "--steps", "3", "--out", str(out)]
    assert run(command) == 0
    assert str(out) in capsys.readouterr().out
    with safe_open(out, "np") as file:
        assert list(file.keys()) == ["weight"]
        weight = file.get_tensor("weight")
        tokens = json.loads(file.metadata()["tokens"])
    assert weight.dtype == np.float32
    assert weight.shape == (len(tokens), 5)
    assert tokens[:2] == ["<unk>", "<pad>"]
    assert not weight[1].any()  # padding_idx is 1: nn.Embedding zeroes that row, nothing moves it
    assert list(tmp_path.iterdir()) == [out]


def test_train_does_the_same_bits_twice_and_others_with_another_seed(tmp_path, request):
    weights = []
    for number, seed in enumerate(("4", "4", "5")):
        if number == 1:  # the first has an engine of its own
            request.getfixturevalue("one_engine")
        out = tmp_path / f"{number}.safetensors"
        run(["train", "--preset", "labelled", "--steps", "3", "--seed", seed, "--out", str(out)])
        with safe_open(out, "np") as file:
            weights.append(file.get_tensor("weight"))
    assert np.array_equal(weights[0], weights[1])
    assert not np.array_equal(weights[0], weights[2])


@pytest.mark.usefixtures("one_engine")
def test_train_with_sparse_adam_asks_for_the_gradients_that_it_needs(capsys):
    assert run(["train", "--optimizer", "sparse-adam", "--steps", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["optimizer"] == "sparse-adam"


def test_a_diverging_run_says_so_and_fails(capfd):
    # At a rate of 1e30 the first step's weights overflow float32 in the next one's products.
    assert run(["train", "--rate", "1e30", "--steps", "50"]) == 1
    assert "loss" in capfd.readouterr().err


BAD = [
    (["lookup"], "sentence"),
    (["lookup", "you", "--preset", "nope"], "'article', 'small-world', 'labelled'"),
    (["lookup", "you", "--text", "{tmp}/none.txt"], "none.txt"),
    (["lookup", "you", "--text", "{tmp}"], "{tmp} is a folder"),
    (["train", "--text", "{tmp}"], "{tmp} is a folder"),
    (["audit", "{tmp}"], "{tmp} is a folder"),
    (["convert", "{tmp}", "{tmp}/a.npy"], "{tmp} is a folder"),
    (["lookup", "you", "--text", "{tmp}/latin.txt"], "byte 3"),
    (["lookup", "you", "--text", "{tmp}/empty.txt"], "empty.txt"),
    (["lookup", "\udcff"], "UTF-8"),
    (["train", "--text", "{tmp}/empty.txt"], "empty.txt"),
    (["train", "--objective", "nope"], "'next-word'"),
    (["train", "--optimizer", "nope"], "'sparse-adam'"),
    (["train", "--steps", "0"], "'0'"),
    (["train", "--dim", "-1"], "'-1'"),
    (["train", "--batch", "1.5"], "'1.5'"),
    (["train", "--rate", "nan"], "'nan'"),
    (["train", "--rate", "-0.1"], "'-0.1'"),
    (["train", "--seed", "4294967296"], "4294967295"),
    (["train", "--padding-idx", "8"], "0 to 7"),
    (["train", "--padding-idx", "last"], "none"),
    (["train", "--objective", "sentence-label", "--steps", "1"], "label"),
    (["train", "--objective", "sentence-label", "--text", "{tmp}/labels.txt"], "Line 3 has no"),
    (["train", "--dim", "1000000000"], "memory"),
    (["train", "--out", "{tmp}/none/table.safetensors"], "{tmp}/none"),
    (["train", "--out", "{tmp}"], "folder"),
    (["demo"], "--out"),
    (["demo", "--size", "big", "--out", "{tmp}"], "1024x700"),
    (["demo", "--size", "99999x99999", "--out", "{tmp}"], "7680"),
    (["demo", "--out", "{tmp}/empty.txt"], "file"),
    (["{tmp}/none.txt"], "none.txt"),
    (["lokup", "you"], "you"),
    (["--nope"], "--nope"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_clear_line_and_exit_status_2(arguments, named, tmp_path, capsys):
    (tmp_path / "empty.txt").write_bytes(b"\n \n")
    (tmp_path / "labels.txt").write_bytes(b"good\tday\n\nno label\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 au lait")
    line = refusal([each.replace("{tmp}", str(tmp_path)) for each in arguments], capsys)
    assert line.startswith("embedscope")
    assert named.replace("{tmp}", str(tmp_path)) in line


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as ended:
        run(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("embedscope ")


def test_neither_command_loads_qts_widgets_or_torch():
    assert heavy_loaded_by("lookup", "you", "--json") == set()
    assert (
        loaded_by("import gui.command_line, gui.train_command", *HEAVY, "PySide6.QtCore") == set()
    )
