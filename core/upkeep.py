"""Keeps the principal components of a changing table current, with bounded work a frame.

Where few rows changed, their part is replaced and all is exact at once. Where every row moves
(dense Adam), reading 100,000 × 300 takes 0.4 s: then the table is read a piece a frame, within a
share of the time, and the components are those of the last whole reading until it stands still.
"""

import time
from math import inf

import numpy as np
from numpy.typing import NDArray

from core.covariance import Rows, RunningCovariance
from core.leading import Leading, LeadingAxes

DUTY = 0.2
"""The share of the time that goes into reading all rows while they move."""

AT_ONCE = 2**26
"""So many multiplications or fewer are done at once: a few milliseconds."""

AT_ONCE_HELD = 2**22
"""The same while the axes are held and nothing waits for them."""


class LiveComponents:
    """The mean, the leading components and the variance of a table that moves."""

    leading: Leading

    def __init__(self, rows: Rows, step: int) -> None:
        self._moments = RunningCovariance(rows)
        self._iteration = LeadingAxes()
        self._reading: RunningCovariance | None = None
        self._credit = 0.0
        self._current = True
        self._known = self._checked = True
        self._mixed = False  # whether pieces of the reading are of different steps
        self._began = self.step = step
        self._find()

    @property
    def current(self) -> bool:
        """Whether they are those of the table as it is now; otherwise of `step`."""
        return self._current

    @property
    def finished(self) -> bool:
        """Whether they are current, as exact as they get, and checked."""
        return self._current and self._known and self._checked

    @property
    def mean(self) -> NDArray[np.float64]:
        """(D,)."""
        return self._moments.mean

    @property
    def spectrum(self) -> NDArray[np.float64]:
        """(k,): the share of the variance along each leading component; NaN if there is none."""
        total = self._moments.total
        if total <= 0:
            return np.full(len(self.leading.values), np.nan)
        return np.clip(self.leading.values / total, 0, 1)

    @property
    def mean_square(self) -> float:
        """The mean of the squared lengths of the rows."""
        moments = self._moments
        return moments.total / max(1, moments.count) + float(moments.mean @ moments.mean)

    def shares(self, axes: NDArray[np.float64]) -> NDArray[np.float64]:
        """See `RunningCovariance.shares`."""
        return self._moments.shares(axes)

    def update(
        self, rows: Rows, ids: NDArray[np.integer], old_rows: Rows, step: int, *, held: bool
    ) -> None:
        """`rows[ids]` were `old_rows` (m, D) until now; `held`: nothing waits for the axes."""
        work = len(ids) * rows.shape[1] ** 2
        if self._current and not (held and work > AT_ONCE_HELD):
            self._moments.update(rows, ids, old_rows)
            self.step = step
            self._known = False
            if not held or rows.shape[1] ** 3 <= AT_ONCE_HELD:
                self._find()
            return
        if self._reading is None or self._reading.rows != len(rows):
            self._begin(rows, step)
        elif 2 * len(ids) >= len(rows):
            self._mixed = self._reading.position > 0
        else:
            self._reading.correct(rows, ids, old_rows)
        self._current = False

    def update_all(self, rows: Rows, step: int) -> None:
        """Any of `rows` (V, D) may have changed."""
        if rows.size * rows.shape[1] <= AT_ONCE:
            self._reading, self._current, self._known = None, True, False
            self._moments.refit(rows)
            self.step = step
            self._find()
            return
        if self._reading is None or self._reading.rows != len(rows):
            self._begin(rows, step)
        else:
            self._mixed = self._reading.position > 0
        self._current = False

    def pass_time(self, rows: Rows, step: int, seconds: float) -> None:
        """Do what a share of `seconds` allows, while the table moves."""
        self._credit = min(self._credit + DUTY * seconds, DUTY)
        begun = time.perf_counter()
        if self._credit > 0 and not (self._current and self._known):
            self.work(rows, step, self._credit)
            self._credit -= time.perf_counter() - begun

    def work(self, rows: Rows, step: int, seconds: float = inf) -> bool:
        """Go on for about `seconds` over (V, D) `rows` of `step`; whether anything is new."""
        if not self._current:
            if self._reading is None:
                self._begin(rows, step)
            assert self._reading is not None
            if not self._reading.read(rows, seconds):
                return False
            self._moments, self.step = self._reading, self._began
            self._reading, self._current = None, not self._mixed
            if self._current:
                self.step = step
            self._find()
            return True
        if not self._known:
            self._find()
            return True
        if not self._checked:
            checked = self._iteration.check(self._moments.scatter, self.leading)
            self._checked = True
            new = checked is not self.leading
            self.leading = checked
            return new
        return False

    def _begin(self, rows: Rows, step: int) -> None:
        self._reading = RunningCovariance(rows[:0])
        self._reading.begin(rows)
        self._began, self._mixed = step, False

    def _find(self) -> None:
        self.leading = self._iteration.find(self._moments.scatter)
        self._known = self.leading.settled
        self._checked = self.leading.complete
