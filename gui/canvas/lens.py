"""From a cloud's own space to pixels: one difference, one product and one sum for each point.

In pieces that stay in the processor's cache: the memory is read once, and hardly written to.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.canvas.camera import Camera
from gui.canvas.view_range import Area, ViewRange

PIECE = 16_384  # points at a time
_FEW = 500  # points that need no pieces


@dataclass(frozen=True)
class Lens:
    """pixel = (point − `centre`) @ `matrix` + `middle`.

    `centre` (k,) is the point that is seen in the `middle`. `matrix` (k, 2) leads to pixels to
    the right and down, and is diagonal; in three dimensions it is (3, 3), with the way towards
    the viewer in the units of the points. The difference is taken first: far in, the digits are
    in it.
    """

    centre: tuple[float, ...]
    matrix: tuple[tuple[float, ...], ...]
    middle: tuple[float, float]

    @classmethod
    def flat(cls, shown: ViewRange, area: Area) -> "Lens":
        """The lens of two dimensions."""
        matrix = ((shown.scale, 0.0), (0.0, -shown.scale))
        return cls((shown.x, shown.y), matrix, area.centre)

    @classmethod
    def deep(cls, shown: ViewRange, area: Area, camera: Camera) -> "Lens":
        """The lens of three dimensions, looked at by `camera`."""
        basis = camera.basis().astype(float)
        centre = camera.pivot + basis[:, :2] @ (shown.x, shown.y)
        matrix = basis * (shown.scale, -shown.scale, 1.0)
        return cls(tuple(centre.tolist()), tuple(map(tuple, matrix.tolist())), area.centre)

    def scaled(self, ratio: float, shift: float) -> "Lens":
        """The lens whose pixels are `ratio` times as many, and each then moved by `shift`."""
        matrix = tuple((x * ratio, y * ratio, *rest) for x, y, *rest in self.matrix)
        x, y = self.middle
        return Lens(self.centre, matrix, (x * ratio + shift, y * ratio + shift))

    def pixels(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(N, k) points as (N, 2) pixels, column after column in memory; NaN stays NaN."""
        if len(points) <= _FEW:
            matrix = np.array(self.matrix, np.float32)[:, :2]
            with np.errstate(over="ignore", invalid="ignore"):
                moved = points - np.array(self.centre, np.float32)
                return np.asarray(moved @ matrix + np.array(self.middle, np.float32))
        found = np.empty((len(points), 2), np.float32, order="F")
        for begin, (x, y, *_) in self.pieces(points):
            found[begin : begin + len(x), 0] = x
            found[begin : begin + len(x), 1] = y
        return found

    def towards(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(N, 3) points as (N,) distances towards the viewer from the `centre`."""
        found = np.empty(len(points), np.float32)
        for begin, (_, _, towards) in self.pieces(points):
            found[begin : begin + len(towards)] = towards
        return found

    def pieces(
        self, points: NDArray[np.floating]
    ) -> Iterator[tuple[int, tuple[NDArray[np.float32], ...]]]:
        """Where each piece of `points` (N, k) begins, and its x, y and in 3-D its nearness.

        The arrays are the caller's to write to, until the next piece is asked for.
        """
        axes, length = len(self.matrix), min(PIECE, len(points))
        found, scratch = np.empty((axes, length), np.float32), np.empty(length, np.float32)
        moved = found if axes == 2 else np.empty((axes, length), np.float32)
        centre, matrix, middle = (
            np.array(each, np.float32) for each in (self.centre, self.matrix, self.middle)
        )
        for begin in range(0, len(points), PIECE):
            part = points[begin : begin + PIECE]
            count = len(part)
            # What lies beyond all numbers, and what is none, has no pixel: neither is an error.
            with np.errstate(over="ignore", invalid="ignore"):
                for axis in range(axes):
                    np.subtract(part[:, axis], centre[axis], out=moved[axis, :count])
                for column, to in enumerate(found[:, :count]):
                    if axes == 2:
                        to *= matrix[column, column]
                    else:
                        _along(matrix[:, column], moved[:, :count], to, scratch[:count])
                    if column < 2:
                        to += middle[column]
            yield begin, tuple(found[:, :count])


def _along(
    column: NDArray[np.float32],
    moved: NDArray[np.float32],
    to: NDArray[np.float32],
    scratch: NDArray[np.float32],
) -> None:
    """One `column` of the product of `moved`, the columns of points, and a matrix."""
    np.multiply(moved[0], column[0], out=to)
    for axis in (1, 2):
        np.multiply(moved[axis], column[axis], out=scratch)
        to += scratch
