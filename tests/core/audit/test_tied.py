"""A run whose output weights are tied: what is found of it, and what is not any more."""

import pytest
import torch
from msgspec.structs import replace

from core.audit.finding import BeginAgain
from core.config import Initialisation, ObjectiveConfig, OptimizerConfig, RunConfig
from core.trainer import Trainer
from tests.core.audit.subjects import PAD, ROWS, config, found, row_set, sentences, sound, text
from tests.core.corpora import encoded

pytestmark = pytest.mark.usefixtures("one_thread")

UNTIED = ObjectiveConfig("next-word")
TIED = replace(UNTIED, tied=True)
SOME = text(*sentences()[2:-2])  # without some of the words


def run_of(objective: ObjectiveConfig, name: str = "adagrad", rate: float = 0.1, **settings):
    return config(objective, OptimizerConfig(name, rate, **settings))


def kinds(settings: RunConfig, **changes: object) -> set[str]:
    return set(found(sound(config=settings, **changes)))


def test_a_tied_run_is_noted_and_can_be_untied():
    finding = found(sound(config=run_of(TIED)))["tied-pad-row"]
    assert finding.level == "note"  # no pad is ever read there
    assert finding.rows.tolist() == [PAD]
    assert finding.remedy == BeginAgain(run_of(UNTIED))
    assert kinds(run_of(UNTIED)) == set()
    assert kinds(run_of(replace(TIED, name="cbow"))) == set()


def test_without_a_padding_idx_there_is_no_such_row():
    assert kinds(config(TIED, padding_idx=None)) == set()


def test_that_its_pad_row_moved_is_said_once():
    rows = row_set(PAD, 0.3)
    assert kinds(run_of(TIED), rows=rows, steps=5) == {"tied-pad-row"}
    assert kinds(run_of(UNTIED), rows=rows, steps=5) == {"pad-row-not-zero"}
    given = Initialisation("given")
    tied, untied = (config(each, initialisation=given) for each in (TIED, UNTIED))
    assert kinds(tied, rows=rows) == {"tied-pad-row", "given-pad-row"}
    assert kinds(tied, rows=rows, steps=5) == {"tied-pad-row"}
    assert kinds(untied, rows=rows, steps=5) == {"given-pad-row"}


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, "dead-rows"),
        ({"name": "adam", "rate": 0.01, "weight_decay": 0.01}, "decay-of-unseen"),
        ({"name": "sgd", "momentum": 0.9}, "momentum-tail"),
    ],
)
def test_rows_that_no_batch_reads_get_gradients_all_the_same(settings, kind):
    # A batch of one: each word is read in few of the steps.
    untied, tied = (replace(run_of(each, **settings), batch_size=1) for each in (UNTIED, TIED))
    assert kind in kinds(untied, text=SOME)
    assert kinds(tied, text=SOME) == {"tied-pad-row"}


def test_a_gradient_of_every_row_is_no_waste():
    large = config(UNTIED, num_embeddings=100_000, embedding_dim=300)
    assert "dense-gradients" in kinds(large, rows=None, tokens=None)
    assert "dense-gradients" not in kinds(replace(large, objective=TIED), rows=None, tokens=None)


@pytest.mark.parametrize(
    ("table", "optimizer", "reason"),
    [
        ({"sparse": True}, OptimizerConfig("sgd", 0.1), "sparse-tied"),
        ({}, OptimizerConfig("sparse-adam", 0.1), "tied-gradients-are-dense"),
        ({"sparse": True}, OptimizerConfig("sparse-adam", 0.1), "tied-gradients-are-dense"),
    ],
)
def test_what_is_refused_is_found_and_mended(table, optimizer, reason):
    finding = found(sound(config=config(TIED, optimizer, **table)))["settings-refused"]
    assert finding.numbers["reason"] == reason
    assert isinstance(finding.remedy, BeginAgain)
    mended = finding.remedy.config
    assert mended.optimizer == optimizer  # which somebody chose
    if optimizer.name == "sgd":
        assert mended.objective.is_tied
        assert "settings-refused" not in kinds(mended)
    else:
        assert not mended.objective.is_tied


def test_zeros_never_leave_in_torch_either():
    zeros = Initialisation("zeros")
    assert found(sound(config=config(TIED, initialisation=zeros)))["zeros-never-leave"]
    assert "zeros-never-leave" not in kinds(config(UNTIED, initialisation=zeros))
    for objective, leaves in ((TIED, False), (UNTIED, True)):
        settings = config(objective, initialisation=zeros)
        trainer = Trainer(settings, encoded([list(range(2, ROWS))]))
        for _ in range(3):
            trainer.advance()
        assert bool(trainer.table.weight.any()) == leaves


def test_in_a_run_the_pad_row_moves_and_every_row_gets_gradients():
    trainer = Trainer(run_of(TIED), encoded([list(range(2, ROWS - 5))]))
    for _ in range(5):
        report = trainer.step_and_report()
        assert report.touched.tolist() == list(range(ROWS))
    assert torch.linalg.vector_norm(trainer.table.weight[PAD]) > 0.1
