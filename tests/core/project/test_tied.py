"""A run whose output weights are tied, saved in a project and gone on with."""

from dataclasses import replace as with_fields

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from core.config import ObjectiveConfig, OptimizerConfig, OptimizerName
from core.keyframes import write_state
from core.problems import ProblemError, StateUnfit
from core.project.contents import Project
from core.project.opening import read_project
from core.project.saving import write_project
from core.trainer import Trainer
from tests.core.project.projects import project, trained, trainer_of, with_run

pytestmark = pytest.mark.usefixtures("one_thread")


def tied_project(folder, name: OptimizerName) -> Project:
    """`project`, but its run has predicted the next word by the table itself."""
    made = project(folder)
    run = made.runs[0]
    objective = ObjectiveConfig("next-word", tied=True)
    config = replace(run.config, objective=objective, optimizer=OptimizerConfig(name, 0.1))
    trainer = Trainer(config, made.texts[run.text].encoded)
    losses = np.array(trained(trainer, run.events, run.step))
    write_state(run.states[0].path, trainer.state())
    return with_run(made, config=config, losses=losses)


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_it_comes_back_tied_and_goes_on_to_the_same_bits(tmp_path, name):
    made = tied_project(tmp_path / "run", name)
    path = tmp_path / "p.embedscope"
    write_project(path, made)
    read = read_project(path, tmp_path / "opened")
    assert read.runs[0].config == made.runs[0].config
    assert read.runs[0].config.objective.is_tied
    never_saved, opened = trainer_of(made), trainer_of(read)
    assert opened.is_tied
    assert [opened.advance() for _ in range(5)] == [never_saved.advance() for _ in range(5)]
    assert torch.equal(opened.table.weight, never_saved.table.weight)


def test_the_state_of_an_untied_run_does_not_fit(tmp_path):
    made = tied_project(tmp_path / "run", "sgd")
    run = made.runs[0]
    untied = replace(run.config, objective=ObjectiveConfig("next-word"))
    other = with_fields(made, runs=(with_fields(run, config=untied),))
    with pytest.raises(ProblemError) as raised:
        trainer_of(other)
    assert raised.value.problem == StateUnfit("objective.head.weight")
