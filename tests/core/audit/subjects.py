"""A sound set-up, and set-ups that differ from it in what is named."""

from dataclasses import replace as with_fields
from typing import Any

import numpy as np
from msgspec.structs import replace

from core.audit.audit import audit
from core.audit.finding import Finding, Kind
from core.audit.fingerprints import fingerprints
from core.audit.subject import Subject, Text
from core.config import (
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    RunConfig,
    TableConfig,
)

ROWS, DIMENSION = 40, 8
UNK, PAD = 0, 1
TOKENS = ("<unk>", "<pad>", *(f"w{id_}" for id_ in range(2, ROWS)))


def text(*sentences: list[int], pad_id: int = PAD) -> Text:
    """Sentences given as ids."""
    ids = np.array([id_ for sentence in sentences for id_ in sentence], np.int32)
    return Text(ids, np.cumsum([0, *map(len, sentences)]), pad_id)


def sentences() -> list[list[int]]:
    """Ragged ones (3 to 7 words) in which every word occurs, and none only at an end."""
    words = list(range(2, ROWS))
    cut = [words[start : start + 3 + start % 5] for start in range(0, len(words), 2)]
    return [each for each in cut if len(each) > 2] + [words[:1:-9], [ROWS - 1, 2, 3]]


def values(dtype: str = "float32") -> np.ndarray:
    """Rows (V, D) as nn.Embedding draws them, the one of padding zero."""
    rows = np.random.default_rng(0).standard_normal((ROWS, DIMENSION)).astype(dtype)
    rows[PAD] = 0
    return rows


def row_set(row: int, value: float, dtype: str = "float32") -> np.ndarray:
    """`values` with all of `row` set to `value`."""
    rows = values(dtype)
    rows[row] = value
    return rows


def config(
    objective: ObjectiveConfig | None = None,
    optimizer: OptimizerConfig | None = None,
    **table: Any,
) -> RunConfig:
    """Sentence labels by the masked mean, trained by Adagrad, but for what is named."""
    return RunConfig(
        replace(TableConfig(ROWS, DIMENSION, padding_idx=PAD), **table),
        objective or ObjectiveConfig("sentence-label"),
        optimizer or OptimizerConfig("adagrad", 0.1),
        batch_size=16,
    )


def pooled(pooling: str, **table: Any) -> RunConfig:
    """The same with another pooling."""
    return config(ObjectiveConfig("sentence-label", pooling=pooling), **table)


def trained_by(name: str, rate: float = 0.01, **settings: Any) -> RunConfig:
    """The same with another optimizer, over dense gradients."""
    return config(optimizer=OptimizerConfig(name, rate, **settings))


def sound(**changes: Any) -> Subject:
    """What nothing is found about, but for `changes`."""
    subject = Subject(
        rows=values(),
        tokens=TOKENS,
        padding_idx=PAD,
        pad_id=PAD,
        unk_id=UNK,
        text=text(*sentences()),
        config=config(),
    )
    if "config" in changes:
        table = None if changes["config"] is None else changes["config"].table
        changes.setdefault("padding_idx", PAD if table is None else table.padding_idx)
    return with_fields(subject, **changes)


def alone(**changes: Any) -> Subject:
    """A table by itself, as one is read from a file."""
    return sound(text=None, config=None, **changes)


def trained(moved: list[int], touched: list[int], steps: int = 5, **changes: Any) -> Subject:
    """After `steps` steps in which the rows `touched` got gradients, and those `moved` moved."""
    before = values()
    after = before.copy()
    after[moved] += 0.25
    mask = np.zeros(ROWS, np.bool_)
    mask[touched] = True
    return sound(rows=after, initial=fingerprints(before), touched=mask, steps=steps, **changes)


def found(subject: Subject) -> dict[Kind, Finding]:
    """What is found, by its kind."""
    return {finding.kind: finding for finding in audit(subject)}


def given(**table: Any) -> RunConfig:
    """Rows given, not drawn."""
    return config(initialisation=Initialisation("given"), **table)
