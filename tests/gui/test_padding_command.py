"""`embedscope padding`: the probes of each head, and how it refuses."""

import json
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import nn

from core.padding.messages import HEADS
from gui import lookup_command, padding_command
from gui.command_line import run
from tests.gui.commands import heavy_loaded_by, one_process, refusal

LONG, SHORT = "you need to know how to code", "you know"  # 7 and 2 tokens

# (gradient at the pads, shift when padded further, shift when the pad row is random); the other
# heads are held to the catalogue in tests/core/padding.
PATTERN = {"bag": (None, False, False), "conv": (True, False, True), "lstm": (True, True, True)}


@pytest.fixture(scope="module")
def one_of_each() -> Iterator[None]:
    """One engine and one laboratory for all tests that ask for them; each takes seconds."""
    with (
        one_process(lookup_command, "EngineClient"),
        one_process(padding_command, "LaboratoryClient"),
    ):
        yield


@pytest.fixture
def probed(one_of_each: None, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict]:
    """What the command finds for a head, as JSON."""

    def probed_by(head: str, *options: str) -> dict:
        assert run(["padding", LONG, SHORT, "--head", head, *options, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return probed_by


@pytest.mark.parametrize("head", PATTERN)
def test_the_pattern_of_zeros_is_the_catalogues(head, probed):
    told = probed(head)
    gradient = told["grad_at_pads"]
    found = (
        None if gradient is None else gradient > 0,
        told["repad_shift"] > 0,
        told["pad_row_shift"] > 0,
    )
    assert found == PATTERN[head]
    assert told["weight_grad_pad"] == 0  # whatever the head is
    assert (told["loss_pad_row_random"] != told["loss"]) == found[2]


def test_the_mean_of_zeros_shrinks_by_its_share(probed):
    told = probed("mean", "--extra", "7")
    # 7 columns become 14: half of each mean is lost, 1 - 7 / 14.
    assert told["repad_shifts"] == pytest.approx([0.5, 0.5])
    assert told["repad_shift"] == max(told["repad_shifts"])
    assert told["columns"] == 14


def test_the_rows_are_those_that_torch_draws(probed):
    torch.manual_seed(3)
    layer = nn.Embedding(8, 5, padding_idx=1)  # <unk>, <pad> and six words
    ids = torch.tensor([[2, 3, 4, 5, 6, 4, 7], [2, 5, 1, 1, 1, 1, 1]])
    pad_row = torch.randn(5, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        before = layer(ids).mean(1)
        layer.weight[1] = pad_row
        moved = (layer(ids).mean(1) - before).norm(dim=1) / before.norm(dim=1)
    told = probed("mean", "--extra", "0", "--seed", "3", "--dim", "5")
    assert told["repad_shift"] == 0
    assert told["pad_row_shifts"] == pytest.approx(moved.tolist(), rel=1e-5)


def test_without_padding_idx_the_row_is_trained_and_not_zero(probed):
    told = probed("mean", "--padding-idx", "none")
    assert (told["padding_idx"], told["pad_id"]) == (None, 1)
    assert told["weight_grad_pad"] > 0
    assert told["pad_row_norm"] > 0


def test_a_padding_idx_that_is_a_word_leaves_the_pads_row_to_be_trained(probed):
    assert probed("mean", "--padding-idx", "3")["weight_grad_pad"] > 0


def test_tied_weights_train_the_pads_row_in_spite_of_padding_idx(probed):
    assert probed("tied")["weight_grad_pad"] > 0
    assert probed("untied")["weight_grad_pad"] == 0
    # Padded on the left the last column is a word, whatever comes before it.
    assert probed("tied", "--side", "left")["repad_shift"] == 0


def test_steps_train_a_copy_and_the_seed_decides(probed):
    fresh, trained = probed("mean"), probed("mean", "--steps", "20")
    assert trained["steps"] == 20
    assert trained["loss"] < fresh["loss"]
    assert probed("mean") == fresh


@pytest.mark.usefixtures("one_of_each")
def test_a_sentence_without_a_token_is_all_pads(capsys):
    assert run(["padding", "you need", "", "--head", "masked-mean", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["repad_shifts"] == [0, 0]


def test_without_json_it_is_a_table_with_a_verdict(capsys):
    assert run(["padding", LONG, SHORT, "--head", "mean", "--extra", "7"]) == 0
    about, *lines, verdict = capsys.readouterr().out.splitlines()
    assert about.startswith("mean, 7 columns and 7 more on the right")
    told = lines[1].replace("≈", "").split("  ")  # each but for rounding
    assert told == ["shift, padded by 7 more", "0.5", "(0.5, 0.5)"]
    assert lines[3].split() == ["weight.grad[pad]", "0"]
    assert verdict.startswith("Pads leak")


@pytest.mark.usefixtures("one_of_each")
def test_a_head_without_a_number_says_so(capsys):
    run(["padding", LONG, "--head", "bag"])
    printed = capsys.readouterr().out
    assert "no output at a pad" in printed
    assert printed.endswith("Pads do nothing here.\n")


BAD = [
    ([], "sentence"),
    (["a b"], "--head"),
    (["a b", "--head", "maen"], "'mean'"),
    (["a b", "--head", "nope"], ", ".join(map(repr, HEADS))),
    (["", "--head", "mean"], "sentences"),
    (["a b", "--head", "mean", "--padding-idx", "4"], "0 to 3"),
    (["a b", "--head", "mean", "--padding-idx", "-1"], "'-1'"),
    (["a b", "--head", "mean", "--extra", "65"], "0 to 64"),
    (["a b", "--head", "mean", "--seed", "-1"], "'-1'"),
    (["a b", "--head", "mean", "--steps", "many"], "'many'"),
    (["a b", "--head", "mean", "--dim", "0"], "'0'"),
    (["a b", "--head", "mean", "--side", "middle"], "'left'"),
    (["a", "--head", "batchnorm"], "BatchNorm"),
    (["a", "--head", "tied"], "two words"),
    (["\udcff", "--head", "mean"], "UTF-8"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_clear_line_and_exit_status_2(arguments, named, capfd):
    line = refusal(["padding", *arguments], capfd)
    assert line.startswith("embedscope padding: ")
    assert named in line


def test_it_loads_neither_torch_nor_qts_widgets():
    assert heavy_loaded_by("padding", "a b", "--head", "mean") == set()
