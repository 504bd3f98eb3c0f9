"""A script that was written prints the losses of the run, and ends with its table."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from safetensors.torch import save_file

from core.config import Initialisation, ObjectiveConfig, OptimizerConfig, RunConfig
from core.messages import (
    Change,
    EncodedCorpus,
    Event,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
)
from core.script import writer
from core.script.files import write_files
from core.script.history import History
from core.script.model import LARGEST_GIVEN
from core.script.writer import write_script
from core.trainer import Trainer
from tests.core.corpora import ROWS, SENTENCES, corpus, encoded, run_config
from tests.core.edits import set_row
from tests.core.script.run_script import run
from tests.core.test_parity import OBJECTIVES, TRAINED, called

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 12
TOKENS = ("<unk>", "<pad>", *(f"w{id_}" for id_ in range(2, 40)))


def train(
    config: RunConfig,
    events: dict[int, Change] | None = None,
    values: np.ndarray | None = None,
    of: EncodedCorpus | None = None,
    tokens: tuple[str, ...] = TOKENS,
) -> tuple[Trainer, list[float], History]:
    """(the trainer after `STEPS` steps, its losses, its history); `events` by the step before."""
    events = events or {}
    of = of or corpus()
    trainer = Trainer(config, of, None if values is None else torch.from_numpy(values.copy()))
    losses = []
    for step in range(STEPS + 1):
        if step in events:
            trainer.apply(events[step])
        if step < STEPS:
            losses.append(trainer.advance())
    made = tuple(Event(step, change) for step, change in sorted(events.items()))
    rows = len(trainer.table.weight)
    return trainer, losses, History(config, of, made, tokens[:rows], STEPS, values)


def assert_same(trainer: Trainer, losses: list[float], history: History, folder: Path) -> None:
    script = write_script(history)
    if script.needs_values:
        saved = {"weight": torch.from_numpy(history.values.copy())}
        save_file(saved, folder / "session.values.safetensors")
    printed, table = run(script, folder)
    assert printed == [f"step {n}: loss {loss}" for n, loss in enumerate(losses, 1)]
    assert torch.equal(table, trainer.table.weight)


@pytest.mark.parametrize(("objective", "optimizer", "sparse"), TRAINED)
def test_every_objective_with_every_optimizer(
    objective: ObjectiveConfig, optimizer: OptimizerConfig, sparse: bool, tmp_path: Path
) -> None:
    config = run_config(objective, optimizer, sparse=sparse)
    assert_same(*train(config), tmp_path)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
@pytest.mark.parametrize(
    "changes",
    [
        {"padding_idx": None},
        {"max_norm": 0.8, "norm_type": 1.0},
        {"scale_grad_by_freq": True},
        {"dtype": "float64"},
        {"initialisation": Initialisation("uniform", 0.3)},
        {"initialisation": Initialisation("xavier")},
        {"initialisation": Initialisation("normal", 0.1)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_every_argument_of_the_table(
    objective: ObjectiveConfig, changes: dict[str, object], tmp_path: Path
) -> None:
    config = run_config(objective)
    assert_same(*train(replace(config, table=replace(config.table, **changes))), tmp_path)


GROWN = encoded(
    [*SENTENCES, [12, 13, 14, 12, 3]], [0, 1, 0, 1, 2, 2, 1, 3], 1, ("a", "b", "c", "d")
)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adagrad"])
def test_what_was_changed_on_the_way(
    objective: ObjectiveConfig, optimizer: str, tmp_path: Path
) -> None:
    settings = OptimizerConfig(optimizer, 0.05, momentum=0.9 if optimizer == "sgd" else 0.0)
    events: dict[int, Change] = {
        2: SetOptimizer(replace(settings, rate=0.01, weight_decay=0.1)),
        4: SetBatchSize(5),
        3: set_row(5, 0, 0, 0, 0),
        5: SetCell(3, 1, 0.25),
        6: set_row(4, *np.linspace(-1e-9, 1e9, 4)),
        7: SetCorpus(GROWN, 15),
        9: SetOptimizer(OptimizerConfig("adamw", 0.02, weight_decay=0.3)),
        STEPS: SetCell(2, 0, -1.5),
    }
    assert_same(*train(run_config(objective, settings), events), tmp_path)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_row_that_was_set_is_written_as_a_person_would(dtype: str, tmp_path: Path) -> None:
    wide = np.random.default_rng(0).standard_normal(64)
    events: dict[int, Change] = {2: set_row(3, *64 * [0.0]), 4: set_row(5, *wide)}
    if dtype == "float64":
        events = {step: set_row(3, *wide * step, dtype=dtype) for step in (2, 4)}
    config = run_config(dimension=64)
    config = replace(config, table=replace(config.table, dtype=dtype))
    trainer, losses, history = train(config, events)
    lines = write_script(history).lines
    assert max(map(len, lines)) <= 100
    assert ("        table.weight[3] = 0.0" in [line[4:] for line in lines]) == (dtype == "float32")
    assert_same(trainer, losses, history, tmp_path)


def test_what_is_no_number_is_written_too(tmp_path: Path) -> None:
    odd = (float("nan"), float("-inf"), -0.0, 1.0)
    events: dict[int, Change] = {STEPS - 1: SetCell(0, 1, odd[0]), STEPS: set_row(2, *odd)}
    script = write_script(train(run_config(), events)[2])
    _, table = run(script, tmp_path)
    assert table[0, 1].isnan()
    assert table[2].detach().numpy().tobytes() == np.array(odd, np.float32).tobytes()


def test_rows_that_were_taken_away_again(tmp_path: Path) -> None:
    events: dict[int, Change] = {3: SetCorpus(GROWN, 15), 6: SetCorpus(corpus(), ROWS)}
    config = run_config(ObjectiveConfig("skip-gram"), OptimizerConfig("adam", 0.02))
    assert_same(*train(config, events), tmp_path)


@pytest.mark.parametrize("dimension", [3, LARGEST_GIVEN // ROWS + 1])
def test_given_rows(dimension: int, tmp_path: Path) -> None:
    values = np.random.default_rng(0).standard_normal((ROWS, dimension), np.float32)
    values[4, 0] = 1e-20
    config = run_config(dimension=dimension, initialisation=Initialisation("given"))
    trainer, losses, history = train(config, values=values)
    assert write_script(history).needs_values == (values.size > LARGEST_GIVEN)
    assert_same(trainer, losses, history, tmp_path)


@pytest.mark.parametrize("given", [ROWS, ROWS - 2])
@pytest.mark.parametrize("frozen", [False, True])
def test_large_given_tables_are_drawn_in_part(
    given: int, frozen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.config.LARGE_GIVEN", 10)
    values = np.random.default_rng(0).standard_normal((given, 3), np.float32)
    config = run_config(
        ObjectiveConfig("skip-gram"),
        dimension=3,
        initialisation=Initialisation("given", 0.5),
        padding_idx=ROWS - 1,
    )
    config = replace(config, table=replace(config.table, frozen=frozen))
    trainer, losses, history = train(config, values=values)
    assert_same(trainer, losses, history, tmp_path)
    fresh = Trainer(config, corpus(), torch.from_numpy(values)).table.weight.detach()
    assert np.array_equal(fresh[:given].numpy(), values)
    if given < ROWS:
        assert not fresh[ROWS - 1].any()  # the pad's row
        assert fresh[given].any()


def test_words_that_quotes_would_change(tmp_path: Path) -> None:
    odd = ('"""', "\\n", "it's", '"', "한국어", "{}", "$PAD")
    assert_same(*train(run_config(), tokens=("<unk>", "<pad>", *odd, "a", "b", "c")), tmp_path)


