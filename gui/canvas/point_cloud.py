"""Points as pixels: crisp dots, shaded by how many lie on one another, written by numpy.

A scatter item of pyqtgraph needs 200 ms for 100,000 moving, coloured points; this needs 2 ms, and
about 8 ms for 1,000,000.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gui.canvas.dot_cells import LOT_AND_CODE, RANK_AT, Grid, bids
from gui.canvas.dot_shades import DEEPEST, inks_of, levels_of
from gui.canvas.lens import PIECE, Lens

_DEEPEST = np.full(PIECE, DEEPEST, np.uint32)
_STRIP = 32  # rows of pixels that are made at a time, in the processor's cache
_FEW = 4  # pixels for each point, or more: few points


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points (V, k) to be drawn, as `lens` shows them, on `width` × `height` logical pixels.

    `codes` uint8 (V,) are colours, `faint` bool (V,) those that step back. `reach` is how far a
    point can be in front of the lens's centre or behind it, in three dimensions.
    """

    points: NDArray[np.float32]
    lens: Lens
    width: float
    height: float
    device_ratio: float = 1.0
    codes: NDArray[np.uint8] | None = None
    faint: NDArray[np.bool_] | None = None
    reach: float = 1.0


@dataclass(frozen=True, eq=False)
class DotImage:
    """One picture of many points; `image` shows the memory of `pixels`.

    It lasts until its painter paints the next one.
    """

    pixels: NDArray[np.uint32]
    image: QImage
    side: int
    scratch: NDArray[np.uint32]

    def covered(self, square: int) -> NDArray[np.bool_]:
        """Which whole squares (rows, columns) of `square` logical pixels dots are in.

        Of each dot at least one of the squares that it touches is told.
        """
        exact = square * self.image.devicePixelRatioF()
        # No dot is so small that it lies between two of these lines.
        steps = range(0, math.ceil(exact), self.side)
        found, free = self.pixels, self.scratch.reshape(-1)
        for axis in (0, 1):
            whole = int(found.shape[axis] / exact)
            lines = [_lines(found, axis, exact, step, whole) for step in steps]
            shape = lines[0].shape
            found, free = free[: math.prod(shape)].reshape(shape), free[math.prod(shape) :]
            found[:] = lines[0]
            for line in lines[1:]:
                found |= line
        return np.asarray(found != 0)


def _lines(
    pixels: NDArray[np.uint32], axis: int, exact: float, step: int, whole: int
) -> NDArray[np.uint32]:
    """Of each of `whole` strips across `axis`, `exact` pixels wide, the line number `step`."""
    if exact == int(exact):
        every = slice(step, whole * int(exact), int(exact))
        return pixels[every] if axis == 0 else pixels[:, every]
    first = np.ceil(np.arange(whole + 1) * exact).astype(np.intp)
    strips: NDArray[np.uint32] = pixels.take(np.minimum(first[:-1] + step, first[1:] - 1), axis)
    return strips


