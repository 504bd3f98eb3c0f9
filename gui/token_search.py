"""The tokens that match what is looked for, found in a thread of its own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from core.problems import AnyProblem, ProblemError
from core.progress import Cancelled
from core.search import SearchMode, search
from core.token_finder import TokenFinder
from gui.session_sides import WithWords

PAUSE_MS = 120  # in typing, before a pattern is tried


@dataclass(frozen=True, eq=False)
class _Wish:
    number: int
    finder: TokenFinder
    text: str
    mode: SearchMode


class _Worker(QObject):
    """Lives in the thread; `latest` is the number of the wish that counts."""

    found = Signal(int, object)  # the number of the wish; ids int32, or a problem

    def __init__(self) -> None:
        super().__init__()
        self.latest = self._number = 0

    @Slot(object)
    def look(self, wish: _Wish) -> None:
        """Search, unless another wish has come."""
        self._number = wish.number
        if self._is_old():
            return
        result: NDArray[np.int32] | AnyProblem
        try:
            result = search(wish.finder, wish.text, wish.mode, self._is_old)
        except Cancelled:
            return
        except ProblemError as error:
            result = error.problem
        self.found.emit(wish.number, result)

    def _is_old(self) -> bool:
        return self._number != self.latest


class TokenSearch(QObject):
    """What is looked for and how, and the ids that match: `matches` int32, ascending.

    `found` is False while a search is under way; the matches are then those of the last one.
    """

    changed = Signal()  # the text, the mode, or what was found
    matchesChanged = Signal()
    _wished = Signal(object)

    def __init__(self, session: WithWords, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.text = ""
        self.mode: SearchMode = "prefix"
        self.matches: NDArray[np.int32] = np.empty(0, np.int32)
        self.found = True
        self.problem: AnyProblem | None = None
        self._thread = QThread(self)
        self._thread.setObjectName("search")
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._wished.connect(self._worker.look)
        self._worker.found.connect(self._take)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._begin)
        session.vocabularyChanged.connect(self._search)

    def look_for(self, text: str) -> None:
        """Find the tokens that match `text`; none for an empty one."""
        if text != self.text:
            self.text = text
            self._search()

    def set_mode(self, mode: SearchMode) -> None:
        """Match somewhere in a token, at its beginning, or by a regular expression."""
        if mode != self.mode:
            self.mode = mode
            self._search()

    def close(self) -> None:
        """End the thread, and a search under way."""
        self.text = ""
        self._pause.stop()
        self._worker.latest += 1
        self._thread.quit()
        self._thread.wait()

    @Slot()
    def _search(self) -> None:
        self._worker.latest += 1  # whatever is under way is not waited for
        self.problem = None
        if not self.text:
            self._pause.stop()
            self._show(np.empty(0, np.int32))
            return
        self.found = False
        self.changed.emit()
        self._pause.start(PAUSE_MS if self.mode == "regex" else 0)

    @Slot()
    def _begin(self) -> None:
        if not self._thread.isRunning():
            self._thread.start()
        finder = self._session.vocabulary.finder
        self._wished.emit(_Wish(self._worker.latest, finder, self.text, self.mode))

    @Slot(int, object)
    def _take(self, number: int, result: NDArray[np.int32] | AnyProblem) -> None:
        if number != self._worker.latest:
            return
        if isinstance(result, np.ndarray):
            self._show(result)
        else:
            self.problem = result
            self._show(np.empty(0, np.int32))

    def _show(self, matches: NDArray[np.int32]) -> None:
        self.found = True
        differ = not np.array_equal(matches, self.matches)
        self.matches = matches
        if differ:
            self.matchesChanged.emit()
        self.changed.emit()
