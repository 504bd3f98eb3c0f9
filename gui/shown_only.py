"""Which tokens Space shows alone, if it does not show all."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.vocabulary import Vocabulary
from gui.session_sides import WithWords

Ids = NDArray[np.int64]


class ShownOnly(QObject):
    """The tokens, None for all. They outlive another numbering and another run.

    Where most of them are gone, another text was opened, and all are shown.
    """

    changed = Signal()

    def __init__(
        self, session: WithWords, use: Callable[[Ids | None], None], parent: QObject | None = None
    ) -> None:
        """`use` has only the points with these ids drawn, or all."""
        super().__init__(parent)
        self._session, self._use = session, use
        self.tokens: tuple[str, ...] | None = None
        session.vocabularyChanged.connect(self._find_ids_again)

    def show(self, tokens: Sequence[str]) -> bool:
        """Show these tokens only; whether there is any of them in the table."""
        ids = ids_of(self._session.vocabulary, tokens)
        if not len(ids):
            return False
        self.tokens = tuple(tokens)
        self._use(ids)
        self.changed.emit()
        return True

    @Slot()
    def show_all(self) -> None:
        """Show all tokens."""
        if self.tokens is not None:
            self.tokens = None
            self._use(None)
            self.changed.emit()

    @Slot()
    def _find_ids_again(self) -> None:
        if self.tokens is None:
            return
        ids = ids_of(self._session.vocabulary, self.tokens)
        if 2 * len(ids) < len(self.tokens):
            self.show_all()
        else:
            self._use(ids)


def ids_of(vocabulary: Vocabulary, tokens: Sequence[str]) -> Ids:
    """The ids, ascending, of those `tokens` that the vocabulary has."""
    found = {vocabulary.id(token) for token in tokens} - {None}
    return np.sort(np.fromiter(found, np.int64, len(found)))
