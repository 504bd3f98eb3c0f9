"""The audit says nothing grave about the examples, before training and after it."""

import numpy as np
import pytest
import torch
from msgspec.structs import replace

from core.audit.audit import audit
from core.audit.finding import Finding
from core.audit.fingerprints import fingerprints
from core.audit.subject import Subject
from core.config import OPTIMIZERS, OptimizerConfig, default_optimizer
from core.corpus import encode_corpus, parse_sentences
from core.presets import PRESETS, load_preset
from core.trainer import Trainer

pytestmark = pytest.mark.usefixtures("one_thread")

STEPS = 200


def grave(findings: tuple[Finding, ...]) -> list[str]:
    """The kinds of what is graver than a note."""
    return [finding.kind for finding in findings if finding.is_at_least("warning")]


def trained(preset: str, optimizer: OptimizerConfig | None) -> tuple[Subject, Subject]:
    """An example under `optimizer` (None: its own), before any step and after `STEPS`."""
    loaded = load_preset(preset)
    vocabulary = loaded.vocabulary()
    corpus = encode_corpus(parse_sentences(loaded.text), vocabulary)
    optimizer = optimizer or loaded.config.optimizer
    table = replace(loaded.config.table, num_embeddings=len(vocabulary))
    table = replace(table, sparse=optimizer.name == "sparse-adam")
    config = replace(loaded.config, table=table, optimizer=optimizer)
    given = None if loaded.values is None else torch.tensor(loaded.values)
    trainer = Trainer(config, corpus, given)
    rows = trainer.table.weight.detach().numpy()
    before = Subject.of_run(config, corpus, vocabulary, rows.copy())
    touched = np.zeros(len(rows), np.bool_)
    for _ in range(STEPS):
        trainer.advance()
        touched[trainer.table.lookups.take()[1]] = True
    after = Subject.of_run(
        config,
        corpus,
        vocabulary,
        rows,
        initial=fingerprints(before.rows),
        touched=touched,
        steps=STEPS,
    )
    return before, after


@pytest.mark.parametrize("preset", PRESETS)
def test_an_example_as_it_opens_gives_no_warning(preset):
    before, after = trained(preset, None)
    assert grave(audit(before)) == []
    assert grave(audit(after)) == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_nor_does_it_under_any_optimizer_as_it_is_offered(optimizer):
    before, after = trained("labelled", default_optimizer(optimizer))
    assert grave(audit(before)) == []
    assert grave(audit(after)) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_nor_does_it_before_there_are_rows(preset):
    before, _ = trained(preset, None)
    unmade = Subject.of_run(
        before.config,
        encode_corpus(parse_sentences(load_preset(preset).text), load_preset(preset).vocabulary()),
        load_preset(preset).vocabulary(),
    )
    assert grave(audit(unmade)) == []
