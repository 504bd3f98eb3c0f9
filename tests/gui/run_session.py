"""A session without an engine, for tests of what shows and sets a run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from core.config import RunConfig, TableConfig
from core.messages import Array, Trained
from core.problems import AnyProblem
from core.vocabulary import Vocabulary
from gui.session import State

WORDS = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")


@dataclass
class RunShown:
    """A step on screen, with what these panels read of it."""

    step: int
    trained: Trained | None = None
    done: bool = True


@dataclass
class Losses:
    steps: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    losses: np.ndarray = field(default_factory=lambda: np.empty(0))


class StillTime(QObject):
    """No branches, and no step but the last."""

    changed = Signal()
    compared = compared_rows = None


class RunSession(QObject):
    """The signals, state and calls these panels use; calls are noted in `calls`."""

    configChanged = Signal()
    vocabularyChanged = Signal()
    stateChanged = Signal()
    frameShown = Signal()
    runStarted = Signal()
    selectionChanged = Signal()
    hoverChanged = Signal()
    problemRaised = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []
        self.vocabulary = Vocabulary.from_tokens(WORDS)
        self.label_names: tuple[str, ...] = ()
        self.config = RunConfig(TableConfig(len(WORDS), 3))
        self.state = State.PAUSED
        self.shown: RunShown | None = RunShown(0)
        self.losses = Losses()
        self.time = StillTime(self)
        self.steps_per_second = 0.0
        self.speed: float | None = None
        self.selection: tuple[int, ...] = ()
        self.hovered: int | None = None
        self.refuse_next: AnyProblem | None = None

    # ── what the tests make happen ────────────────────────────────────────────────────────────

    @property
    def shown_config(self) -> RunConfig:
        return self.config

    @property
    def loss(self) -> float | None:
        return float(self.losses.losses[-1]) if len(self.losses.losses) else None

    def show_losses(self, *losses: float) -> None:
        """A frame that shows these as the losses of the first steps."""
        self.losses = Losses(np.arange(1, len(losses) + 1), np.array(losses, np.float64))
        self.shown = RunShown(len(losses), self.shown and self.shown.trained)
        self.frameShown.emit()

    def show_trained(self, step: int, trained: Trained) -> None:
        """A frame of `step` that trained on this."""
        self.shown = RunShown(step, trained)
        self.frameShown.emit()

    # ── the session's calls ───────────────────────────────────────────────────────────────────

    def set_objective(self, objective: Any) -> None:
        self._change("set_objective", objective, lambda c: replace(c, objective=objective))

    def set_optimizer(self, optimizer: Any) -> None:
        self._change("set_optimizer", optimizer, lambda c: replace(c, optimizer=optimizer))

    def set_batch_size(self, size: int) -> None:
        self._change("set_batch_size", size, lambda c: replace(c, batch_size=size))

    def set_table(self, table: Any) -> None:
        self._change("set_table", table, lambda c: replace(c, table=table))

    def set_seed(self, seed: int) -> None:
        self._change("set_seed", seed, lambda c: replace(c, seed=seed))

    def set_speed(self, speed: float | None) -> None:
        self.calls.append(("set_speed", speed))
        self.speed = speed
        self.stateChanged.emit()

    def select(self, ids: tuple[int, ...]) -> None:
        self.calls.append(("select", tuple(ids)))
        self.selection = tuple(ids)
        self.selectionChanged.emit()

    def hover(self, id: int | None) -> None:
        self.calls.append(("hover", id))
        self.hovered = id
        self.hoverChanged.emit()

    def _change(self, name: str, value: Any, changed: Callable[[RunConfig], RunConfig]) -> None:
        self.calls.append((name, value))
        if self.refuse_next is not None:
            problem, self.refuse_next = self.refuse_next, None
            self.problemRaised.emit(problem)
            return
        self.config = changed(self.config)
        self.configChanged.emit()


def trained(
    inputs: list[Any],
    targets: list[int],
    mask: list[list[bool]] | None = None,
    negatives: list[list[int]] | None = None,
) -> Trained:
    """What a step trained on, as it comes over the pipe."""

    def ids(values: list[Any]) -> Array:
        return Array.of(np.array(values, np.int32))

    return Trained(
        ids(inputs),
        ids(targets),
        None if mask is None else Array.of(np.array(mask)),
        None if negatives is None else ids(negatives),
    )
