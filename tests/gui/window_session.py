"""A session without an engine, for tests of the window's own parts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.vocabulary import Vocabulary
from core.word_arithmetic import Blend, Term, written
from gui.session import State
from gui.shown_only import ShownOnly
from gui.token_search import TokenSearch


class NearestCalls:
    """Notes the sums that are asked for."""

    def __init__(self, calls: list[tuple[str, Any]]) -> None:
        self._calls = calls

    def ask(self, terms: tuple[Term, ...], blend: Blend) -> None:
        self._calls.append(("ask", (written(terms), blend)))


class TimeCalls(QObject):
    """Notes the steps that are asked for."""

    changed = Signal()

    def __init__(self, calls: list[tuple[str, Any]]) -> None:
        super().__init__()
        self._calls = calls

    def back(self) -> None:
        self._calls.append(("back", None))


class MapOnScreen(QObject):
    """A map, if there is one, that nobody makes."""

    changed = Signal()
    pointsChanged = Signal()
    current: object = None


class WindowSession(QObject):
    """The state and signals that actions, keys, find box and opener use; calls are noted."""

    stateChanged = Signal()
    axesChanged = Signal()
    viewTurned = Signal()
    runStarted = Signal()
    vocabularyChanged = Signal()
    selectionChanged = Signal()
    progressChanged = Signal(str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, Any]] = []
        self.undo_stack = QUndoStack(self)
        self.vocabulary = Vocabulary.build(["you need to know how to step"])
        self.state = State.PAUSED
        self.axes = "follow"
        self.dimensions = 2
        self.speed: float | None = None
        self.text_source: Path | None = None
        self.search = TokenSearch(self, self)  # its thread starts with the first letter typed
        self.nearest = NearestCalls(self.calls)
        self.time = TimeCalls(self.calls)
        self.maps = MapOnScreen(self)
        self.shown: Any = None
        self.selection: tuple[int, ...] = ()
        self.shown_only = ShownOnly(self, self._show_only, self)

    def _show_only(self, ids: NDArray | None) -> None:
        self.calls.append(("show_only", None if ids is None else ids.tolist()))

    def step(self, count: int = 1) -> None:
        self.calls.append(("step", count))

    def toggle_run(self) -> None:
        self.calls.append(("toggle_run", None))

    def reset(self) -> None:
        self.calls.append(("reset", None))

    def set_speed(self, speed: float | None) -> None:
        self.calls.append(("set_speed", speed))
        self.speed = speed

    def open_example(self, name: str) -> None:
        self.calls.append(("open_example", name))

    def rebuild_vocabulary(self) -> None:
        self.calls.append(("rebuild_vocabulary", None))

    def set_axes(self, policy: str) -> None:
        self.calls.append(("set_axes", policy))

    def set_dimensions(self, dimensions: int) -> None:
        self.calls.append(("set_dimensions", dimensions))
        self.dimensions = dimensions

    def select(self, ids: Iterable[int]) -> None:
        self.selection = tuple(ids)
        self.calls.append(("select", self.selection))
        self.selectionChanged.emit()

    def show_document(self, document: Any) -> None:
        self.calls.append(("show_document", document))
