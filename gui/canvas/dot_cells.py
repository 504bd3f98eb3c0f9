"""The cells of a picture that points fall into, and how a cell chooses one of its points."""

import numpy as np
from numpy.typing import NDArray

from gui.canvas.dot_shades import LEVEL_AT, LIT, NEAREST
from gui.canvas.lens import PIECE

# A cell chooses the point that bids most: whether it is lit (1 bit) and how near it is (7), its
# lot (16), the code of its colour (8).
RANK_AT, _LOT_AT = np.uint32(24), np.uint32(8)
LOT_AND_CODE = np.uint32((1 << LEVEL_AT) - 1)
_LOT = np.uint32(0xFFFF00)
_LOTS = np.random.default_rng(0).integers(0, 1 << 16, PIECE, np.uint32) << _LOT_AT
_NEXT_LOT = 40_503  # odd: no two pieces have the same lots
_LEAST_REACH = 1e-30
_FAR, _NEAR = np.full(PIECE, 1, np.float32), np.full(PIECE, NEAREST, np.float32)


class Grid:
    """The cells in and around a part of a picture, in one line."""

    def __init__(self) -> None:
        # As arrays: numpy finds the larger of two arrays four times as fast as of one and a number.
        self._least_row, self._most_row, self._least_column, self._most_column = np.empty(
            (4, PIECE), np.float32
        )
        self._row, self._column = np.empty((2, PIECE), np.int32)
        self._index = np.empty(PIECE, np.intp)
        self._stride = self._margin = 0
        self._beyond = (0, 0)

    def lay(
        self, stride: int, margin: int, first: tuple[int, int], beyond: tuple[int, int]
    ) -> None:
        """Cover what is from the row and column `first` on, with `stride` cells in a row.

        There are `margin` cells before it; `beyond` it are the row and column that come next.
        """
        self._stride, self._margin, self._beyond = stride, margin, beyond
        for least, most, begin, size in (
            (self._least_row, self._most_row, first[0], beyond[0]),
            (self._least_column, self._most_column, first[1], beyond[1]),
        ):
            least.fill(margin + begin)
            most.fill(margin + begin + size)

    def cells(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.intp]:
        """The cells of `x`, `y`, which are written to; valid until the next call."""
        column = _counted(x, self._column, self._least_column, self._most_column)
        row = _counted(y, self._row, self._least_row, self._most_row)
        row *= self._stride
        row += column
        index = self._index[: len(x)]
        index[:] = row
        return index

    def forget_outside(self, image: NDArray[np.uint32]) -> None:
        """Empty the cells of all that is not in the part."""
        image[: self._margin + 1] = 0
        image[:, : self._margin + 1] = 0
        image[self._margin + self._beyond[0] :] = 0
        image[:, self._margin + self._beyond[1] :] = 0


def _counted(
    values: NDArray[np.float32],
    into: NDArray[np.int32],
    least: NDArray[np.float32],
    most: NDArray[np.float32],
) -> NDArray[np.int32]:
    np.fmax(values, least[: len(values)], out=values)  # of NaN, too
    np.minimum(values, most[: len(values)], out=values)
    counted = into[: len(values)]
    np.copyto(counted, values, casting="unsafe")
    return counted


def bids(
    part: slice,
    codes: NDArray[np.uint8] | None,
    lit: NDArray[np.uint32] | None,
    reach: float,
    towards: NDArray[np.float32] | None = None,
) -> NDArray[np.uint32]:
    """What the points of a `part` bid for their cells.

    `codes` are those of all points, `lit` (1 or 0; None: all are) those of the part. In three
    dimensions `towards` the viewer, from −`reach` to `reach`, is written to. Where all points are
    lit and equally near, their bids leave that out.
    """
    turn = (part.start // PIECE * _NEXT_LOT & 0xFFFF) << _LOT_AT
    found = _LOTS[: part.stop - part.start] + np.uint32(turn)
    found &= _LOT
    if codes is not None:
        found |= codes[part]
    if lit is None and towards is None:
        return found
    if towards is None:
        found |= np.uint32(NEAREST) << RANK_AT
    else:
        towards *= np.float32(0.5 * (NEAREST - 1) / max(reach, _LEAST_REACH))
        towards += np.float32(0.5 * (NEAREST - 1) + 1)
        np.fmax(towards, _FAR[: len(towards)], out=towards)
        np.minimum(towards, _NEAR[: len(towards)], out=towards)
        found |= towards.astype(np.int32).view(np.uint32) << RANK_AT
    found |= (np.uint32(LIT) << RANK_AT) if lit is None else lit << np.uint32(31)
    return found
