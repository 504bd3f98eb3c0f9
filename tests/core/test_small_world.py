"""The small world's groups gather where a person sees it: in the followed 2-D view."""

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from sklearn.metrics import silhouette_score

from core.corpus import encode_corpus, parse_sentences
from core.presets import load_preset
from core.projection import LiveProjection
from core.trainer import Trainer

STEPS_A_FRAME = 20
STEPS = 3000  # which a run does in a tenth of the 30 seconds that somebody may watch
GATHERED = 0.5


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_groups_gather(seed):
    preset = load_preset("small-world")
    vocabulary = preset.vocabulary()
    corpus = encode_corpus(parse_sentences(preset.text), vocabulary)
    trainer = Trainer(replace(preset.config, seed=seed), corpus)
    members = [
        (vocabulary.id(word), group)
        for group, words in enumerate(preset.groups.values())
        for word in words
    ]
    ids, groups = (np.array(column) for column in zip(*members, strict=True))
    assert len(preset.groups) >= 5
    weight = trainer.table.weight.detach().numpy()
    projection = LiveProjection()
    silhouettes = [silhouette_score(projection.reset(weight, 0).points[ids], groups)]
    while trainer.step < STEPS:
        before = weight.copy()
        for _ in range(STEPS_A_FRAME):
            trainer.advance()
        moved = np.flatnonzero((weight != before).any(axis=1))
        shown = projection.update(weight, moved, before[moved], trainer.step, 1 / 60)
        silhouettes.append(silhouette_score(shown.points[ids], groups))
    assert silhouettes[0] < 0.2  # they are not given, but learnt
    assert max(silhouettes) >= GATHERED
    assert silhouettes[-1] >= GATHERED


@pytest.fixture(autouse=True)
def one_thread():
    """Tables this small only lose by more."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
