"""`project.json` of a project file: typed, and checked as it is read.

Arrays are not in it, but in `arrays.safetensors` under names that follow from what they belong to;
texts are parts of their own.
"""

import json
import math
from typing import Any, Literal

import msgspec
from msgspec import Struct

from core.config import RunConfig
from core.machine import Machine
from core.messages import SetBatchSize, SetOptimizer
from core.project.contents import SavedList
from core.vocabulary_config import VocabularyConfig

VERSION = 3
"""Of the file; a file with a greater one is another program's to open.

1: all texts have words. 2: a text may have a tokenizer. 3: a change may be of a whole row. The
least that will do is written, so that older programs open what they can.
"""

NotANumber = Literal["nan", "inf", "-inf"]


class CellChange(Struct, frozen=True, tag=True):
    """`core.messages.SetCell`; JSON has no NaN and no infinity."""

    row: int
    column: int
    value: float | NotANumber


class RowChange(Struct, frozen=True, tag=True):
    """`core.messages.SetRow`; the values are the next of the rows that the run's changes set."""

    row: int


class TextChange(Struct, frozen=True, tag=True):
    """`core.messages.SetCorpus` of the text number `text`."""

    text: int


class DescribedEvent(Struct, frozen=True):
    """`core.messages.Event`."""

    step: int
    change: SetOptimizer | SetBatchSize | CellChange | RowChange | TextChange


class DescribedText(Struct, frozen=True):
    """A text: the first `size` tokens of list `tokens` are its vocabulary.

    It is of words, by the settings `vocabulary`, or else of the tokenizer of text `tokenizer`.
    """

    tokens: int
    size: int
    vocabulary: VocabularyConfig | None
    pad_id: int
    label_names: tuple[str, ...] = ()
    source: str = ""
    tokenizer: int | None = None


class Mark(Struct, frozen=True):
    """The name of a step."""

    step: int
    name: str


class DescribedRun(Struct, frozen=True):
    """A run without its arrays and states."""

    config: RunConfig
    text: int
    events: tuple[DescribedEvent, ...]
    step: int
    marks: tuple[Mark, ...] = ()
    line: str = ""
    scenario: str = ""
    name: str = ""
    begins: int = 0


class Description(Struct, frozen=True):
    """All of a project but its arrays, texts and states."""

    version: int
    token_lists: tuple[tuple[str, ...], ...]
    texts: tuple[DescribedText, ...]
    runs: tuple[DescribedRun, ...]
    current: int = 0
    lists: tuple[SavedList, ...] = ()
    view: Any = msgspec.field(default_factory=dict)  # see `core.project.view_arrays`
    machine: Machine = Machine()
    machines: tuple[Machine, ...] = ()  # by the numbers that hashes have


class _Versioned(Struct, frozen=True):
    version: int


class NewerError(Exception):
    """The description has a greater `version` than is known here."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def write(description: Description) -> bytes:
    """`description` as JSON, which has only ASCII: half characters of tokens too are kept."""
    built = msgspec.to_builtins(description)
    return json.dumps(built, allow_nan=False, separators=(",", ":")).encode("ascii")


def read(content: bytes) -> Description:
    """The description in `content`; raises `NewerError`, and `ValueError` for anything else."""
    try:
        built: Any = json.loads(content, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    version = msgspec.convert(built, _Versioned).version
    if version > VERSION:
        raise NewerError(version)
    if version < 1:
        raise ValueError(f"there is no version {version}")
    return msgspec.convert(built, Description)


def number(value: float) -> float | NotANumber:
    """`value` as JSON can have it; `float` makes it what it was."""
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")
