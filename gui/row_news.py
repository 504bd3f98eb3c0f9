"""Which rows have moved since somebody looked at them last."""

import numpy as np
from numpy.typing import NDArray

from gui.shown import Shown


class RowNews:
    """Hears of each step that is shown, until somebody takes what there is."""

    def __init__(self) -> None:
        self._moved: NDArray[np.bool_] | None = None  # (V,); None: any may have
        self._rows = 0
        self._mapping: object = None

    def note(self, shown: Shown) -> None:
        """Another step is shown."""
        # The first frame of a mapping does not say what moved: its rows may be any.
        mapping, before = shown.rows.base, self._mapping
        self._mapping, self._rows = mapping, len(shown.rows)
        # Where half of them move, looking at each costs more than reading all.
        many = 2 * len(shown.moved_ids) >= self._rows
        if mapping is None or mapping is not before or shown.whole or many:
            self._moved = None
        elif self._moved is not None:
            self._moved[shown.moved_ids] = True

    def take(self) -> NDArray[np.intp] | None:
        """The ids (m,), None for any; from now on those that move after this."""
        moved, self._moved = self._moved, np.zeros(self._rows, bool)
        return None if moved is None else np.flatnonzero(moved)
