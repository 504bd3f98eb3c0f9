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
    """The cells in and around a picture, in one line; `last` are the row and column after it."""

    def __init__(self, stride: int, margin: int, last: tuple[int, int]) -> None:
        self._stride, self._margin = stride, margin
        self._last_row, self._last_column = last
        # As arrays: numpy finds the larger of two arrays four times as fast as of one and a number.
        self._least, self._most_row, self._most_column = (
            np.full(PIECE, margin + beyond, np.float32) for beyond in (0, *last)
        )
        self._index = np.empty(PIECE, np.intp)
        self._row, self._column = np.empty(PIECE, np.int32), np.empty(PIECE, np.int32)

    def cells(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.intp]:
        """The cells of `x`, `y`, which are written to; valid until the next call."""
        column = self._counted(x, self._column, self._most_column)
        row = self._counted(y, self._row, self._most_row)
        row *= self._stride
        row += column
        index = self._index[: len(x)]
        index[:] = row
        return index

    def _counted(
        self, values: NDArray[np.float32], into: NDArray[np.int32], most: NDArray[np.float32]
    ) -> NDArray[np.int32]:
        np.fmax(values, self._least[: len(values)], out=values)  # of NaN, too
        np.minimum(values, most[: len(values)], out=values)
        counted = into[: len(values)]
        np.copyto(counted, values, casting="unsafe")
        return counted

    def forget_outside(self, image: NDArray[np.uint32]) -> None:
        """Empty the cells of all that is not in the picture."""
        image[: self._margin + 1] = 0
        image[:, : self._margin + 1] = 0
        image[self._margin + self._last_row :] = 0
        image[:, self._margin + self._last_column :] = 0


def bids(
    part: slice,
    codes: NDArray[np.uint8] | None,
    lit: NDArray[np.uint32] | None,
    reach: float,
    towards: NDArray[np.float32] | None = None,
) -> NDArray[np.uint32]:
    """What the points of a `part` bid for their cells.

    `codes` are those of all points, `lit` (1 or 0; None: all are) those of the part. In three
    dimensions `towards` the viewer, from −`reach` to `reach`, is written to.
    """
    turn = (part.start // PIECE * _NEXT_LOT & 0xFFFF) << _LOT_AT
    found = _LOTS[: part.stop - part.start] + np.uint32(turn)
    found &= _LOT
    if codes is not None:
        found |= codes[part]
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
