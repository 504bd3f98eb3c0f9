"""The sides of the session that its parts look at: each asks for those it needs, and no more."""

from typing import Protocol

from PySide6.QtCore import SignalInstance

from core.messages import EncodedCorpus
from core.vocabulary import Vocabulary
from gui.holds import Hold
from gui.live_run import State
from gui.shown import Shown


class WithWords(Protocol):
    """It knows the tokens."""

    vocabularyChanged: SignalInstance

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the table on screen."""


class WithText(Protocol):
    """It has sentences."""

    sentencesChanged: SignalInstance

    @property
    def encoded(self) -> EncodedCorpus:
        """The sentences as ids."""


class WithStep(Protocol):
    """It shows a step at a time of one run after the other."""

    frameShown: SignalInstance
    runStarted: SignalInstance

    @property
    def shown(self) -> Shown | None:
        """The step on screen."""


class WithRows(WithStep, Protocol):
    """Its rows can be kept for a while."""

    def hold(self) -> Hold | None:
        """Keep the rows on screen as they are."""


class WithState(Protocol):
    """It trains, or rests."""

    stateChanged: SignalInstance

    @property
    def state(self) -> State:
        """What the run is doing."""


class WithSelection(Protocol):
    """Tokens are picked in it."""

    selectionChanged: SignalInstance

    @property
    def selection(self) -> tuple[int, ...]:
        """The picked ids."""
