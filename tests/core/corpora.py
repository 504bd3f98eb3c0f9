"""Small corpora and settings for the tests of training."""

import numpy as np

from core.config import (
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    RunConfig,
    TableConfig,
)
from core.messages import Array, EncodedCorpus

ROWS = 12
# Ragged, with an empty sentence and one too short to have a neighbour; id 11 never occurs.
SENTENCES = [
    [2, 3, 4, 5, 6],
    [7],
    [2, 3, 2, 8],
    [],
    [9, 10, 0, 4, 4, 3, 2, 5],
    [6, 5],
    [10, 9, 8, 7, 6, 5, 4],
]
LABELS = [0, 1, 0, 1, 2, 2, 1]


def encoded(
    sentences: list[list[int]],
    labels: list[int] | None = None,
    pad_id: int = 1,
    label_names: tuple[str, ...] = ("a", "b", "c"),
) -> EncodedCorpus:
    """`sentences` as the engine takes them."""
    ids = np.array([each for sentence in sentences for each in sentence], np.int32)
    offsets = np.cumsum([0, *map(len, sentences)])
    return EncodedCorpus(
        Array.of(ids),
        Array.of(offsets.astype(np.int64)),
        pad_id,
        None if labels is None else Array.of(np.array(labels, np.int32)),
        () if labels is None else label_names,
    )


def corpus() -> EncodedCorpus:
    """`SENTENCES` with `LABELS`."""
    return encoded(SENTENCES, LABELS)


def run_config(
    objective: ObjectiveConfig | None = None,
    optimizer: OptimizerConfig | None = None,
    *,
    rows: int = ROWS,
    dimension: int = 4,
    batch_size: int = 8,
    seed: int = 3,
    padding_idx: int | None = 1,
    sparse: bool = False,
    max_norm: float | None = None,
    initialisation: Initialisation | None = None,
) -> RunConfig:
    """Settings that differ from the usual small ones only in what is named."""
    table = TableConfig(
        rows,
        dimension,
        padding_idx=padding_idx,
        sparse=sparse,
        max_norm=max_norm,
        initialisation=initialisation or Initialisation(),
    )
    return RunConfig(
        table,
        objective or ObjectiveConfig("next-word"),
        optimizer or OptimizerConfig("sgd", 0.1),
        batch_size,
        seed,
    )
