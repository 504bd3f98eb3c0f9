"""What a map is made of, and how its making tells how far it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.maps.messages import Stage
from core.maps.settings import Metric

Points = NDArray[np.floating[Any]]

Tell = Callable[[Stage, int, int, Points | None], None]
"""Told (stage, done, total, points); raises `Cancelled` to end the work. `points` are in the
method's own units and go on changing: a copy is the listener's business."""


@dataclass(frozen=True, eq=False)
class Readied:
    """The rows (n, D) float32 that can be mapped, centred or of length one, none longer than 1."""

    rows: NDArray[np.float32]
    kept: NDArray[np.bool_]
    """(all,): which of the given rows these are."""

    @property
    def left_out(self) -> tuple[int, ...]:
        """The places of the others."""
        return tuple(np.flatnonzero(~self.kept).tolist())


def ready(rows: NDArray[Any], metric: Metric) -> Readied:
    """What can be mapped of `rows` (n, D): all that are finite and, by the cosine, not zero.

    Neither method minds where the rows lie nor how long they are as a whole, so that they are
    brought to where float32 is at its best.
    """
    values = rows.astype(np.float64)
    kept = np.asarray(np.isfinite(values).all(axis=1))
    if metric == "cosine":
        kept &= (values != 0).any(axis=1)
    values = values[kept]
    # First to numbers of about 1: the squares of very long or short rows are infinite or 0.
    if metric == "cosine":
        values /= np.abs(values).max(axis=1, keepdims=True)
        values /= np.linalg.norm(values, axis=1, keepdims=True)
    elif len(values):
        values /= np.abs(values).max() or 1.0
        values -= values.mean(axis=0)
        values /= np.linalg.norm(values, axis=1).max() or 1.0
    return Readied(values.astype(np.float32), kept)


def size_of(points: Points) -> float:
    """The median distance of `points` (n, k) from their centre; 1 if they all lie there.

    The median, because single points of a young map shoot far out for a moment.
    """
    spread = np.asarray(points, np.float64) - np.mean(points, axis=0, dtype=np.float64)
    distances = np.linalg.norm(spread, axis=1)
    return float(np.median(distances)) or float(distances.max()) or 1.0
