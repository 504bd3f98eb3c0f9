"""Where labels go: none overlaps another, those that matter come first, and none flickers.

A label that is shown stays where it is as long as it fits there; a new one must have a little
more room than it needs. So a cloud that trembles does not make its labels blink.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from gui.canvas.view_range import Area

SQUARE = 3  # pixels; the side of one square of the map of what is taken
_CLEARANCE = 2  # squares that a newcomer must have free of labels around it
_ROOM_PER_LABEL = 6_000  # square pixels; bounds how many labels a view has
_TAKEN = 100_000  # more than any label has squares
_STILL_CROWD = 4  # squares of the crowd that a label which is shown may cover; a new one none

# Sides of the point, best first: the label's corner as shares of its own size (across, down), and
# of the gap.
_SIDES = np.array(
    [
        (0.0, -0.5, 1, 0),
        (-1.0, -0.5, -1, 0),
        (-0.5, -1.0, 0, -1),
        (-0.5, 0.0, 0, 1),
        (0.0, -1.0, 0.7, -0.7),
        (0.0, 0.0, 0.7, 0.7),
        (-1.0, -1.0, -0.7, -0.7),
        (-1.0, 0.0, -0.7, 0.7),
    ]
)

Squares = NDArray[np.intp]  # (..., 4): left, top, right, bottom of boxes, in squares


# Not frozen: 150 are made for each frame, and Python takes three times as long to make frozen ones.
@dataclass(slots=True)
class Anchor:
    """A point that would like a label of `width` × `height`, `gap` pixels from its middle.

    One that `matters` has its place before any that does not, whatever was shown before. One
    that `insists` too rather covers a point than goes missing.
    """

    id: int
    x: float
    y: float
    width: float
    height: float
    gap: float
    matters: bool
    insists: bool = False


@dataclass(frozen=True)
class Placed:
    """The label of point `id` goes into `box`."""

    id: int
    box: QRectF


class LabelLayout:
    """Remembers from one picture to the next which labels were shown, and on which side."""

    def __init__(self) -> None:
        self._sides: dict[int, int] = {}

    @property
    def shown(self) -> tuple[int, ...]:
        """The ids that have a label now."""
        return tuple(self._sides)

    def forget(self) -> None:
        """Start afresh: the ids mean other points now."""
        self._sides.clear()

    def place(
        self,
        anchors: Sequence[Anchor],
        area: Area,
        taken: Sequence[QRectF] = (),
        crowd: NDArray[np.bool_] | None = None,
        most: int | None = None,
    ) -> list[Placed]:
        """Labels for as many of `anchors` (the most important first) as fit into `area`.

        `taken` are boxes that a label covers only if it insists and has no other place, `crowd`
        (see `crowd_of`) are squares that only labels that matter cover. No label ever covers
        another. There are at most `most`, and no more than the area has room for besides those
        that matter.
        """
        ground = _Ground(area, taken, crowd)
        room = max(8, int(area.width * area.height / _ROOM_PER_LABEL))
        most = len(anchors) if most is None else most
        ordered = sorted(anchors, key=self._rank)
        boxes = _boxes(ordered)
        squares = ground.squares(boxes)
        allowed = self._allowed(ordered, ground, squares)
        all_squares = squares.tolist()
        sides: dict[int, int] = {}
        placed: list[Placed] = []
        # In a dense cloud most labels have no place at all.
        for number in np.flatnonzero(allowed.any(axis=(1, 2))).tolist():
            anchor = ordered[number]
            if len(placed) >= (most if anchor.matters else min(most, room)):
                break
            side = self._side_for(anchor, allowed[number].tolist(), all_squares[number], ground)
            if side is not None:
                ground.add_label(all_squares[number][side])
                sides[anchor.id] = side
                left, top = boxes[number, side, :2].tolist()
                placed.append(Placed(anchor.id, QRectF(left, top, anchor.width, anchor.height)))
        self._sides = sides
        return placed

    def _rank(self, anchor: Anchor) -> tuple[bool, bool]:
        return not anchor.matters, anchor.id not in self._sides

    def _allowed(
        self, anchors: Sequence[Anchor], ground: "_Ground", squares: Squares
    ) -> NDArray[np.bool_]:
        """(anchors, 2, sides): the sides that are good for a label, then those that must do."""
        inside = ground.holds(squares)
        matters = np.array([anchor.matters for anchor in anchors], bool)
        shown = np.array([anchor.id in self._sides for anchor in anchors], bool)
        among = np.where(matters, _TAKEN - 1, np.where(shown, _STILL_CROWD, 0))
        good = inside & (_counted(ground.weights, squares) <= among[:, None])
        insists = np.array([anchor.insists for anchor in anchors], bool)
        return np.stack([good, inside & insists[:, None]], axis=1)

    def _side_for(
        self, anchor: Anchor, allowed: list[list[bool]], squares: list[list[int]], ground: "_Ground"
    ) -> int | None:
        before = self._sides.get(anchor.id)
        clearance = 0 if anchor.matters or before is not None else _CLEARANCE
        order = range(len(_SIDES)) if before is None else (before, *range(len(_SIDES)))
        for among in allowed:
            for side in order:
                if among[side] and ground.is_free(squares[side], clearance):
                    return side
        return None


def _boxes(anchors: Sequence[Anchor]) -> NDArray[np.float64]:
    """(anchors, sides, 4): left, top, right and bottom of every label on every side."""
    numbers = [(a.x, a.y, a.width, a.height, a.gap) for a in anchors]
    x, y, width, height, gap = np.array(numbers, float).reshape(-1, 5).T[:, :, None]
    across, down, gap_x, gap_y = _SIDES.T
    left = x + across * width + gap_x * gap
    top = y + down * height + gap_y * gap
    return np.stack([left, top, left + width, top + height], axis=-1)


class _Ground:
    """A coarse map of the area: which of its squares are taken, crowded or under a label.

    Of a square the weight is 1 where there are points, and `_TAKEN` where something else is.
    """

    def __init__(
        self, area: Area, taken: Sequence[QRectF], crowd: NDArray[np.bool_] | None
    ) -> None:
        self._corner = np.array([area.left, area.top] * 2)
        self._rows, self._columns = _extent(area)
        self._labels = np.zeros((self._rows, self._columns), bool)
        self.weights = np.zeros((self._rows, self._columns), np.int32)
        if crowd is not None:
            part = crowd[: self._rows, : self._columns]
            self.weights[: part.shape[0], : part.shape[1]] = part
        boxes = np.array([box.getCoords() for box in taken]).reshape(-1, 4)
        for left, top, right, bottom in self.squares(boxes).clip(0).tolist():
            self.weights[top:bottom, left:right] = _TAKEN

    def squares(self, boxes: NDArray[np.float64]) -> Squares:
        """The squares that `boxes` (..., 4) touch; right and bottom are past the last one."""
        found: Squares = np.floor((boxes.clip(-1e6, 1e6) - self._corner) / SQUARE).astype(np.intp)
        found[..., 2:] += 1
        return found

    def holds(self, squares: Squares) -> NDArray[np.bool_]:
        """Whether the squares (..., 4) are all within the area."""
        begin, end = squares[..., :2], squares[..., 2:]
        room = np.array([self._columns, self._rows]) - end
        return np.asarray((np.minimum(begin, room) >= 0).all(axis=-1))

    def is_free(self, squares: Sequence[int], clearance: int) -> bool:
        """Whether no label is within `clearance` squares of the four `squares`."""
        left, top, right, bottom = squares
        rows = slice(max(top - clearance, 0), bottom + clearance)
        return not self._labels[rows, max(left - clearance, 0) : right + clearance].any()

    def add_label(self, squares: Sequence[int]) -> None:
        """Let no other label come here."""
        left, top, right, bottom = squares
        self._labels[top:bottom, left:right] = True


def crowd_of(places: NDArray[np.floating], area: Area) -> NDArray[np.bool_]:
    """The squares (rows, columns) of `area` that the pixels `places` (N, 2) are in.

    Those outside of it count at its edge.
    """
    rows, columns = _extent(area)
    found = np.zeros((rows, columns), bool)
    column, row = ((places - np.array([area.left, area.top])) / SQUARE).astype(np.intp).T
    found[row.clip(0, rows - 1), column.clip(0, columns - 1)] = True
    return found


def _extent(area: Area) -> tuple[int, int]:
    """How many rows and columns of squares an area has."""
    return max(1, int(area.height // SQUARE)), max(1, int(area.width // SQUARE))


def _counted(layer: NDArray[np.int32], squares: Squares) -> NDArray[np.int32]:
    """The sum of the squares of `layer` in each of the boxes `squares` (..., 4).

    By a table of sums (Crow, 1984), in the same time for all.
    """
    sums = np.zeros((layer.shape[0] + 1, layer.shape[1] + 1), np.int32)
    inner = sums[1:, 1:]
    layer.cumsum(axis=0, dtype=np.int32, out=inner)
    inner.cumsum(axis=1, dtype=np.int32, out=inner)
    left, top, right, bottom = np.moveaxis(squares, -1, 0)
    left, right = left.clip(0, layer.shape[1]), right.clip(0, layer.shape[1])
    top, bottom = top.clip(0, layer.shape[0]), bottom.clip(0, layer.shape[0])
    counts: NDArray[np.int32] = (
        sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    )
    return counts
