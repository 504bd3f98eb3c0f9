"""Beginning a run: on an example, on a text that was read, again, or on renumbered words."""

from dataclasses import dataclass
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.config import RunConfig
from core.offers import offered_for
from core.presets import Preset, load_preset
from core.scenarios import Scenario
from core.vocabulary import Vocabulary
from gui.document import Document
from gui.read_table import ReadTable
from gui.run_history import RunHistory

LINE_TOKENS = 8  # of a text's first sentence are typed to begin with


@dataclass(frozen=True, eq=False)
class Opened:
    """What is open: a document, the run that trains on it, and the typed line it came with.

    `scenario` is the name of the scenario that it began as, if any.
    """

    document: Document
    history: RunHistory
    line: str
    scenario: str = ""


def example(name: str, keyframes: Path) -> Opened:
    """An example; raises `ProblemError(UnknownName)` if there is none."""
    return of_preset(load_preset(name), keyframes)


def scenario(scenario: Scenario, keyframes: Path) -> Opened:
    """A scenario."""
    return replace_fields(of_preset(scenario.preset, keyframes), scenario=scenario.name)


def of_preset(preset: Preset, keyframes: Path) -> Opened:
    """An example, or what a scenario is about."""
    document = Document.of(preset.text, preset.vocabulary())
    config = _sized(preset.config, document)
    return Opened(document, _history(document, config, preset.values, keyframes), preset.line)


def of_file(read: Document | ReadTable, keyframes: Path) -> Opened:
    """What was read of a file: a text, or a table."""
    return table(read, keyframes) if isinstance(read, ReadTable) else text(read, keyframes)


def table(read: ReadTable, keyframes: Path) -> Opened:
    """A table that was read, whose run begins with its rows."""
    history = _history(read.document, read.config, read.rows, keyframes)
    history.values_file = read.values_file
    return Opened(read.document, history, read.line)


def text(document: Document, keyframes: Path) -> Opened:
    """A text that was read, with the settings that suit its size and its labels."""
    labelled = document.corpus.labels is not None
    config = offered_for(len(document.vocabulary), labelled=labelled)
    sentences = document.corpus.sentences
    tokens = document.vocabulary.encode(sentences[0])[:LINE_TOKENS] if sentences else ()
    line = sentences[0][: tokens[-1].end] if tokens else ""
    return Opened(document, _history(document, config, None, keyframes), line)


def again(
    document: Document, config: RunConfig, before: Opened, line: str, keyframes: Path
) -> Opened:
    """`document` from step 0 under `config`, with the rows given to the run `before`, if any."""
    config = _sized(config, document)
    history = _history(document, config, before.history.values, keyframes)
    history.values_file = before.history.values_file
    return Opened(document, history, line, before.scenario)


def renumbered(
    document: Document,
    config: RunConfig,
    vocabulary: Vocabulary,
    rows: NDArray[Any] | None,
    line: str,
    keyframes: Path,
) -> Opened:
    """`document`, whose words were numbered afresh; each keeps the one of `rows` it had.

    `rows` (V, D) are those of `vocabulary`, None if there are none yet.
    """
    ids = [vocabulary.id(token) for token in document.vocabulary.tokens]
    known = [id_ for id_ in ids if id_ is not None]
    kept = np.array(rows[known]) if rows is not None and len(known) == len(ids) else None
    name = "normal" if kept is None else "given"
    initialisation = replace(config.table.initialisation, name=name)
    config = replace(config, table=replace(config.table, initialisation=initialisation))
    return Opened(document, _history(document, _sized(config, document), kept, keyframes), line)


def _sized(config: RunConfig, document: Document) -> RunConfig:
    """`config` with a row for each word of `document`."""
    rows = len(document.vocabulary)
    return replace(config, table=replace(config.table, num_embeddings=rows))


def _history(
    document: Document, config: RunConfig, values: NDArray[Any] | None, keyframes: Path
) -> RunHistory:
    return RunHistory(config, document.encoded, values, keyframes)
