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
from gui.canvas.dot_image import DotImage, Part, part_of
from gui.canvas.dot_shades import DEEPEST, inks_of, levels_of
from gui.canvas.lens import PIECE, Lens
from gui.canvas.view_range import Area

_DEEPEST = np.full(PIECE, DEEPEST, np.uint32)
_STRIP = 32  # rows of pixels that are made at a time, in the processor's cache
_FEW = 4  # pixels for each point, or more: few points


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points (V, k) to be drawn, as `lens` shows them, on `width` × `height` logical pixels.

    `codes` uint8 (V,) are colours, `faint` bool (V,) those that step back. `reach` is how far a
    point can be in front of the lens's centre or behind it, in three dimensions. All points are
    within `extent`, in logical pixels, if that is known: the rest of the picture costs nothing.
    """

    points: NDArray[np.float32]
    lens: Lens
    width: float
    height: float
    device_ratio: float = 1.0
    codes: NDArray[np.uint8] | None = None
    faint: NDArray[np.bool_] | None = None
    reach: float = 1.0
    extent: Area | None = None


class DotPainter:
    """Makes pictures of clouds, one after another in the same memory.

    Where points share a pixel, it has the colour of one of them: in three dimensions of the
    nearest, and of those equally near by lot, always the same. So colours are seen in proportion
    to their points, in whatever order these come, and nothing flickers. Points that are not
    faint win over those that are. A pixel is the stronger the more of them it has.
    """

    def __init__(self) -> None:
        self._room: tuple[int, ...] = ()
        self._grid = Grid()
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
        whole = math.ceil(cloud.height * ratio), math.ceil(cloud.width * ratio)
        part = part_of(whole, ratio, cloud.extent, side)
        self._make_room(part, side)
        self._scatter(cloud, part, side)
        dots = self._develop(strength, len(cloud.points), inks_of(palette))
        self._enlarge(dots, side)
        image = QImage(
            self._pixels.data,
            part.columns,
            part.rows,
            4 * part.columns,
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        image.setDevicePixelRatio(ratio)
        return DotImage(self._pixels, image, part, side, self._squares)

    def _make_room(self, part: Part, side: int) -> None:
        # Beyond each edge one or two cells for what is outside, and room for dots to grow from.
        around = 3 + 2 * side
        if (*part.whole, side) != self._room:
            self._room = (*part.whole, side)
            rows, columns = part.whole
            cells = (rows + around + 1) * (columns + around)
            self._counts, self._choices, self._singles = (
                np.empty(cells, np.uint32) for _ in range(3)
            )
            self._wide = np.empty((_STRIP + side - 1) * (columns + around), np.uint32)
            self._squares, self._dots = (np.empty(rows * columns, np.uint32) for _ in range(2))
            self._few = np.empty(rows * columns // _FEW, np.intp)
        self._size = part.rows + around, part.columns + around
        # Where a cell is in the whole picture says where it is in memory: nothing is to be moved.
        self._first = part.top * self._size[1] + part.left
        self._pixels = self._dots[: part.rows * part.columns].reshape(part.rows, part.columns)

    def _cells(self, memory: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The cells of the part, in rows."""
        rows, columns = self._size
        return memory[self._first : self._first + rows * columns].reshape(rows, columns)

    def _scatter(self, cloud: Cloud, part: Part, side: int) -> None:
        """Count the lit points of each cell, and let each cell choose one of all."""
        self._ranks = cloud.faint is not None or len(cloud.lens.centre) > 2
        self._chooses = self._ranks or cloud.codes is not None
        self._follows = len(cloud.points) * _FEW <= part.rows * part.columns
        self._cells(self._counts).fill(0)
        if self._chooses:
            self._cells(self._choices).fill(0)
        one = np.ones((), np.uint32)
        # The middle of a dot of even side lies between two pixels.
        shift, outside = (1.5, 2) if side % 2 == 0 else (1.0, 1)
        beyond = part.rows + outside, part.columns + outside
        self._grid.lay(self._size[1], side, (part.top, part.left), beyond)
        lens = cloud.lens.scaled(cloud.device_ratio, shift + side)
        for begin, (x, y, *near) in lens.pieces(cloud.points):
            piece = slice(begin, begin + len(x))
            where = self._grid.cells(x, y)
            if self._follows:
                self._few[piece] = where
            if not self._chooses:
                np.add.at(self._counts, where, one)
                continue
            lit = None if cloud.faint is None else (~cloud.faint[piece]).astype(np.uint32)
            np.add.at(self._counts, where, one if lit is None else lit)
            bid = bids(piece, cloud.codes, lit, cloud.reach, *near)
            np.maximum.at(self._choices, where, bid)
        self._grid.forget_outside(self._cells(self._counts))
        if self._chooses:
            self._grid.forget_outside(self._cells(self._choices))

    def _develop(self, strength: float, total: int, inks: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """A dot of one pixel of what each cell knows of `total` points; see `dot_shades`."""
        levels = levels_of(strength, min(int(self._cells(self._counts).max()), DEEPEST))
        if not self._ranks:
            levels = levels[-DEEPEST - 1 :]  # of what is lit and nearest
        developed = self._memory_of_dots()
        for hit in self._hits(total):
            index, dots, best = (kept[: len(hit)] for kept in self._kept)
            _look_up(self._counts, hit, dots)
            np.minimum(dots, _DEEPEST[: len(hit)], out=dots)
            index[:] = dots
            if self._chooses:
                _look_up(self._choices, hit, best)
            if self._ranks:
                np.right_shift(best, RANK_AT, out=dots)
                dots <<= np.uint32(8)
                index |= dots
            _look_up(levels, index, dots)
            if self._chooses:
                best &= LOT_AND_CODE
                dots |= best
            index[:] = dots
            _look_up(inks, index, dots)
            developed[hit] = dots
        return developed

    def _memory_of_dots(self) -> NDArray[np.uint32]:
        """Where each cell is replaced by a dot of one pixel; all others are 0."""
        if not self._follows:  # each cell once: what it knows is not needed afterwards
            return self._choices if self._chooses else self._counts
        self._cells(self._singles).fill(0)
        return self._singles

    def _hits(self, total: int) -> Iterator[NDArray[np.intp]]:
        """The cells that have points, piece by piece."""
        if self._follows:
            # Some come more than once, which takes less time than to find that out.
            for begin in range(0, total, PIECE):
                yield self._few[begin : min(begin + PIECE, total)]
            return
        # Where all points are lit, what has a choice has a count.
        known = self._cells(self._choices if self._ranks else self._counts).reshape(-1)
        for begin in range(0, len(known), PIECE):
            found = np.flatnonzero(known[begin : begin + PIECE] != 0)
            found += begin + self._first
            yield found

    def _enlarge(self, developed: NDArray[np.uint32], side: int) -> None:
        """Make each dot a square of `side`; the strongest wins where two meet."""
        rows, columns = self._pixels.shape
        single = self._cells(developed)
        first = 2 + side // 2
        for begin in range(0, rows, _STRIP):
            out = self._pixels[begin : begin + _STRIP]
            lines = single[first + begin : first + begin + len(out) + side - 1]
            if side == 1:
                out[:] = lines[:, first : first + columns]
                continue
            wide = self._wide[: lines.size].reshape(lines.shape)
            # In one long line, since numpy is slower in many short ones; margins part the rows.
            _maxima(lines.reshape(-1), side, wide.reshape(-1)[: 1 - side])
            _maxima(wide[:, first : first + columns], side, out)


def _look_up(table: NDArray[np.uint32], index: NDArray[np.intp], out: NDArray[np.uint32]) -> None:
    """`table[index]`, all of which are in it; numpy is quickest where it could begin again."""
    np.take(table, index, out=out, mode="wrap")


def _maxima(values: NDArray[np.uint32], count: int, out: NDArray[np.uint32]) -> None:
    """The largest of each `count` neighbours, at least 2, along the first axis, from each on."""
    np.maximum(values[: len(out)], values[1 : 1 + len(out)], out=out)
    for far in range(2, count):
        np.maximum(out, values[far : far + len(out)], out=out)
