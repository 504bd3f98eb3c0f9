"""The examples to begin with: their sentences, settings and, where it matters, their table."""

from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from core.config import (
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    RunConfig,
    TableConfig,
)
from core.corpus import parse_sentences
from core.problems import ProblemError, UnknownName
from core.vocabulary import Vocabulary
from resources.examples.small_world import GROUPS

PRESETS: tuple[str, ...] = ("article", "small-world", "labelled")

ARTICLE_TOKENS = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")
ARTICLE_ROWS = (
    (0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0),
    (0.2, 0.9, 0.3),
    (0.1, 0.5, 0.7),
    (0.2, 0.1, 0.8),
    (0.4, 0.1, 0.1),
    (0.1, 0.8, 0.9),
    (0.6, 0.1, 0.1),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """An example: `text` to train on, and the `line` that is typed at the start.

    `tokens` is the vocabulary where its order is given (None: built from the text), `values`
    float32 (V, D) the table where it is given, `groups` the words that training should gather.
    """

    name: str
    text: str
    line: str
    config: RunConfig
    tokens: tuple[str, ...] | None = None
    values: NDArray[np.float32] | None = None
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def vocabulary(self) -> Vocabulary:
        """The vocabulary it opens with."""
        sentences = parse_sentences(self.text).sentences
        if self.tokens is None:
            return Vocabulary.build(sentences)
        return Vocabulary.from_tokens(self.tokens, sentences=sentences)


def load_preset(name: str) -> Preset:
    """The preset called `name`; raises `ProblemError(UnknownName)` if there is none."""
    makers = dict(zip(PRESETS, (_article, _small_world, _labelled), strict=True))
    if name not in makers:
        raise ProblemError(UnknownName("preset", name, list(PRESETS)))
    return makers[name]()


def _article() -> Preset:
    """The worked example of the article: its vocabulary and its table, to the digit."""
    values = np.array(ARTICLE_ROWS, np.float32)
    values.flags.writeable = False
    rows, columns = values.shape
    table = TableConfig(rows, columns, initialisation=Initialisation("given"))
    return Preset(
        name="article",
        text=_text("article.txt"),
        line="you need to run",
        config=RunConfig(table, ObjectiveConfig("next-word"), OptimizerConfig("sgd", 0.1)),
        tokens=ARTICLE_TOKENS,
        values=values,
    )


def _small_world() -> Preset:
    text = _text("small_world.txt")
    # Adagrad's steps shrink, so that the groups come to rest once they have gathered.
    # Rows drawn from N(0, 1) would drown what training adds; small ones let the groups show.
    table = TableConfig(_size(text), 8, initialisation=Initialisation("normal", 0.1))
    return Preset(
        name="small-world",
        text=text,
        line="the hungry cat ate warm bread",
        config=RunConfig(
            table, ObjectiveConfig("skip-gram"), OptimizerConfig("adagrad", 0.1), batch_size=64
        ),
        groups=GROUPS,
    )


def _labelled() -> Preset:
    text = _text("labelled.txt")
    table = TableConfig(_size(text), 8, initialisation=Initialisation("normal", 0.1))
    return Preset(
        name="labelled",
        text=text,
        line="a lovely room with a broken window",
        config=RunConfig(
            table,
            ObjectiveConfig("sentence-label", pooling="masked-mean"),
            OptimizerConfig("adam", 0.01),
        ),
    )


def _text(file: str) -> str:
    return files("resources.examples").joinpath(file).read_text("utf-8")


def _size(text: str) -> int:
    return len(Vocabulary.build(parse_sentences(text).sentences))
