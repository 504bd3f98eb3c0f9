"""What one step says about one token, gathered from the frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.live_run import Shown


@dataclass(frozen=True)
class TokenFacts:
    """One token at one step: `row` (D,), and `gradient` (D,) where the step gave it one.

    `touched` is the norm of its gradient (0: it came in a step before this one), `moved` the
    length of its move; None where there was none since the frame before.
    """

    id: int
    row: NDArray[np.floating]
    gradient: NDArray[np.floating] | None
    touched: float | None
    moved: float | None


def facts_of(shown: Shown | None, id_: int) -> TokenFacts | None:
    """What the step on screen says about `id_`; None while there is no such row."""
    if shown is None or not 0 <= id_ < len(shown.rows):
        return None
    gradient = shown.gradients.get(id_)
    if gradient is not None and not gradient.any():
        gradient = None  # a dense gradient holds zeros for the rows that the batch left out
    touched = _entry(shown.touched_ids, shown.gradient_norms, id_)
    moved = _entry(shown.moved_ids, shown.moved_by, id_)
    return TokenFacts(id_, shown.rows[id_], gradient, touched, moved)


def _entry(ids: NDArray[np.int32], values: NDArray[np.float32], id_: int) -> float | None:
    places = np.flatnonzero(ids == id_)
    return float(values[places[0]]) if len(places) else None
