"""Which part of the plane is on screen, at one scale for both axes: distances are truthful."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SHARE = 0.4  # a cloud smaller than this share of the view is fitted again
HEADROOM = 1.3  # room to grow, so that a cloud in training is not fitted at every step
_ROWS = 1024  # of points, side by side in one row of memory
_SMALLEST_SCALE, _LARGEST_SCALE = 1e-12, 1e15


@dataclass(frozen=True)
class Bounds:
    """The box around some points, in the plane's own units."""

    left: float
    right: float
    low: float
    high: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.low + self.high) / 2


@dataclass(frozen=True)
class Area:
    """The part of a widget that points should fill, in logical pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Never below 1."""
        return max(1.0, self.right - self.left)

    @property
    def height(self) -> float:
        """Never below 1."""
        return max(1.0, self.bottom - self.top)

    @property
    def centre(self) -> tuple[float, float]:
        """The pixel that shows the centre of a `ViewRange`."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class ViewRange:
    """The point (`x`, `y`) of the plane is in the middle; `scale` is pixels for one unit."""

    x: float = 0.0
    y: float = 0.0
    scale: float = 100.0

    def to_screen(self, plane: NDArray[np.floating], area: Area) -> NDArray[np.float32]:
        """(N, 2) points of the plane as (N, 2) pixels; y grows upwards in the plane."""
        middle_x, middle_y = area.centre
        # Column by column: numpy is ten times slower along rows of two.
        screen = np.empty(plane.shape, np.float32, order="F")
        with np.errstate(over="ignore"):
            screen[:, 0] = (plane[:, 0] - np.float32(self.x)) * np.float32(self.scale)
            screen[:, 1] = (plane[:, 1] - np.float32(self.y)) * np.float32(-self.scale)
        screen[:, 0] += np.float32(middle_x)
        screen[:, 1] += np.float32(middle_y)
        return screen

    def to_plane(self, x: float, y: float, area: Area) -> tuple[float, float]:
        """The point of the plane that pixel (`x`, `y`) shows."""
        middle_x, middle_y = area.centre
        return self.x + (x - middle_x) / self.scale, self.y - (y - middle_y) / self.scale

    def pixels(self, bounds: Bounds, area: Area) -> Area:
        """Where a box of the plane is on the screen."""
        middle_x, middle_y = area.centre
        return Area(
            middle_x + (bounds.left - self.x) * self.scale,
            middle_y - (bounds.high - self.y) * self.scale,
            middle_x + (bounds.right - self.x) * self.scale,
            middle_y - (bounds.low - self.y) * self.scale,
        )

    def panned(self, dx: float, dy: float) -> "ViewRange":
        """The range after the picture was dragged by `dx`, `dy` pixels."""
        return ViewRange(self.x - dx / self.scale, self.y + dy / self.scale, self.scale)

    def zoomed(self, factor: float, x: float, y: float, area: Area) -> "ViewRange":
        """`factor` times larger, with what pixel (`x`, `y`) shows staying where it is."""
        scale = min(max(self.scale * factor, _SMALLEST_SCALE), _LARGEST_SCALE)
        kept_x, kept_y = self.to_plane(x, y, area)
        middle_x, middle_y = area.centre
        return ViewRange(kept_x - (x - middle_x) / scale, kept_y + (y - middle_y) / scale, scale)

    def towards(self, goal: "ViewRange", share: float) -> "ViewRange":
        """`share` (0 … 1) of the way to `goal`; the scale goes by equal factors."""
        if share >= 1:
            return goal
        return ViewRange(
            self.x + share * (goal.x - self.x),
            self.y + share * (goal.y - self.y),
            self.scale * (goal.scale / self.scale) ** share,
        )

    def shown(self, area: Area) -> Bounds:
        """The part of the plane that `area` shows."""
        left, high = self.to_plane(area.left, area.top, area)
        right, low = self.to_plane(area.right, area.bottom, area)
        return Bounds(left, right, low, high)


def bounds_of(plane: NDArray[np.floating]) -> Bounds | None:
    """The box around the rows of `plane` (N, 2) that are finite; None when there is none."""
    if not len(plane):
        return None
    edges = _edges(plane)
    if not np.isfinite(edges).all():
        plane = plane[np.isfinite(plane).all(axis=1)]
        if not len(plane):
            return None
        edges = _edges(plane)
    return Bounds(*edges)


def _edges(plane: NDArray[np.floating]) -> tuple[float, float, float, float]:
    (left, low), (right, high) = extremes(plane).tolist()
    return left, right, low, high


def extremes(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """(2, k): the least and the largest numbers of each column of `points` (N, k); N at least 1.

    NaN in a column that has one.
    """
    width = points.shape[1]
    whole = len(points) // _ROWS * _ROWS
    if not points.flags.c_contiguous or not whole:
        return np.stack([points.min(axis=0), points.max(axis=0)])
    # Numpy is many times as quick along rows of 2,048 numbers as along those of two.
    wide = points[:whole].reshape(-1, _ROWS * width)
    found = np.empty((2, width), points.dtype)
    for edge, narrow in ((np.minimum, found[0]), (np.maximum, found[1])):
        columns = edge.reduce(wide, axis=0).reshape(-1, width).T
        for axis, column in enumerate(columns):
            narrow[axis] = edge.reduce(column)
            if whole < len(points):
                narrow[axis] = edge(narrow[axis], edge.reduce(points[whole:, axis]))
    return found


def fitted(bounds: Bounds, area: Area, headroom: float = 1.0) -> ViewRange:
    """The range that shows all of `bounds` in `area`, with `headroom` times its extent."""
    width, height = bounds.right - bounds.left, bounds.high - bounds.low
    x, y = bounds.centre
    # Points that are all alike have no extent: show a neighbourhood as wide as their distance
    # from 0, or one unit at 0.
    least = 1e-6 * math.hypot(x, y)
    if max(width, height) <= least:
        width = height = least or 1.0
    scale = min(area.width / max(width, 1e-300), area.height / max(height, 1e-300)) / headroom
    return ViewRange(x, y, min(max(scale, _SMALLEST_SCALE), _LARGEST_SCALE))


def needs_fit(shown: ViewRange, bounds: Bounds, area: Area) -> bool:
    """Whether `bounds` sticks out of `area` or has become small in it."""
    seen = shown.shown(area)
    slack = 0.5 / shown.scale
    outside = (
        bounds.left < seen.left - slack
        or bounds.right > seen.right + slack
        or bounds.low < seen.low - slack
        or bounds.high > seen.high + slack
    )
    small = fitted(bounds, area).scale * LEAST_SHARE > shown.scale
    return outside or small