class DotPainter:
    """Makes pictures of clouds, one after another in the same memory.

    Where points share a pixel, it has the colour of one of them: in three dimensions of the
    nearest, and of those equally near by lot, always the same. So colours are seen in proportion
    to their points, in whatever order these come, and nothing flickers. Points that are not
    faint win over those that are. A pixel is the stronger the more of them it has.
    """

    def __init__(self) -> None:
        self._size = (-1, -1)
        self._kept = (np.empty(PIECE, np.intp), *np.empty((2, PIECE), np.uint32))

    def paint(
        self, cloud: Cloud, palette: NDArray[np.uint8], side: int, strength: float
    ) -> DotImage:
        """A transparent picture with a dot for each point of `cloud`.

        `palette` uint8 (256, 3) has the colours of the codes; without codes all points are 0. A
        dot is `side` device pixels wide, and `strength` (0 … 1) is its opacity where it has one
        point. Rows that are NaN or outside draw nothing.
        """
        ratio = cloud.device_ratio
        columns, rows = math.ceil(cloud.width * ratio), math.ceil(cloud.height * ratio)
        self._make_room(rows, columns, side)
        self._scatter(cloud, rows, columns, side)
        self._develop(strength, len(cloud.points), inks_of(palette))
        self._enlarge(side)
        image = QImage(
            self._pixels.data,
            columns,
            rows,
            4 * columns,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(ratio)
        return DotImage(self._pixels, image, side, self._squares)

    def _make_room(self, rows: int, columns: int, side: int) -> None:
        # Beyond each edge one or two cells for what is outside, and room for dots to grow from.
        size = rows + 3 + 2 * side, columns + 3 + 2 * side
        if size != self._size:
            self._size = size
            self._count, self._chosen = np.empty(size, np.uint32), np.empty(size, np.uint32)
            self._single = np.empty(size, np.uint32)
            self._wide = np.empty((_STRIP + side - 1, size[1]), np.uint32)
            self._squares = np.empty((rows, columns), np.uint32)
            self._pixels = np.empty((rows, columns), np.uint32)
            self._few = np.empty(rows * columns // _FEW, np.intp)

    def _scatter(self, cloud: Cloud, rows: int, columns: int, side: int) -> None:
        """Count the lit points of each cell, and let each cell choose one of all."""
        self._chooses = (
            cloud.codes is not None or cloud.faint is not None or len(cloud.lens.centre) > 2
        )
        self._count.fill(0)
        if self._chooses:
            self._chosen.fill(0)
        count, chosen = self._count.reshape(-1), self._chosen.reshape(-1)
        one = np.ones((), np.uint32)
        # The middle of a dot of even side lies between two pixels.
        shift, outside = (1.5, 2) if side % 2 == 0 else (1.0, 1)
        grid = Grid(self._size[1], side, (rows + outside, columns + outside))
        lens = cloud.lens.scaled(cloud.device_ratio, shift + side)
        for begin, (x, y, *near) in lens.pieces(cloud.points):
            part = slice(begin, begin + len(x))
            where = grid.cells(x, y)
            if part.stop <= len(self._few):
                self._few[part] = where
            if not self._chooses:
                np.add.at(count, where, one)
                continue
            lit = None if cloud.faint is None else (~cloud.faint[part]).astype(np.uint32)
            np.add.at(count, where, one if lit is None else lit)
            bid = bids(part, cloud.codes, lit, cloud.reach, *near)
            np.maximum.at(chosen, where, bid)
        grid.forget_outside(self._count)
        if self._chooses:
            grid.forget_outside(self._chosen)

    def _develop(self, strength: float, total: int, inks: NDArray[np.uint32]) -> None:
        """Make a dot of one pixel of what each cell knows of `total` points; see `dot_shades`."""
        count, chosen, single = (
            image.reshape(-1) for image in (self._count, self._chosen, self._single)
        )
        levels = levels_of(strength, min(int(count.max()), DEEPEST))
        if not self._chooses:
            levels = levels[-DEEPEST - 1 :]  # of what is nearest
        single.fill(0)
        for hit in self._hits(total):
            index, dots, best = (kept[: len(hit)] for kept in self._kept)
            np.take(count, hit, out=dots, mode="clip")
            np.minimum(dots, _DEEPEST[: len(hit)], out=dots)
            index[:] = dots
            if self._chooses:
                np.take(chosen, hit, out=best, mode="clip")
                np.right_shift(best, RANK_AT, out=dots)
                dots <<= np.uint32(8)
                index |= dots
            np.take(levels, index, out=dots, mode="clip")
            if self._chooses:
                best &= LOT_AND_CODE
                dots |= best
            index[:] = dots
            np.take(inks, index, out=dots, mode="clip")
            single[hit] = dots

    def _hits(self, total: int) -> Iterator[NDArray[np.intp]]:
        """The cells that have points, piece by piece."""
        if total <= len(self._few):
            # Some come more than once, which takes less time than to find that out.
            for begin in range(0, total, PIECE):
                yield self._few[begin : min(begin + PIECE, total)]
            return
        known = (self._chosen if self._chooses else self._count).reshape(-1)
        for begin in range(0, len(known), PIECE):
            found = np.flatnonzero(known[begin : begin + PIECE] != 0)
            found += begin
            yield found

    def _enlarge(self, side: int) -> None:
        """Make each dot a square of `side`; the strongest wins where two meet."""
        rows, columns = self._pixels.shape
        first = 2 + side // 2
        for begin in range(0, rows, _STRIP):
            out = self._pixels[begin : begin + _STRIP]
            lines = self._single[first + begin : first + begin + len(out) + side - 1]
            if side == 1:
                out[:] = lines[:, first : first + columns]
                continue
            wide = self._wide[: len(lines)]
            # In one long line, since numpy is slower in many short ones; margins part the rows.
            _maxima(lines.reshape(-1), side, wide.reshape(-1)[: 1 - side])
            _maxima(wide[:, first : first + columns], side, out)


def _maxima(values: NDArray[np.uint32], count: int, out: NDArray[np.uint32]) -> None:
    """The largest of each `count` neighbours, at least 2, along the first axis, from each on."""
    np.maximum(values[: len(out)], values[1 : 1 + len(out)], out=out)
    for far in range(2, count):
        np.maximum(out, values[far : far + len(out)], out=out)
