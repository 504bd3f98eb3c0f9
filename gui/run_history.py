"""All that determines a run and how far it is: from it a run can be shown again, to the bit."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.changes import config_after, settings_after
from core.config import RunConfig
from core.given_rows import LARGEST_SENT, RowsFile
from core.machine import Machine
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
        """Note `losses`, the last of which is that of `step`; those of later steps stay."""
        start = step - len(losses)
        if step > len(self._losses):
            self._losses = np.resize(self._losses, max(step, 2 * len(self._losses)))
        self._losses[start:step] = losses
        self._count = max(self._count, step)

    def until(self, step: int) -> "LossHistory":
        """A copy of the losses up to `step`."""
        copy = LossHistory()
        copy.extend_to(step, self._losses[: min(step, self._count)])
        return copy


@dataclass(eq=False)
class RunHistory:
    """One run: how it began, what was changed when, the step on screen, and how far it has come.

    `config` and `corpus` are those at its end; `first_config` and `first_corpus` those it began
    with. Runs that were forked off one another have the `origin` of the first.
    """

    first_config: RunConfig
    first_corpus: EncodedCorpus
    values: NDArray[Any] | None
    keyframes: Path
    events: list[Event] = field(default_factory=list)
    step: int = 0
    losses: LossHistory = field(default_factory=LossHistory)
    marks: dict[int, str] = field(default_factory=dict)  # names of steps
    values_file: RowsFile | None = None  # where the values are, if they are too many for a pipe
    made_on: dict[Machine, int] = field(default_factory=dict)  # its last step there, as was saved
    parted: int | None = None  # where its steps, done again, were seen to come out otherwise

    def __post_init__(self) -> None:
        self.origin: object = self.keyframes
        self._configs: dict[int, RunConfig] = {}  # by step
        self.config, self.corpus = settings_after(self.first_config, self.first_corpus, self.events)

    @property
    def reach(self) -> int:
        """The last step it has come to."""
        return max(self.step, len(self.losses))

    @property
    def has_later_changes(self) -> bool:
        """Whether anything was changed after the step on screen was first seen."""
        return any(event.step > self.step for event in self.events)

    def is_made_elsewhere(self, machine: Machine | None) -> bool:
        """Whether a step after that on screen was made by another than `machine`."""
        return machine is not None and any(
            last > self.step and not each.computes_like(machine)
            for each, last in self.made_on.items()
        )

    def config_at(self, step: int) -> RunConfig:
        """The settings when `step` was on screen; remembered, for every cell of a table asks."""
        if step not in self._configs:
            events = (event for event in self.events if event.step <= step)
            found = settings_after(self.first_config, self.first_corpus, events)[0]
            self._configs = {step: found}
        return self._configs[step]

    def fork(self, keyframes: Path) -> "RunHistory":
        """Another run that is this one up to the step on screen, with keyframes of its own."""
        events = [event for event in self.events if event.step <= self.step]
        losses = self.losses.until(self.step)
        forked = RunHistory(
            self.first_config,
            self.first_corpus,
            self.values,
            keyframes,
            events,
            self.step,
            losses,
            {step: name for step, name in self.marks.items() if step <= self.step},
            self.values_file,
        )
        forked.origin = self.origin
        forked.made_on = {each: min(last, self.step) for each, last in self.made_on.items()}
        if self.parted is not None and self.parted <= self.step:
            forked.parted = self.parted
        return forked

    def record(self, step: int, change: Change) -> None:
        """Note that `change` was made after `step` steps."""
        self.events.append(Event(step, change))
        self._configs = {}
        self.config = config_after(self.config, change)
        if isinstance(change, SetCorpus):
            self.corpus = change.corpus

    def take_back_unseen(self) -> list[Change]:
        """Take back the changes made after the last step that was seen; returns them."""
        reach = self.reach
        unseen = [event.change for event in self.events if event.step > reach]
        self.events = [event for event in self.events if event.step <= reach]
        self._configs = {}
        self.config, self.corpus = settings_after(self.first_config, self.first_corpus, self.events)
        return unseen

    def build(self, number: int) -> Build:
        """The command that brings the run to where it is, as run `number`."""
        # They are kept for an undo also where a table of another shape is drawn instead.
        given = self.first_config.table.initialisation.name == "given"
        values = self.values if given else None
        in_file = values is not None and values.nbytes > LARGEST_SENT
        return Build(
            number,
            self.first_config,
            self.first_corpus,
            str(self.keyframes),
            None if values is None or in_file else Array.of(values),
            tuple(self.events),
            self.step,
            self.reach,
            self._values_on_disk() if in_file else None,
        )

    def _values_on_disk(self) -> RowsFile:
        """The values in a file; in one of our own where another took the place of that opened."""
        assert self.values is not None
        if self.values_file is None or not self.values_file.is_in_place():
            # What was mapped stays mapped, whatever has its name now.
            self.values_file = RowsFile.written(self.values, self.keyframes.parent)
        return self.values_file
