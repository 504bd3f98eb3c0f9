"""A session without an engine, for tests of panels that show text and rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.config import RunConfig, TableConfig
from core.corpus import parse_sentences
from core.vocabulary import Token, Vocabulary
from gui.lit_finding import LitFinding
from gui.live_run import State

ARTICLE = "you need to know how to code"
WORDS = ("<unk>", "<pad>", "code", "you", "know", "to", "need", "how")
ROWS = (
    (0.0, 0.0, 0.0),
    (0.0, 0.0, 0.0),
    (0.2, 0.9, 0.3),
    (0.1, 0.5, 0.7),
    (0.2, 0.1, 0.8),
    (0.4, 0.1, 0.1),
    (0.1, 0.8, 0.9),
    (0.6, 0.1, 0.1),
)


def ids(*given: int) -> np.ndarray:
    """Ids as frames carry them."""
    return np.array(given, np.int32)


@dataclass
class TextShown:
    """A step on screen, with what these panels read of it."""

    rows: np.ndarray
    step: int = 0
    touched_ids: np.ndarray = field(default_factory=ids)
    moved_ids: np.ndarray = field(default_factory=ids)


class LitOnly:
    """Findings that nobody looks for; one can be lit."""

    def __init__(self, session: "TextSession") -> None:
        self.lit = LitFinding(session, session)


class TextSession(QObject):
    """The signals, the state and the calls that the panels use; calls are noted in `calls`."""

    sentencesChanged = Signal()
    lineChanged = Signal()
    vocabularyChanged = Signal()
    configChanged = Signal()
    stateChanged = Signal()
    frameShown = Signal()
    runStarted = Signal()
    selectionChanged = Signal()
    hoverChanged = Signal()

    def __init__(self, text: str = ARTICLE, rows: np.ndarray | None = None) -> None:
        super().__init__()
        self.calls: list[tuple[str, object]] = []
        self.vocabulary = Vocabulary.from_tokens(WORDS, sentences=text.splitlines())
        self.text = text
        self.text_source: Path | None = None
        self.corpus = parse_sentences(text)
        self.line = ""
        self.line_tokens: tuple[Token, ...] = ()
        self.selection: tuple[int, ...] = ()
        self.hovered: int | None = None
        self.state = State.PAUSED
        self.undo_stack = QUndoStack(self)
        table = np.array(ROWS, np.float32) if rows is None else rows
        self.shown: TextShown | None = TextShown(table)
        self.config = RunConfig(TableConfig(*table.shape))
        self.findings = LitOnly(self)

    @property
    def shown_config(self) -> RunConfig:
        return self.config

    def set_text(self, text: str) -> None:
        self.calls.append(("set_text", text))
        self.text = text
        self.corpus = parse_sentences(text)
        self.vocabulary = self.vocabulary.with_sentences(self.corpus.sentences)
        self.vocabularyChanged.emit()
        self.sentencesChanged.emit()

    def set_line(self, line: str) -> None:
        self.line = line
        self.line_tokens = self.vocabulary.encode(line)
        self.lineChanged.emit()

    def select(self, selection: Sequence[int]) -> None:
        self.selection = tuple(selection)
        self.selectionChanged.emit()

    def hover(self, id: int | None) -> None:
        self.calls.append(("hover", id))
        self.hovered = id
        self.hoverChanged.emit()

    def add_to_sentences(self, token: str) -> None:
        self.calls.append(("add_to_sentences", token))

    def rebuild_vocabulary(self) -> None:
        self.calls.append(("rebuild_vocabulary", None))

    def show_rows(self, rows: np.ndarray, **marks: np.ndarray) -> None:
        """Put a frame on screen."""
        step = 0 if self.shown is None else self.shown.step + 1
        self.shown = TextShown(rows, step, **marks)
        self.frameShown.emit()
