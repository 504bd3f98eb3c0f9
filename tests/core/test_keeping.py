"""The state of a moment, written where it is asked for; and taken up again, whatever it holds."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from core import rebuilding
from core.config import OptimizerConfig
from core.keeping import keep
from core.messages import Event, SetBatchSize
from core.problems import FileUnreadable, ProblemError, StateUnfit
from core.trainer import Trainer
from tests.core.corpora import corpus, run_config
from tests.core.driven import Driven, build, opened

pytestmark = pytest.mark.usefixtures("one_thread", "own_memory")

CONFIG = run_config(optimizer=OptimizerConfig("adam", 0.01))
WEIGHT = "table.layer.weight"


def kept_after(tmp_path: Path, steps: int) -> tuple[Driven, Path]:
    """A run of `steps` steps, and its state as the only keyframe of another folder."""
    driven = opened(tmp_path / "run", CONFIG)
    driven.run.step(steps)
    driven.work()
    folder = tmp_path / "keyframes"
    folder.mkdir()
    path = folder / f"{steps:012d}-000000.safetensors"
    answer = keep(driven.run.moment(), str(path))
    assert (answer.step, answer.events, answer.problem) == (steps, 0, None)
    return driven, path


def test_what_is_kept_is_shown_with_its_batch_and_goes_on_to_the_same_bits(tmp_path):
    driven, _ = kept_after(tmp_path, 9)
    again = Driven(build(tmp_path, CONFIG, step=9, reach=9))
    assert np.array_equal(again.shown, driven.shown)
    assert again.frame.trained == driven.frame.trained
    for each in (driven, again):
        each.run.acknowledge(each.frame.number)
        each.run.step(5)
        each.work()
    assert np.array_equal(again.shown, driven.shown)


@pytest.mark.parametrize("patience", [0.0, 60.0])
def test_a_state_of_another_machine_is_shown_as_it_was(tmp_path, monkeypatch, patience):
    monkeypatch.setattr(rebuilding, "LONG_SECONDS", patience)
    driven, path = kept_after(tmp_path, 9)
    state = load_file(path)
    state[WEIGHT][2, 1] += 1e-3  # as no training here would have it
    save_file(state, path)
    again = Driven(build(tmp_path, CONFIG, step=9, reach=9))
    assert again.frame.step == 9
    assert np.array_equal(again.shown, state[WEIGHT].numpy())
    assert again.frame.trained == driven.frame.trained  # the batch depends on the seed alone
    assert (driven.frame.done, again.frame.done) == (True, False)  # what it did was not stored


def test_the_batch_of_other_settings_is_not_made_up(tmp_path, monkeypatch):
    monkeypatch.setattr(rebuilding, "LONG_SECONDS", 0.0)
    _, path = kept_after(tmp_path, 9)
    path.rename(path.with_name("000000000009-000001.safetensors"))
    again = Driven(build(tmp_path, CONFIG, (Event(9, SetBatchSize(3)),), 9, 9))
    assert again.frame.trained is None


def test_a_folder_that_is_not_there_is_the_answer(tmp_path):
    driven = opened(tmp_path, CONFIG)
    answer = keep(driven.run.moment(), str(tmp_path / "missing" / "state"))
    assert isinstance(answer.problem, FileUnreadable)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (WEIGHT, None),
        (WEIGHT, torch.zeros(3, 4)),
        ("objective.output.weight", torch.zeros(1)),
        ("optimizer.0.0.exp_avg", None),
        ("optimizer.0.0.exp_avg", torch.zeros(2)),
        ("optimizer.0.0.step", torch.zeros(2)),
        ("optimizer.0.9.step", torch.zeros(())),
        ("optimizer.x", torch.zeros(())),
        ("somebody's", torch.zeros(())),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(tmp_path, name, value):
    _, path = kept_after(tmp_path, 3)
    state = load_file(path)
    if value is None:
        del state[name]
    else:
        state[name] = value
    trainer = Trainer(CONFIG, corpus())
    before = trainer.table.weight.detach().clone()
    with pytest.raises(ProblemError) as refused:
        trainer.load_state(3, state)
    assert isinstance(refused.value.problem, StateUnfit)
    assert trainer.step == 0
    assert torch.equal(trainer.table.weight, before)
