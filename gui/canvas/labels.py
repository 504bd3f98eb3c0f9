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

_CELL = 3  # pixels; the side of one square of the map of what is taken
_CLEARANCE = 5.0  # pixels that a newcomer must have around it
_ROOM_PER_LABEL = 6_000  # square pixels; bounds how many labels a view has
_ANY_CROWD = 10**9  # squares of a crowd that a label which matters may cover
_STILL_CROWD = 4  # and one that is shown already, and one that is new: none

# Sides of the point, best first, as shares of the label's own size (and the gap, in x and y).
_SIDES = (
    (0.0, -0.5, 1, 0),
    (-1.0, -0.5, -1, 0),
    (-0.5, -1.0, 0, -1),
    (-0.5, 0.0, 0, 1),
    (0.0, -1.0, 0.7, -0.7),
    (0.0, 0.0, 0.7, 0.7),
    (-1.0, -1.0, -0.7, -0.7),
    (-1.0, 0.0, -0.7, 0.7),
)


@dataclass(frozen=True)
class Anchor:
    """A point that would like a label of `width` × `height`, `gap` pixels from its middle.

    One that `matters` has its place before any that does not, whatever was shown before.
    """

    id: int
    x: float
    y: float
    width: float
    height: float
    gap: float
    matters: bool


@dataclass(frozen=True)
class Placed:
    """The label of point `id` goes into `box`."""

    id: int
    box: QRectF


class LabelLayout:
    """Remembers from one picture to the next which labels were shown, and on which side."""

    def __init__(self) -> None:
        self._sides: dict[int, int] = {}

    def forget(self) -> None:
        """Start afresh: the ids mean other points now."""
        self._sides.clear()

    def place(
        self,
        anchors: Sequence[Anchor],
        area: Area,
        taken: Sequence[QRectF] = (),
        crowd: NDArray[np.floating] | None = None,
    ) -> list[Placed]:
        """Labels for as many of `anchors` (the most important first) as fit into `area`.

        `taken` are boxes that a label covers only if it matters and has no other place, `crowd`
        (N, 2) pixels that only labels that matter cover.
        """
        ground = _Ground(area, taken, crowd)
        most = max(8, int(area.width * area.height / _ROOM_PER_LABEL))
        sides: dict[int, int] = {}
        placed: list[Placed] = []
        for anchor in sorted(anchors, key=self._rank):
            if len(placed) >= most and not anchor.matters:
                break
            found = self._side_for(anchor, ground)
            if found is not None:
                side, box = found
                ground.add_label(box)
                sides[anchor.id] = side
                placed.append(Placed(anchor.id, box))
        self._sides = sides
        return placed

    def _rank(self, anchor: Anchor) -> tuple[bool, bool]:
        return not anchor.matters, anchor.id not in self._sides

    def _side_for(self, anchor: Anchor, ground: "_Ground") -> tuple[int, QRectF] | None:
        before = self._sides.get(anchor.id)
        among = _ANY_CROWD if anchor.matters else 0 if before is None else _STILL_CROWD
        clearance = 0.0 if anchor.matters or before is not None else _CLEARANCE
        sides = range(len(_SIDES)) if before is None else (before, *range(len(_SIDES)))
        # One that matters rather covers a point than goes missing; never another label.
        for yielding in (True, False) if anchor.matters else (True,):
            for side in sides:
                box = _box(anchor, side)
                if ground.is_free(box, clearance, among, yielding):
                    return side, box
        return None


def _box(anchor: Anchor, side: int) -> QRectF:
    across, down, gap_x, gap_y = _SIDES[side]
    return QRectF(
        anchor.x + across * anchor.width + gap_x * anchor.gap,
        anchor.y + down * anchor.height + gap_y * anchor.gap,
        anchor.width,
        anchor.height,
    )


class _Ground:
    """A coarse map of the area: which of its squares are taken, and by what."""

    def __init__(
        self, area: Area, taken: Sequence[QRectF], crowd: NDArray[np.floating] | None
    ) -> None:
        self._left, self._top = area.left, area.top
        self._columns = int(area.width // _CELL)
        self._rows = int(area.height // _CELL)
        self._taken = self._empty()
        self._labels = self._empty()
        self._crowd = self._empty()
        for box in taken:
            self._mark(self._taken, box)
        if crowd is not None and len(crowd):
            column = ((crowd[:, 0] - self._left) / _CELL).astype(np.intp)
            row = ((crowd[:, 1] - self._top) / _CELL).astype(np.intp)
            self._crowd[row.clip(0, self._rows - 1), column.clip(0, self._columns - 1)] = True

    def is_free(self, box: QRectF, clearance: float, crowd: int, yielding: bool) -> bool:
        """Whether `box` is inside the area, on no label and on few enough squares of the crowd.

        If `yielding`, on nothing taken either.
        """
        left, top, right, bottom = self._squares(box)
        if left < 0 or top < 0 or right > self._columns or bottom > self._rows:
            return False
        if yielding and self._taken[top:bottom, left:right].any():
            return False
        wide = box.adjusted(-clearance, -clearance, clearance, clearance)
        if self._part(self._labels, wide).any():
            return False
        return int(self._crowd[top:bottom, left:right].sum()) <= crowd

    def add_label(self, box: QRectF) -> None:
        """Let no other label come on `box`."""
        self._mark(self._labels, box)

    def _empty(self) -> NDArray[np.bool_]:
        return np.zeros((max(self._rows, 1), max(self._columns, 1)), bool)

    def _mark(self, layer: NDArray[np.bool_], box: QRectF) -> None:
        self._part(layer, box)[...] = True

    def _part(self, layer: NDArray[np.bool_], box: QRectF) -> NDArray[np.bool_]:
        left, top, right, bottom = self._squares(box)
        return layer[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]

    def _squares(self, box: QRectF) -> tuple[int, int, int, int]:
        return (
            int((box.left() - self._left) // _CELL),
            int((box.top() - self._top) // _CELL),
            int((box.right() - self._left) // _CELL) + 1,
            int((box.bottom() - self._top) // _CELL) + 1,
        )
