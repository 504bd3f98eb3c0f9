"""What is remembered of a run as it is watched: which rows were touched, and how rows began."""

import numpy as np
from numpy.typing import NDArray

from gui.shown import Shown


class RowRecord:
    """Of one run, as far as it was on screen; nine bytes a row.

    `touched` bool (V,) are the rows that got a gradient in any step that was seen. In the `steps`
    since `since` every step was, and the table kept its size. `initial` uint64 (V,) are the
    fingerprints of the rows at step 0, None where that was not seen.
    """

    def __init__(self, shown: Shown) -> None:
        """Begin with the first step of a run that is shown."""
        self.touched = np.zeros(len(shown.rows), np.bool_)
        self.since = self.step = shown.step
        self.initial: NDArray[np.uint64] | None = None

    @property
    def steps(self) -> int:
        """For how many steps all was seen."""
        return self.step - self.since

    def note(self, shown: Shown) -> None:
        """Another step of the run is shown."""
        if shown.step < self.step:  # back in the run: what came later has not happened yet
            self.touched[:] = False
        unseen = shown.step < self.step or shown.since > self.step
        self.step = shown.step
        if unseen:
            self.begin_anew()
        if len(shown.rows) != len(self.touched):
            kept = self.touched[: len(shown.rows)]
            self.touched = np.zeros(len(shown.rows), np.bool_)
            self.touched[: len(kept)] = kept
            self.initial = None
            self.begin_anew()
        self.touched[shown.touched_ids] = True

    def begin_anew(self) -> None:
        """From now on it trains on other sentences, or the steps before this were not seen."""
        self.since = self.step
