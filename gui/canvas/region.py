"""A part of the screen that somebody drew, and which points lie in it: exact, and quick for many.

The inside of an outline is by the even-odd rule: where an outline crosses itself, what it goes
around twice is outside.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Corner = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """From one corner to the opposite one, in pixels; its sides belong to it."""

    start: Corner
    end: Corner

    def outline(self) -> tuple[Corner, ...]:
        """Its four corners."""
        (x0, y0), (x1, y1) = self.start, self.end
        return (x0, y0), (x1, y0), (x1, y1), (x0, y1)

    def inside(self, screen: NDArray[np.float32]) -> NDArray[np.intp]:
        """The ids, ascending, of the points (V, 2) within; NaN never is."""
        return _within_box(screen, np.array([self.start, self.end], np.float64))


@dataclass(frozen=True)
class Lasso:
    """An outline through `corners` in pixels, closed from the last to the first."""

    corners: tuple[Corner, ...]

    def outline(self) -> tuple[Corner, ...]:
        """Its corners."""
        return self.corners

    def inside(self, screen: NDArray[np.float32]) -> NDArray[np.intp]:
        """The ids, ascending, of the points (V, 2) within; NaN never is.

        A point on the outline is within if the outline lies to the left of it or above it.
        """
        if len(self.corners) < 3:
            return np.zeros(0, np.intp)
        corners = np.array(self.corners, np.float64)
        ids = _within_box(screen, corners)
        return ids[_by_even_odd(screen[ids].astype(np.float64), corners)]


Region = Rectangle | Lasso


def _within_box(screen: NDArray[np.float32], corners: NDArray[np.float64]) -> NDArray[np.intp]:
    """The ids of the points in the smallest box around `corners`, its sides included."""
    # As float64 scalars: against Python's numbers numpy would compare in float32.
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    ids = np.flatnonzero((screen[:, 0] >= left) & (screen[:, 0] <= right))
    y = screen[ids, 1]  # of the few that are left
    within: NDArray[np.intp] = ids[(y >= top) & (y <= bottom)]
    return within


def _by_even_odd(points: NDArray[np.float64], corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether an odd number of edges lies to the left of each point (n, 2).

    With the points in the order of their heights an edge looks only at those between its ends, so
    that the work is that of a few looks at each point, however many corners there are.
    """
    order = np.argsort(points[:, 1])
    x, y = points[order, 0], points[order, 1]
    odd = np.zeros(len(points), bool)
    starts, ends = corners, np.roll(corners, -1, axis=0)
    low = np.searchsorted(y, np.minimum(starts[:, 1], ends[:, 1]))
    high = np.searchsorted(y, np.maximum(starts[:, 1], ends[:, 1]))
    for (x0, y0), (x1, y1), first, last in zip(
        starts.tolist(), ends.tolist(), low.tolist(), high.tolist(), strict=True
    ):
        if first < last:
            crossing = x0 + (y[first:last] - y0) * ((x1 - x0) / (y1 - y0))
            odd[first:last] ^= crossing <= x[first:last]
    inside = np.empty_like(odd)
    inside[order] = odd
    return inside
