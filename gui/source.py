"""What a command without a window works on: a preset or a text file, ready for the engine."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.config import RunConfig
from core.corpus import Corpus, parse_sentences
from core.offers import DIMENSION, offered_for
from core.presets import load_preset
from core.textfile import read_text
from core.vocabulary import Vocabulary


@dataclass(frozen=True)
class Source:
    """Sentences with their vocabulary and settings; `values` (V, D) where the rows are given."""

    corpus: Corpus
    vocabulary: Vocabulary
    config: RunConfig
    values: NDArray[np.floating] | None = None


def preset_source(name: str) -> Source:
    """An example. Raises `ProblemError` with `UnknownName`."""
    preset = load_preset(name)
    vocabulary = preset.vocabulary()
    # A preset's number of rows is that of its vocabulary, whatever stands in its settings.
    table = replace(preset.config.table, num_embeddings=len(vocabulary))
    config = replace(preset.config, table=table)
    return Source(parse_sentences(preset.text), vocabulary, config, preset.values)


def text_source(path: Path, dimension: int = DIMENSION) -> Source:
    """A text file with what is offered for it. Raises `ProblemError` for a bad file."""
    corpus = parse_sentences(read_text(path))
    vocabulary = Vocabulary.build(corpus.sentences)
    labelled = corpus.labels is not None
    return Source(corpus, vocabulary, offered_for(len(vocabulary), dimension, labelled=labelled))


def source_of(preset: str, text: Path | None, dimension: int | None = None) -> Source:
    """The text file if one is given, else the preset."""
    if text is not None:
        return text_source(text, dimension or DIMENSION)
    return preset_source(preset)