def test_words_that_cannot_be_seen(tmp_path: Path) -> None:
    odd = ("a\0b", "\u200b", "\ufeffc", "\u202ed", "e\x7f")
    assert_same(*train(run_config(), tokens=("<unk>", "<pad>", *odd, *"abcde")), tmp_path)


@pytest.mark.parametrize("objective", OBJECTIVES[2:4], ids=called)
def test_words_with_blanks_go_by_their_ids(objective: ObjectiveConfig, tmp_path: Path) -> None:
    tokens = ("<unk>", "<pad>", "New York", "", *(f"w{id_}" for id_ in range(8)))
    assert_same(*train(run_config(objective), tokens=tokens), tmp_path)


def test_long_texts_go_into_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_TEXT", 20)
    events: dict[int, Change] = {3: SetCorpus(GROWN, 15)}
    trainer, losses, history = train(run_config(), events)
    assert set(write_script(history).beside) == {".sentences.txt", ".sentences_2.txt"}
    assert_same(trainer, losses, history, tmp_path)


def test_the_table_that_was_saved_is_compared(tmp_path: Path) -> None:
    trainer, _, history = train(run_config())
    save_file({"weight": trainer.table.weight.detach()}, tmp_path / "session.safetensors")
    printed, _ = run(write_script(history), tmp_path)
    assert printed[-1] == "torch.equal: True"
    save_file({"weight": trainer.table.weight.detach() + 1}, tmp_path / "session.safetensors")
    assert run(write_script(history), tmp_path)[0][-1] == "torch.equal: False"


@pytest.mark.parametrize("objective", OBJECTIVES, ids=called)
def test_it_is_short_and_its_parts_are_found(objective: ObjectiveConfig) -> None:
    script = write_script(train(run_config(objective))[2])
    assert len(script.lines) < 110
    assert max(map(len, script.lines)) <= 100
    for part in ("batch", "lookup", "loss", "backward", "step"):
        assert script.lines[script.parts[part]].strip()
    assert "table(" in script.lines[script.parts["lookup"]]
    assert "change" not in script.parts


def test_a_notebook_has_the_same_code(tmp_path: Path) -> None:
    config = run_config(ObjectiveConfig("skip-gram"), OptimizerConfig("adam", 0.02))
    trainer, losses, history = train(config, {3: SetCell(2, 0, 1.0)})
    path = tmp_path / "session.ipynb"
    write_files(path, history, trainer.table.weight.detach().numpy())
    document = json.loads(path.read_text("utf-8"))
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in document["cells"]}) == len(document["cells"]) > 5
    printed: list[str] = []
    names = {"print": lambda *what: printed.append(" ".join(map(str, what)))}
    with contextlib.chdir(tmp_path):
        for cell in document["cells"]:
            exec("".join(cell["source"]), names)
    assert printed == [
        *(f"step {n}: loss {loss}" for n, loss in enumerate(losses, 1)),
        "torch.equal: True",
    ]


def test_files_beside_the_script_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "LARGEST_TEXT", 20)
    dimension = LARGEST_GIVEN // ROWS + 1
    values = np.random.default_rng(0).standard_normal((ROWS, dimension), np.float32)
    config = run_config(dimension=dimension, initialisation=Initialisation("given"))
    trainer, _, history = train(config, values=values)
    path = tmp_path / "session.py"
    written = write_files(path, history, trainer.table.weight.detach().numpy())
    assert {each.name for each in written} == {each.name for each in tmp_path.iterdir()}
    told = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "torch.equal: True"
