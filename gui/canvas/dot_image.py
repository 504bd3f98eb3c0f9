"""A picture of dots: only the part of a view that has any, at its place in the whole."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from gui.canvas.view_range import Area

_WHOLE = 12  # a part begins at a multiple of so many logical pixels: squares of 2, 3 … are whole


@dataclass(frozen=True)
class Part:
    """The part of a picture of `whole` (rows, columns) device pixels that can have dots."""

    top: int
    left: int
    rows: int
    columns: int
    whole: tuple[int, int]


def part_of(whole: tuple[int, int], ratio: float, extent: Area | None, side: int) -> Part:
    """The part of a picture in which dots are, `side` device pixels wide, of points in `extent`.

    That is in logical pixels, which are `ratio` times as large; None: the points are anywhere.
    """
    # Elsewhere a part could not be drawn pixel by pixel, wherever it begins.
    if extent is None or ratio != int(ratio):
        return Part(0, 0, *whole, whole)
    spans = ((extent.top, extent.bottom), (extent.left, extent.right))
    (top, rows), (left, columns) = (
        _span(low * ratio - side, high * ratio + side, size, _WHOLE * int(ratio))
        for (low, high), size in zip(spans, whole, strict=True)
    )
    return Part(top, left, rows, columns, whole)


def _span(low: float, high: float, size: int, grain: int) -> tuple[int, int]:
    """Where what is from `low` to `high` begins in `size` pixels, and how many it has there."""
    begin = math.floor(min(max(low - 1, 0), size - 1)) // grain * grain
    end = math.ceil(min(max(high + 2, begin + 1), size) / grain) * grain
    return begin, min(end, size) - begin


@dataclass(frozen=True, eq=False)
class DotImage:
    """The `part` with dots of one picture of many points; `image` shows the memory of `pixels`.

    It lasts until its painter paints the next one.
    """

    pixels: NDArray[np.uint32]
    image: QImage
    part: Part
    side: int
    scratch: NDArray[np.uint32]

    def draw(self, painter: QPainter) -> None:
        """Paint it where it is in the picture, whose corner is the painter's."""
        ratio = self.image.devicePixelRatioF()
        painter.drawImage(QPointF(self.part.left / ratio, self.part.top / ratio), self.image)

    def covered(self, square: int) -> NDArray[np.bool_]:
        """Which whole squares (rows, columns) of `square` logical pixels dots are in.

        Of each dot at least one of the squares that it touches is told.
        """
        exact = square * self.image.devicePixelRatioF()
        # No dot is so small that it lies between two of these lines.
        steps = range(0, math.ceil(exact), self.side)
        found, free = self.pixels, self.scratch
        told = np.zeros([int(size / exact) for size in self.part.whole], bool)
        place = []
        for axis, begin in enumerate((self.part.top, self.part.left)):
            first, last = int(begin / exact), (begin + found.shape[axis]) / exact
            squares = range(first, min(math.ceil(last), told.shape[axis]))
            lines = [_lines(found, axis, exact, step, squares, begin) for step in steps]
            shape = lines[0].shape
            found, free = free[: math.prod(shape)].reshape(shape), free[math.prod(shape) :]
            found[:] = lines[0]
            for line in lines[1:]:
                found |= line
            place.append(slice(first, first + len(squares)))
        np.not_equal(found, 0, out=told[tuple(place)])
        return told


def _lines(
    pixels: NDArray[np.uint32], axis: int, exact: float, step: int, squares: range, begin: int
) -> NDArray[np.uint32]:
    """Of each strip across `axis` that has `squares`, `exact` pixels wide, the line number `step`.

    `pixels` are those from `begin` on. Of a strip that begins before them or ends after them, it
    is the nearest line that there is.
    """
    whole = exact == int(exact) and begin % exact == 0
    if whole and len(squares) * exact <= pixels.shape[axis]:
        every = slice(step, len(squares) * int(exact), int(exact))
        return pixels[every] if axis == 0 else pixels[:, every]
    first = np.ceil(np.arange(squares.start, squares.stop + 1) * exact).astype(np.intp)
    wanted = np.minimum(first[:-1] + step, first[1:] - 1) - begin
    strips: NDArray[np.uint32] = pixels.take(wanted.clip(0, pixels.shape[axis] - 1), axis)
    return strips
