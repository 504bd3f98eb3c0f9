"""A stand-in for the session: the same names and signals, and a table made by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from core.config import RunConfig, TableConfig
from core.vocabulary import Vocabulary, VocabularyConfig
from gui.holds import Hold, Holds
from gui.session import State

ARTICLE_TOKENS = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")
ARTICLE_ROWS = np.array(
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


@dataclass(frozen=True)
class FakeShown:
    step: int
    since: int
    rows: NDArray
    touched_ids: NDArray = field(default_factory=ids)
    gradient_norms: NDArray = field(default_factory=lambda: np.empty(0, np.float32))
    moved_ids: NDArray = field(default_factory=ids)
    moved_by: NDArray = field(default_factory=lambda: np.empty(0, np.float32))
    gradients: dict[int, NDArray] = field(default_factory=dict)
    done: bool = True


class FakeSession(QObject):
    sentencesChanged = Signal()
    vocabularyChanged = Signal()
    configChanged = Signal()
    stateChanged = Signal()
    frameShown = Signal()
    gradientsShown = Signal()
    runStarted = Signal()
    selectionChanged = Signal()
    hoverChanged = Signal()
    matchesChanged = Signal()

    def __init__(self, rows: NDArray, vocabulary: Any) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self.config = RunConfig(TableConfig(*rows.shape))
        self.state = State.PAUSED
        self.shown: FakeShown | None = FakeShown(0, 0, rows)
        self.selection: tuple[int, ...] = ()
        self.hovered: int | None = None
        self.cells: list[tuple[int, int, float]] = []
        self.selects = 0
        self.matches = ids()
        self._holds = Holds(self)

    @property
    def shown_config(self) -> RunConfig:
        return self.config

    def select(self, wanted: tuple[int, ...]) -> None:
        if tuple(wanted) != self.selection:
            self.selection = tuple(wanted)
            self.selects += 1
            self.selectionChanged.emit()

    def hover(self, id_: int | None) -> None:
        if id_ != self.hovered:
            self.hovered = id_
            self.hoverChanged.emit()

    def hold(self) -> Hold:
        assert self.shown is not None
        return self._holds.take(self.shown.rows)

    def set_cell(self, row: int, column: int, value: float) -> None:
        self.cells.append((row, column, value))

    def show(self, shown: FakeShown | None) -> None:
        self.shown = shown
        self.frameShown.emit()


def article_session() -> FakeSession:
    vocabulary = Vocabulary.from_tokens(
        ARTICLE_TOKENS, VocabularyConfig(), ["you need to know how to code"]
    )
    return FakeSession(ARTICLE_ROWS.copy(), vocabulary)


class NumberedTokens(Sequence[str]):
    """The tokens w0, w1, …, made as they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(self._count))]
        return f"w{place}"


class NumberedVocabulary:
    unk_id, pad_id = 0, 1

    def __init__(self, count: int) -> None:
        self.tokens = NumberedTokens(count)
        self.counts = np.arange(count)

    def __len__(self) -> int:
        return len(self.tokens)

    def is_vanished(self, id_: int) -> bool:
        return False

    def count(self, id_: int) -> int:
        return id_

    def id(self, token: str) -> int | None:
        return int(token[1:]) if token[:1] == "w" and token[1:].isdigit() else None

    def find(self, prefix: str, limit: int) -> list[int]:
        return []


def large_session(count: int, width: int) -> FakeSession:
    """`count` rows of `width` values, without the work of building a vocabulary of that size."""
    generator = np.random.default_rng(0)
    block = generator.normal(size=(min(count, 1000), width)).astype(np.float32)
    rows = np.tile(block, (count // len(block), 1))
    return FakeSession(rows, NumberedVocabulary(count))


def a_step(session: FakeSession, step: int = 1) -> FakeShown:
    """Row 3 was touched, row 4 moved without a gradient."""
    assert session.shown is not None
    rows = session.shown.rows.copy()
    rows[3:5] -= np.float32(0.25)
    one = np.ones(1, np.float32)
    return FakeShown(step, step - 1, rows, ids(3), one, ids(3, 4), np.ones(2, np.float32))
