"""A stand-in for the session: its names and signals, and points of a real projection."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.config import RunConfig, TableConfig
from core.problems import AnyProblem
from core.projection import AxesChoice, AxesPolicy, LiveProjection
from core.vocabulary import Vocabulary, VocabularyConfig
from gui.chosen_axes import ChosenAxes
from gui.layers import Layers
from gui.session import Session, Shown, State

TOKENS = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")
ROWS = np.array(
    [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0],
        [0.2, 0.9, 0.3],
        [0.1, 0.5, 0.7],
        [0.2, 0.1, 0.8],
        [0.4, 0.1, 0.1],
        [0.1, 0.8, 0.9],
        [0.6, 0.1, 0.1],
    ],
    np.float32,
)


def ids(*numbers: int) -> NDArray[np.int32]:
    return np.array(numbers, np.int32)


class SumAsked(QObject):
    """What is told of the sum of words that was asked for."""

    changed = Signal()
    sum = None


class SpaceSession(QObject):
    lineChanged = Signal()
    vocabularyChanged = Signal()
    stateChanged = Signal()
    runStarted = Signal()
    frameShown = Signal()
    viewTurned = Signal()
    selectionChanged = Signal()
    hoverChanged = Signal()
    axesChanged = Signal()
    matchesChanged = Signal()

    def __init__(self, rows: NDArray = ROWS, dimensions: int = 2) -> None:
        super().__init__()
        self.vocabulary = Vocabulary.from_tokens(TOKENS, VocabularyConfig(), [" ".join(TOKENS[2:])])
        self.state = State.PAUSED
        self.axes: AxesPolicy = "follow"
        self.dimensions = dimensions
        self.selection: tuple[int, ...] = ()
        self.hovered: int | None = None
        self.line_tokens: tuple[SimpleNamespace, ...] = ()
        self.matches = ids()
        self.nearest = SumAsked()
        self.layers = Layers(self)
        self.shown: Shown | None = None
        self.problems: list[AnyProblem] = []
        self.chosen_axes = ChosenAxes(cast("Session", self), self._use, self)
        self.chosen_axes.changed.connect(self.axesChanged)
        self.chosen_axes.problemRaised.connect(self.problems.append)
        self.begin(rows)

    def begin(self, rows: NDArray) -> None:
        """Another run begins with `rows`."""
        self.config = RunConfig(TableConfig(*rows.shape))
        self._projection = LiveProjection(self.dimensions, self.axes)
        projected = self._projection.reset(rows, 0)
        none, nothing = ids(), np.empty(0, np.float32)
        self.shown = Shown(0, 0, rows, none, nothing, none, nothing, None, {}, projected)
        self.runStarted.emit()
        self.frameShown.emit()

    @property
    def shown_config(self) -> RunConfig:
        return self.config

    def train(
        self, touched: tuple[int, ...], drifted: tuple[int, ...] = (), by: float = 0.1
    ) -> None:
        """One step that moves these rows by `by` in every column."""
        assert self.shown is not None
        moved = ids(*touched, *drifted)
        before = self.shown.rows[moved]
        rows = self.shown.rows.copy()
        rows[moved] += np.float32(by)
        step = self.shown.step + 1
        self.shown = Shown(
            step,
            step - 1,
            rows,
            moved,
            np.linalg.norm(rows[moved] - before, axis=1),
            ids(*touched),
            np.ones(len(touched), np.float32),
            None,
            {},
            self._projection.update(rows, moved, before, step, 1.0),
        )
        self.frameShown.emit()

    def type(self, *tokens: int) -> None:
        self.line_tokens = tuple(SimpleNamespace(id=id_, known=id_ != 0) for id_ in tokens)
        self.lineChanged.emit()

    def select(self, wanted: tuple[int, ...]) -> None:
        self.selection = tuple(wanted)
        self.selectionChanged.emit()

    def hover(self, id_: int | None) -> None:
        self.hovered = id_
        self.hoverChanged.emit()

    def set_axes(self, axes: AxesPolicy) -> None:
        self.axes = axes
        self._projection.set_policy(axes)
        self.axesChanged.emit()
        self._turn()

    def _use(self, choice: AxesChoice) -> None:
        self._projection.set_choice(choice)
        self._turn()

    def set_dimensions(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._projection.set_dimensions(dimensions)
        self.axesChanged.emit()
        self._turn()

    def _turn(self) -> None:
        assert self.shown is not None
        projected = self._projection.advance(self.shown.rows, 1.0)
        if projected is not None:
            self.shown = replace(self.shown, projected=projected)
            self.viewTurned.emit()
