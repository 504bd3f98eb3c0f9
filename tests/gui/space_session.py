"""A stand-in for the session: its names and signals, and points of a real projection."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.axes import AxesChoice, AxesPolicy, ShownAxes
from core.config import RunConfig, TableConfig
from core.corpus import Corpus, encode_corpus
from core.isolation import IsolatingProjection
from core.kept_table import KeptTable
from core.movement.parts import Movement
from core.problems import AnyProblem
from core.vocabulary import Vocabulary, VocabularyConfig
from gui.chosen_axes import ChosenAxes
from gui.colouring import Colouring
from gui.holds import Hold, Holds
from gui.layers import Layers
from gui.maps import Maps
from gui.session import Session, Shown, State
from gui.shown_only import ShownOnly
from gui.token_lists import TokenLists
from tests.gui.run_session import StillTime

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


class NothingAsked(QObject):
    """What is told of the nearest tokens: no sum of words was asked for, and no step is marked."""

    changed = Signal()
    sum = None
    problemRaised = Signal(object)
    marked_step: int | None = None
    marked: KeptTable | None = None
    given: Callable[[], KeptTable]

    def mark(self) -> None:
        self.forget_mark()
        self.marked = self.given()
        self.marked_step = self.marked.step
        self.changed.emit()

    def forget_mark(self) -> None:
        if self.marked is not None:
            self.marked.close()
        self.marked = self.marked_step = None
        self.changed.emit()


class MovementAsked(QObject):
    """What is told of why the picked row moved."""

    answered = Signal()
    movement: Movement | None = None

    def tell(self, movement: Movement | None) -> None:
        self.movement = movement
        self.answered.emit()


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
    sentencesChanged = Signal()

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
        self.nearest = NothingAsked()
        self.movement = MovementAsked()
        self.nearest.given = self._kept
        self.layers = Layers(self)
        self.time = StillTime(self)
        self.encoded = encode_corpus(Corpus((" ".join(TOKENS[2:]),)), self.vocabulary)
        self.undo_stack = QUndoStack(self)
        self.lists = TokenLists(cast("Session", self), self)
        self.colouring = Colouring(cast("Session", self), self)
        self.shown: Shown | None = None
        self.problems: list[AnyProblem] = []
        self.chosen_axes = ChosenAxes(cast("Session", self), self, self)
        self.chosen_axes.changed.connect(self.axesChanged)
        self.chosen_axes.problemRaised.connect(self.problems.append)
        self.shown_only = ShownOnly(cast("Session", self), self._show_only, self)
        self._holds = Holds(self)
        self.maps = Maps(cast("Session", self), self)
        self.begin(rows)

    def begin(self, rows: NDArray) -> None:
        """Another run begins with `rows`."""
        self.config = RunConfig(TableConfig(*rows.shape))
        self._projection = IsolatingProjection()
        self._projection.set_dimensions(self.dimensions)
        self._projection.set_policy(self.axes)
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

    def hold(self) -> Hold | None:
        return None if self.shown is None else self._holds.take(self.shown.rows)

    def _kept(self) -> KeptTable:
        assert self.shown is not None
        return KeptTable(self.shown.rows, self.shown.step)

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

    def set_choice(self, choice: AxesChoice) -> None:
        self._projection.set_choice(choice)
        self._turn()

    def show_axes(self, axes: ShownAxes) -> None:
        self._projection.show_axes(axes)
        self._turn()

    def _show_only(self, ids_: NDArray | None) -> None:
        self._projection.show_only(ids_)
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
