"""`embedscope audit`: what it prints, its exit status, and how it refuses."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from core.formats.safetensors_file import write_table
from core.presets import PRESETS
from gui.command_line import run
from tests.gui.commands import heavy_loaded_by, refusal

TOKENS = ["<unk>", "<pad>", *(f"w{id_}" for id_ in range(2, 40))]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A sound table of 40 × 8."""
    return saved(tmp_path / "table.safetensors")


def saved(path: Path, **cells: float) -> Path:
    """A sound table, but for the rows named as in `row_5=0.0`."""
    rows = np.random.default_rng(0).standard_normal((40, 8)).astype(np.float32)
    rows[1] = 0
    for name, value in cells.items():
        rows[int(name.removeprefix("row_"))] = value
    write_table(path, rows, TOKENS, padding_idx=1)
    return path


def audited(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict]:
    status = run(["audit", *map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("preset", PRESETS)
def test_an_example_passes(preset, capsys):
    status, told = audited(capsys, "--preset", preset)
    assert status == 0
    assert told["counts"]["warning"] == told["counts"]["error"] == 0


def test_a_sound_table_passes_without_a_word(table, capsys):
    assert audited(capsys, table) == (
        0,
        {"findings": [], "counts": {"note": 0, "warning": 0, "error": 0}},
    )
    assert run(["audit", str(table)]) == 0
    assert capsys.readouterr().out == "No findings\n"


def test_a_pad_row_that_is_not_zero_fails_it_and_is_explained(tmp_path, capsys):
    path = saved(tmp_path / "table.safetensors", row_1=0.5)
    status, told = audited(capsys, path)
    assert status == 1
    (finding,) = told["findings"]
    assert (finding["kind"], finding["level"]) == ("pad-row-not-zero", "warning")
    assert (finding["rows"], finding["tokens"]) == ([1], ["<pad>"])
    # √(8 · 0.5²) = 1.4142…
    assert finding["numbers"]["norm"] == pytest.approx(2**0.5)
    assert "“<pad>” (id 1)" in finding["what"]
    assert finding["why"]
    assert finding["mend"]


def test_the_level_decides_what_fails(tmp_path, capsys):
    path = saved(tmp_path / "table.safetensors", row_5=0.0)  # a note
    assert audited(capsys, path)[0] == 0
    assert audited(capsys, path, "--level", "note")[0] == 1
    warned = saved(tmp_path / "warned.safetensors", row_1=0.5)
    assert audited(capsys, warned, "--level", "error")[0] == 0
    broken = saved(tmp_path / "broken.safetensors", row_5=np.nan)
    assert audited(capsys, broken, "--level", "error")[0] == 1


def test_the_given_padding_idx_counts_and_not_the_files(table, capsys):
    status, told = audited(capsys, table, "--padding-idx", "3")
    assert status == 1
    assert [each["kind"] for each in told["findings"]] == ["wrong-padding-idx"]
    assert audited(capsys, table, "--padding-idx", "none")[0] == 0


def test_a_text_is_audited_with_a_padding_idx(tmp_path, capsys):
    path = tmp_path / "text.txt"
    path.write_text("one two three\nthree one two\ntwo three one\n", "utf-8")
    assert audited(capsys, "--text", path)[0] == 0
    status, told = audited(capsys, "--text", path, "--padding-idx", "2")
    assert status == 1
    assert told["findings"][0]["kind"] == "wrong-padding-idx"
    assert told["findings"][0]["tokens"] == ["one"]


def test_cells_count_from_zero(tmp_path, capsys):
    path = tmp_path / "text.txt"
    path.write_text("one two\n\nthree <pad> one\none three two\n", "utf-8")
    _, told = audited(capsys, "--text", path)
    assert told["findings"][0]["cells"] == [{"sentence": 1, "position": 1}]


def test_what_train_saves_can_be_audited(tmp_path, capsys):
    out = tmp_path / "table.safetensors"
    run(["train", "--preset", "labelled", "--steps", "5", "--out", str(out)])
    capsys.readouterr()
    assert audited(capsys, out)[0] == 0


def test_any_ones_table_is_read_by_the_name_of_its_tensor(tmp_path, capsys):
    path = tmp_path / "model.safetensors"
    wide = np.random.default_rng(0).standard_normal((30, 4))
    small = np.ones((2, 2), np.float32)
    save_file({"wte": wide, "wpe": small, "bias": np.zeros(4, np.float32)}, path)
    status, told = audited(capsys, path, "--tensor", "wte", "--level", "note")
    assert status == 1
    assert [each["kind"] for each in told["findings"]] == ["double-precision"]
    save_file({"only": wide.astype(np.float32), "bias": np.zeros(4, np.float32)}, path)
    assert audited(capsys, path)[0] == 0


def test_half_precision_and_odd_offsets_are_read_as_they_are(tmp_path, capsys):
    path = tmp_path / "half.safetensors"
    rows = np.full((3, 3), np.inf, np.float16)
    save_file({"a": rows, "b": np.zeros(3, np.uint8)}, path)
    status, told = audited(capsys, path)
    assert status == 1
    assert told["findings"][0]["rows"] == [0, 1, 2]


BAD = [
    (["{tmp}/none.safetensors"], "none.safetensors"),
    (["{tmp}"], "{tmp}"),
    (["{tmp}/cut.safetensors"], "cut.safetensors"),
    (["{tmp}/text.txt"], "not a whole safetensors file"),
    (["{tmp}/empty.safetensors"], "empty.safetensors"),
    (["{tmp}/liar.safetensors"], "liar.safetensors"),
    (["{tmp}/two.safetensors"], "wte (3 × 2)"),
    (["{tmp}/two.safetensors", "--tensor", "wxe"], "wpe"),
    (["{tmp}/two.safetensors", "--tensor", "bias"], "bias"),
    (["{tmp}/flat.safetensors"], "holds no table"),
    (["{tmp}/table.safetensors", "--padding-idx", "40"], "0 to 39"),
    (["{tmp}/table.safetensors", "--padding-idx", "-1"], "'-1'"),
    (["{tmp}/table.safetensors", "--preset", "labelled"], "--preset"),
    (["--preset", "nope"], "'small-world'"),
    (["--preset", "article", "--padding-idx", "8"], "0 to 7"),
    (["--text", "{tmp}/none.txt"], "none.txt"),
    (["--text", "{tmp}/text.txt", "--padding-idx", "99"], "padding_idx"),
    (["--level", "grave"], "'warning'"),
]


@pytest.mark.parametrize(("arguments", "named"), BAD, ids=lambda value: str(value)[:60])
def test_bad_input_is_one_clear_line_and_exit_status_2(arguments, named, tmp_path, capsys):
    whole = saved(tmp_path / "table.safetensors").read_bytes()
    (tmp_path / "cut.safetensors").write_bytes(whole[:-7])
    (tmp_path / "text.txt").write_text("one two\ntwo one\n", "utf-8")
    (tmp_path / "empty.safetensors").write_bytes(b"")
    header = b'{"weight":{"dtype":"F32","shape":[9,9],"data_offsets":[0,99999]}}'
    (tmp_path / "liar.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    two = {"wte": np.ones((3, 2), np.float32), "wpe": np.ones((2, 2), np.float32)}
    save_file(two | {"bias": np.ones(2, np.float32)}, tmp_path / "two.safetensors")
    save_file({"bias": np.ones(2, np.float32)}, tmp_path / "flat.safetensors")
    line = refusal(["audit", *(each.replace("{tmp}", str(tmp_path)) for each in arguments)], capsys)
    assert line.startswith("embedscope audit: ")
    assert named.replace("{tmp}", str(tmp_path)) in line


def test_it_loads_neither_torch_nor_qts_widgets():
    assert heavy_loaded_by("audit", "--preset", "labelled", "--padding-idx", "4") == set()
