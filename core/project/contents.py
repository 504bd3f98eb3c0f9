"""What a project holds, as it is in memory. Needs no torch."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.config import RunConfig
from core.machine import Machine
from core.messages import EncodedCorpus, Event
from core.project.view import Looked
from core.state_hashes import StateHash
from core.vocabulary import Vocabulary


@dataclass(frozen=True, eq=False)
class Text:
    """A text that was trained on, as ids too; `source` is the file it was read from."""

    text: str
    vocabulary: Vocabulary
    encoded: EncodedCorpus
    source: str = ""


@dataclass(frozen=True, eq=False)
class KeptState:
    """A file with all that training had changed after `step` steps and `events` changes."""

    step: int
    events: int
    path: Path

    @property
    def name(self) -> str:
        """What the file is called among the keyframes of its run."""
        return f"{self.step:012d}-{self.events:06d}.safetensors"


@dataclass(frozen=True, eq=False)
class SavedRun:
    """One future of a run, called `name`, which left another at step `begins`.

    It began on `text`, a number of the project's texts, with `values` (n, D) if they were given;
    the changes to its sentences are to corpora of those texts, the very objects. `step` is the one
    on screen, `losses` float64 (reach,) are of all steps it has come to, `marks` names of steps.
    """

    config: RunConfig
    text: int
    values: NDArray[Any] | None
    events: tuple[Event, ...]
    step: int
    losses: NDArray[np.float64]
    states: tuple[KeptState, ...] = ()
    marks: dict[int, str] = field(default_factory=dict)
    line: str = ""
    scenario: str = ""
    name: str = ""
    begins: int = 0
    hashes: tuple[StateHash, ...] = ()


class SavedList(Struct, frozen=True):
    """A list of tokens that somebody keeps."""

    name: str
    tokens: tuple[str, ...]
    colour: int = 0


@dataclass(frozen=True, eq=False)
class Project:
    """Everything; `current` is the number of the run that is open.

    `view_lost` says why it is not known how it was looked at, if the file says that wrongly.
    """

    texts: tuple[Text, ...]
    runs: tuple[SavedRun, ...]
    current: int = 0
    lists: tuple[SavedList, ...] = ()
    looked: Looked = field(default_factory=Looked)
    machine: Machine = field(default_factory=Machine)
    view_lost: str = ""
