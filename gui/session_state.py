"""What a session is at this moment: what panels read, and the signals that tell of news."""

from functools import reduce
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoStack

from core.changes import config_after
from core.config import RunConfig
from core.corpus import Corpus, missing_labels
from core.machine import Machine
from core.messages import EncodedCorpus, Keep
from core.problems import AnyProblem, NoLabels
from core.projection import AxesPolicy
from core.vocabulary import Token, Vocabulary
from gui.holds import Hold
from gui.live_run import LiveRun, Shown, State
from gui.opened import Opened
from gui.run_history import LossHistory, RunHistory


class SessionState(QObject):
    """A document, the run that trains on it, the typed line and the selection.

    The signals carry nothing: whoever hears one reads the state. The vocabulary is that of the
    table on screen; while an edit waits for its rows, `text` is ahead of it.
    """

    sentencesChanged = Signal()
    lineChanged = Signal()
    vocabularyChanged = Signal()
    configChanged = Signal()
    stateChanged = Signal()
    runStarted = Signal()  # another run is shown: forget trails, losses and flashes
    frameShown = Signal()  # another step is shown
    viewTurned = Signal()  # the same step under other axes
    gradientsShown = Signal()  # the same step, with the gradients of other rows
    selectionChanged = Signal()
    hoverChanged = Signal()
    axesChanged = Signal()
    matchesChanged = Signal()
    stateKept = Signal(object)  # core.messages.Kept
    problemRaised = Signal(object)  # core.problems.AnyProblem
    progressChanged = Signal(str, int, int)  # what, done, total; total 0 when it is over

    def __init__(self, opened: Opened, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._live = LiveRun(self)
        self._opened = opened
        self._document = opened.document
        self._vocabulary = opened.document.vocabulary
        self._line = ""
        self._line_tokens: tuple[Token, ...] = ()
        self._selection: tuple[int, ...] = ()
        self._hovered: int | None = None
        self._axes: AxesPolicy = "follow"
        self._dimensions = 2

    @property
    def text(self) -> str:
        """The sentences as typed or read."""
        return self._document.text

    @property
    def corpus(self) -> Corpus:
        """The sentences in `text`."""
        return self._document.corpus

    @property
    def label_names(self) -> tuple[str, ...]:
        """The labels by their index, as `Trained.targets` of sentence-label count them."""
        return self._document.encoded.label_names

    @property
    def encoded(self) -> EncodedCorpus:
        """The sentences as ids."""
        return self._document.encoded

    @property
    def text_source(self) -> Path | None:
        """The file `text` was read from."""
        return self._document.source

    @property
    def opened(self) -> Opened:
        """What was opened last: the run, and the text it came with."""
        return self._opened

    @property
    def scenario(self) -> str:
        """The name of the scenario that the run began as; empty if it is none."""
        return self._opened.scenario

    @property
    def line(self) -> str:
        """The typed line."""
        return self._line

    @property
    def line_tokens(self) -> tuple[Token, ...]:
        """The tokens of the typed line."""
        return self._line_tokens

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the table on screen."""
        return self._vocabulary

    @property
    def config(self) -> RunConfig:
        """The settings of the run that was opened last, with the changes under way."""
        history = self.history
        # While it runs the engine is ahead of the screen; what it changed there is no later change.
        now = history.config_at(history.step) if history.step < history.reach else history.config
        return reduce(config_after, self._live.changes_under_way(), now)

    @property
    def shown_config(self) -> RunConfig:
        """The settings of the table on screen, which while a run is being built is another's."""
        history = self._live.shown_history
        return self.config if history is None else _config_on_screen(history)

    @property
    def state(self) -> State:
        """What the run is doing."""
        return self._live.state

    @property
    def shown(self) -> Shown | None:
        """The step on screen; None until the engine has built the first table."""
        return self._live.shown

    @property
    def losses(self) -> LossHistory:
        """The loss of each step so far."""
        return self.history.losses

    @property
    def loss(self) -> float | None:
        """The loss of the step on screen; None before the first."""
        step = 0 if self.shown is None else self.shown.step
        known = self.losses.losses
        return float(known[step - 1]) if 0 < step <= len(known) else None

    @property
    def steps_per_second(self) -> float:
        """How fast it trains, over the last second."""
        return self._live.steps_per_second

    @property
    def speed(self) -> float | None:
        """The wanted limit in steps per second; None: as fast as it goes."""
        return self._live.speed

    @property
    def selection(self) -> tuple[int, ...]:
        """The picked ids, the one picked last at the end."""
        return self._selection

    @property
    def hovered(self) -> int | None:
        """The id under the pointer, wherever that is."""
        return self._hovered

    @property
    def axes(self) -> AxesPolicy:
        """Whether the axes follow the table or are held."""
        return self._axes

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return self._dimensions

    @property
    def history(self) -> RunHistory:
        """The run that was opened last: how it began, and what was changed when."""
        return self._opened.history

    @property
    def is_shown(self) -> bool:
        """Whether the run that was opened last is on screen, not yet the one before."""
        return self._live.is_shown

    @property
    def threads(self) -> int:
        """How many threads the engine computes with."""
        return 1 if self.machine is None else self.machine.threads

    @property
    def machine(self) -> Machine | None:
        """What the engine computes with; None until it has started once."""
        return self._live.machine

    def hold(self) -> Hold | None:
        """Keep the rows on screen as they are for a reader in another thread; None before any."""
        return self._live.hold()

    def keep_state(self, path: Path) -> None:
        """Have the engine write all that training has changed into `path`: `stateKept` tells."""
        self._live.send(Keep(str(path)))

    def engine_process_id(self) -> int:
        """The system's id of the engine process; 0 while there is none."""
        return self._live.engine_process_id()

    @Slot(int, int)
    def _tell_progress(self, done: int, total: int) -> None:
        self.progressChanged.emit(self.tr("Repeating the steps of this run"), done, total)

    @Slot(object)
    def _tell_of_run(self, problem: AnyProblem) -> None:
        """Tell of a problem of the run; the engine knows no lines, the sentences do."""
        without_labels = isinstance(problem, NoLabels)
        self.problemRaised.emit(missing_labels(self.corpus) if without_labels else problem)


def _config_on_screen(history: RunHistory) -> RunConfig:
    """The settings at the step that is on screen, which may be an earlier one."""
    return history.config_at(history.step) if history.has_later_changes else history.config
