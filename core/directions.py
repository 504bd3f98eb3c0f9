"""Axes by meaning: from the mean of some rows to the mean of others.

Two of them are drawn as x and y without being made orthogonal: each coordinate then is exactly how
far a row goes along that direction, whatever the other one is, and the angle between the two is
said on screen.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane, complete
from core.axes import Direction
from core.covariance import Rows, usable
from core.looking_problems import AxisRefused
from core.problems import ProblemError

EQUAL = 1e-12
"""The distance of the two means, as a share of the longest row, below which it is rounding."""


def unit(rows: Rows, direction: Direction) -> NDArray[np.float64] | None:
    """The direction (D,) in the table `rows` (V, D), of length 1; None where it has none.

    That is where the means are equal, a row is not usable, or an id is not in the table.
    """
    ids = [*direction.start, *direction.end]
    if not ids or max(ids) >= len(rows) or not usable(rows[ids]).all():
        return None
    ends = rows[ids].astype(np.float64)
    way = ends[len(direction.start) :].mean(axis=0) - ends[: len(direction.start)].mean(axis=0)
    length = float(np.linalg.norm(way))
    if length <= EQUAL * float(np.linalg.norm(ends, axis=1).max()):
        return None
    result: NDArray[np.float64] = way / length
    return result


def require(rows: Rows, direction: Direction, text: str) -> None:
    """Raise `ProblemError(AxisRefused)` unless `direction`, written as `text`, is one now."""
    if unit(rows, direction) is None:
        finite = usable(rows[[*direction.start, *direction.end]]).all()
        raise ProblemError(AxisRefused(text, "equal" if finite else "not-finite"))


def basis_along(
    rows: Rows, directions: Sequence[Direction], components: Plane, last: Plane | None, k: int
) -> tuple[Plane, tuple[bool, ...]]:
    """The axes (D, k) along `directions`, and which of these are lost.

    A lost direction stays as in `last` (D, k), or without one points along a component. Axes that
    no direction is chosen for lie at right angles to the others, as close as can be to the plane
    of the first k `components` (D, n), n ≥ k, and with the sign that they had in `last`.
    """
    found = [unit(rows, direction) for direction in directions[:k]]
    lost = tuple(each is None for each in found)
    spare = components if last is None else last
    axes = [spare[:, i] if each is None else each for i, each in enumerate(found)]
    along = np.column_stack(axes)
    if along.shape[1] == k:
        return along, lost
    # Of two directions that are nearly one, the span is a matter of rounding; any will do.
    frame = np.linalg.qr(along)[0]
    across = complete(frame, components[:, :k], k)[:, along.shape[1] :]
    if last is not None:
        signs = (across * last[:, along.shape[1] :]).sum(axis=0)
        across = across * np.where(signs < 0, -1, 1)
    return np.hstack([along, across]), lost
