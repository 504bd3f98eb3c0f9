"""How three dimensions are looked at: a turn and a tilt, without perspective."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gui.canvas.view_range import Bounds, extremes

HIGHEST_TILT = math.pi / 2
_FILLED = 0.85
_PIECE = 16_384  # points at a time, which stay in the processor's cache
_OFF_CENTRE = 0.35  # as a share of half the diagonal of the points' box


@dataclass(frozen=True)
class Camera:
    """`turn` and `tilt` in radians around `pivot`, the point that stays in place.

    With both at 0 axis 1 points right, axis 2 up and axis 3 at the viewer.
    """

    turn: float = math.radians(-30)
    tilt: float = math.radians(20)
    pivot: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def turned(self, turn: float, tilt: float) -> "Camera":
        """Turned on by `turn` and tilted on by `tilt`, no further than straight from above."""
        limited = min(max(self.tilt + tilt, -HIGHEST_TILT), HIGHEST_TILT)
        return replace(self, turn=math.remainder(self.turn + turn, math.tau), tilt=limited)

    def along(self, axis: int) -> "Camera":
        """Looking along `axis`, 0 to 2, which points at the viewer; axis 2 stays up if it can."""
        turn = -math.pi / 2 if axis == 0 else 0.0
        return replace(self, turn=turn, tilt=math.pi / 2 if axis == 1 else 0.0)

    def basis(self) -> NDArray[np.float32]:
        """(3, 3) orthonormal: its columns are the screen's right, its up, and at the viewer."""
        cos_turn, sin_turn = math.cos(self.turn), math.sin(self.turn)
        cos_tilt, sin_tilt = math.cos(self.tilt), math.sin(self.tilt)
        about_axis_2 = np.array([[cos_turn, 0, -sin_turn], [0, 1, 0], [sin_turn, 0, cos_turn]])
        about_right = np.array([[1, 0, 0], [0, cos_tilt, sin_tilt], [0, -sin_tilt, cos_tilt]])
        basis: NDArray[np.float32] = (about_axis_2 @ about_right).astype(np.float32)
        return basis

    def plane(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(..., 3) points as (..., 2) on the plane of the screen, the pivot at (0, 0)."""
        seen: NDArray[np.float32] = self._from_pivot(points) @ self.basis()[:, :2]
        return seen

    def depth(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """(..., 3) points as (...) distances from the pivot towards the viewer."""
        towards: NDArray[np.float32] = self._from_pivot(points) @ self.basis()[:, 2]
        return towards

    def _from_pivot(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        return points - np.asarray(self.pivot, np.float32) if any(self.pivot) else points


@dataclass(frozen=True)
class Sphere:
    """What a cloud of points fills, however it is turned."""

    centre: tuple[float, float, float]
    radius: float

    def bounds(self) -> Bounds:
        """What a view shows of the plane of the screen, with the centre at (0, 0).

        A little inside the sphere, which few clouds fill; the margin of the view has the rest.
        """
        return self._around(_FILLED * self.radius)

    def box(self) -> Bounds:
        """The box around all of it, on the plane of the screen, with the centre at (0, 0)."""
        return self._around(self.radius)

    def _around(self, reach: float) -> Bounds:
        return Bounds(-reach, reach, -reach, reach)


def sphere_of(
    points: NDArray[np.floating], around: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> Sphere | None:
    """A sphere around the finite rows of `points` (N, 3); None without any.

    Its centre is `around` as long as that is near the middle of the points, so that the view
    turns around a point that stays; otherwise it is the middle of their box.
    """
    box = _box(points)
    if box is None or not np.isfinite(box).all():
        points = points[np.isfinite(points).all(axis=1)]
        box = _box(points)
        if box is None:
            return None
    middle, half = box.mean(axis=1), (box[:, 1] - box[:, 0]) / 2
    near = np.linalg.norm(middle - around) <= _OFF_CENTRE * np.linalg.norm(half)
    x, y, z = around if near else middle.tolist()
    return Sphere((x, y, z), math.sqrt(_farthest(points, (x, y, z))))


def _box(points: NDArray[np.floating]) -> NDArray[np.float64] | None:
    """(3, 2): the least and the largest number on each axis; None without points."""
    if not len(points):
        return None
    return extremes(points).T.astype(np.float64)


def _farthest(points: NDArray[np.floating], centre: tuple[float, float, float]) -> float:
    """The largest square of the distances of `points` (N, 3) from `centre`."""
    found = 0.0
    square, sum_ = np.empty((2, _PIECE), np.float32)
    for begin in range(0, len(points), _PIECE):
        part = points[begin : begin + _PIECE]
        one, total = square[: len(part)], sum_[: len(part)]
        total.fill(0)
        for axis, middle in enumerate(centre):
            np.subtract(part[:, axis], np.float32(middle), out=one)
            np.square(one, out=one)
            total += one
        found = max(found, float(total.max()))
    return found


def nearness(towards: NDArray[np.floating], reach: float) -> NDArray[np.float32]:
    """(N,) distances towards the viewer as shares: −`reach` is 0, `reach` is 1; NaN stays NaN.

    Not by the nearest and the farthest point there are: so no point changes as others move.
    """
    shares: NDArray[np.float32] = np.asarray(towards / (2 * max(reach, 1e-30)) + 0.5, np.float32)
    return shares.clip(0, 1)
