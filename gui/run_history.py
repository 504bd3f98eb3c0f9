"""All that determines a run and how far it is: from it a run can be shown again, to the bit."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.changes import config_after, settings_after
from core.config import RunConfig
from core.messages import Array, Build, Change, EncodedCorpus, Event, SetCorpus


class LossHistory:
    """The loss of every step so far, growing without copying each time."""

    def __init__(self) -> None:
        self._losses = np.empty(1024, np.float64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def losses(self) -> NDArray[np.float64]:
        """The losses of steps 1 … n, (n,)."""
        return self._losses[: self._count]

    @property
    def steps(self) -> NDArray[np.int64]:
        """The steps 1 … n, (n,)."""
        return np.arange(1, self._count + 1)

    def extend_to(self, step: int, losses: NDArray[np.float64]) -> None:
        """Note `losses`, the last of which is that of `step`; what stood there is replaced."""
        start = step - len(losses)
        if step > len(self._losses):
            self._losses = np.resize(self._losses, max(step, 2 * len(self._losses)))
        self._losses[start:step] = losses
        self._count = step

    def cut(self, step: int) -> None:
        """Forget the losses after `step`."""
        self._count = min(self._count, step)


@dataclass(eq=False)
class RunHistory:
    """One run: how it began, what was changed when, and the step it has reached.

    `config` and `corpus` are those it has now; `first_config` and `first_corpus` those it began
    with.
    """

    first_config: RunConfig
    first_corpus: EncodedCorpus
    values: NDArray[Any] | None
    keyframes: Path
    events: list[Event] = field(default_factory=list)
    step: int = 0
    losses: LossHistory = field(default_factory=LossHistory)

    def __post_init__(self) -> None:
        self.config = self.first_config
        self.corpus = self.first_corpus

    def record(self, step: int, change: Change) -> None:
        """Note that `change` was made after `step` steps."""
        self.events.append(Event(step, change))
        self.config = config_after(self.config, change)
        if isinstance(change, SetCorpus):
            self.corpus = change.corpus

    def take_back_unseen(self) -> list[Change]:
        """Take back the changes made after `step`, which nobody has seen; returns them."""
        unseen = [event.change for event in self.events if event.step > self.step]
        self.events = [event for event in self.events if event.step <= self.step]
        self.config, self.corpus = settings_after(self.first_config, self.first_corpus, self.events)
        return unseen

    def build(self, number: int) -> Build:
        """The command that brings the run to where it is, as run `number`."""
        # They are kept for an undo also where a table of another shape is drawn instead.
        given = self.first_config.table.initialisation.name == "given"
        return Build(
            number,
            self.first_config,
            self.first_corpus,
            str(self.keyframes),
            Array.of(self.values) if given and self.values is not None else None,
            tuple(self.events),
            self.step,
        )
