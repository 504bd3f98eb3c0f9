"""The points of a table in 2 or 3 dimensions, frame after frame: exact PCA on axes that hold still.

A principal axis has no sign, and two of nearly equal variance change places at every step. So the
shown axes are turned within their plane to lie closest to those shown before, and when the plane
itself jumps the view turns to the new one instead.
"""

from dataclasses import dataclass
from math import radians
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane, complete, turn_between
from core.covariance import Rows, RunningCovariance, chunks, usable

AxesPolicy = Literal["follow", "held"]

TURN_SECONDS = 0.3
"""How long the view takes to turn to another plane."""

MOMENT = 1e-6
"""A turn with fewer seconds to go is over: what is left is the rounding of the frames' times."""

JUMP = radians(15)
"""The largest principal angle between the planes of two frames that still counts as drift.

In trial runs (50 to 1,000 rows, SGD and Adam, frames 1 to 40 steps apart) nine frames of ten
turned by less than 10°, and when two components crossed, by 20° to 90°.
"""

NEGLIGIBLE = 1e-9
"""The share of the variance below which the direction of an axis is but rounding."""

EXACT = 1e-3
"""How far an axis may be from a principal axis, in radians, and still be called by its name."""


@dataclass(frozen=True)
class Axis:
    """One axis of the picture.

    `kind` "pc" is a principal component, `number` from 1; "column" is a plain coordinate, `number`
    from 0. `explained` is the share of the table's variance along exactly this axis, 0 … 1, NaN
    where nothing varies.
    """

    kind: Literal["pc", "column"]
    number: int
    explained: float


@dataclass(frozen=True, eq=False)
class Projected:
    """The points of one table, and what their axes are; nothing in it changes later."""

    points: NDArray[np.float32]
    """(V, k); NaN in the rows that are left out."""
    moved_from: NDArray[np.float32]
    """(m, k): where the moved rows were before, on the same axes."""
    centre: NDArray[np.float64]
    """(D,): the point drawn at the origin."""
    basis: Plane
    """(D, k), orthonormal columns; for D < k the columns past D are 0."""
    axes: tuple[Axis, ...]
    """The min(D, k) axes."""
    policy: Literal["follow", "held", "plain"]
    """"plain": coordinates as they are, neither centred nor turned."""
    since: int
    """The step whose principal components the axes are: an earlier one when held."""
    exact: bool
    """Whether each axis is the principal component it is called, not one turned in its plane."""
    turning: float
    """How far the view has turned to a new plane, 0 … 1; 1 when it is not turning."""
    left_out: NDArray[np.int64]
    """The rows with NaN or Inf, or longer than 1e18: no points, and no part in the PCA."""

    def project(self, rows: Rows) -> NDArray[np.float32]:
        """The points (n, k) of any (n, D) `rows` on these axes; NaN for those not finite."""
        return place(rows, usable(rows), self.centre, self.basis)


class LiveProjection:
    """Follows a table while it trains, or holds the axes of one step. Used by one thread."""

    _basis: Plane
    _centre: NDArray[np.float64]
    _old_rows: Rows

    def __init__(self, dimensions: int = 2, policy: AxesPolicy = "follow") -> None:
        self._dimensions = dimensions
        self._policy: AxesPolicy = policy
        self._last: Projected | None = None
        self._begin(np.empty((0, 1)), 0)

    def reset(self, rows: Rows, step: int) -> Projected:
        """Begin with another table (V, D), on its own principal axes."""
        self._begin(rows, step)
        return self._show(rows, np.empty(0, np.int64), 0.0)

    def update(
        self,
        rows: Rows,
        moved_ids: NDArray[np.integer],
        old_rows: Rows,
        step: int,
        seconds: float,
    ) -> Projected:
        """The points after `rows[moved_ids]` changed from `old_rows` (m, D).

        `rows` is the whole table (V, D) of `step`, of any float dtype; V may differ from before
        (then a row that was not there has NaN in `old_rows`), and another D begins anew. `seconds`
        have passed since the last call. `old_rows` is kept until the next update.
        """
        if rows.shape[1] != len(self._centre):
            self._begin(rows, step)
        else:
            self._moments.update(rows, moved_ids, old_rows)
        self._step, self._old_rows = step, old_rows
        return self._show(rows, moved_ids, seconds)

    def advance(self, rows: Rows, seconds: float) -> Projected | None:
        """Turn on, `seconds` after the last call, over unchanged `rows`; None: all stays as is."""
        if self._remaining == 0 and not self._changed:
            return None
        return self._show(rows, np.empty(0, np.int64), seconds)

    def set_policy(self, policy: AxesPolicy) -> None:
        """Hold the axes as they are shown now, or follow from where they are held."""
        if policy == self._policy:
            return
        self._policy, self._since = policy, self._step
        self._target, self._remaining = self._basis, 0.0
        self._changed = self._last is not None

    def set_dimensions(self, dimensions: int) -> None:
        """Show 2 or 3 dimensions, keeping the axes that both have."""
        if dimensions == self._dimensions:
            return
        plain = self._plain
        self._dimensions = dimensions
        if plain or self._plain:
            self._begin_axes()
        else:
            kept = self._basis[:, :dimensions]
            self._basis = self._target = complete(kept, self._components, dimensions)
            self._name_axes()
        self._changed = self._last is not None

    @property
    def _plain(self) -> bool:
        return len(self._centre) <= self._dimensions

    def _begin(self, rows: Rows, step: int) -> None:
        self._moments = RunningCovariance(rows)
        self._step = step
        self._old_rows = np.empty((0, rows.shape[1]))
        self._begin_axes()

    def _begin_axes(self) -> None:
        self._components = self._moments.principal_axes(3)
        self._centre = self._moments.mean
        self._since = self._step
        self._remaining = 0.0
        if self._plain:
            self._basis = np.eye(len(self._centre), self._dimensions)
            self._centre = np.zeros_like(self._centre)
        else:
            self._basis = self._components[:, : self._dimensions]
        self._target = self._basis
        self._name_axes()

    def _follow(self, seconds: float) -> None:
        self._components = self._principal_axes()
        plane = self._components[:, : self._dimensions]
        if turn_between(self._target, plane).angle > JUMP:
            # The time that went by before the plane jumped is no part of the turn.
            seconds = seconds if self._remaining else 0.0
            self._remaining = TURN_SECONDS
        left = self._remaining - seconds
        share = seconds / self._remaining if left > MOMENT else 1.0
        self._remaining = left if left > MOMENT else 0.0
        self._basis = turn_between(self._basis, plane).at(share)
        self._centre = self._centre + share * (self._moments.mean - self._centre)
        self._since, self._target = self._step, plane
        self._name_axes()

    def _principal_axes(self) -> Plane:
        """The principal axes; those along which nothing varies, as near as can be to the last."""
        components = self._moments.principal_axes(3)
        shares = self._moments.shares(components[:, : self._dimensions])
        rank = int((shares > NEGLIGIBLE).sum())
        if rank == self._dimensions:
            return components
        plane = complete(components[:, :rank], self._target, self._dimensions)
        return complete(plane, components, components.shape[1])

    def _name_axes(self) -> None:
        """Say which principal component each axis is, if each is one."""
        overlap = np.abs(self._components.T @ self._basis)
        self._exact = self._plain or bool((overlap.max(axis=0) > np.cos(EXACT)).all())
        named = overlap.argmax(axis=0) if self._exact else range(self._dimensions)
        self._numbers = tuple(int(number) + 1 for number in named)

    def _axes(self) -> tuple[Axis, ...]:
        explained = self._moments.shares(self._basis).tolist()
        if self._plain:
            return tuple(Axis("column", i, explained[i]) for i in range(len(self._centre)))
        return tuple(Axis("pc", n, e) for n, e in zip(self._numbers, explained, strict=True))

    def _points(self, rows: Rows, moved_ids: NDArray[np.integer]) -> NDArray[np.float32]:
        last, counted = self._last, self._moments.usable
        still = last is not None and last.basis is self._basis and last.centre is self._centre
        if last is None or not still or len(last.points) != len(rows):
            return place(rows, counted, self._centre, self._basis)
        points = last.points.copy()
        points[moved_ids] = place(rows[moved_ids], counted[moved_ids], self._centre, self._basis)
        return points

    def _show(self, rows: Rows, moved_ids: NDArray[np.integer], seconds: float) -> Projected:
        if self._policy == "follow" and not self._plain:
            self._follow(seconds)
        self._changed = False
        held = self._policy == "held" and not self._plain
        self._last = Projected(
            points=self._points(rows, moved_ids),
            moved_from=place(self._old_rows, usable(self._old_rows), self._centre, self._basis),
            centre=self._centre,
            basis=self._basis,
            axes=self._axes(),
            policy="plain" if self._plain else self._policy,
            since=self._since if held else self._step,
            exact=self._exact,
            turning=1 - self._remaining / TURN_SECONDS,
            left_out=np.flatnonzero(~self._moments.usable),
        )
        return self._last


def place(
    rows: Rows, counted: NDArray[np.bool_], centre: NDArray[np.float64], basis: Plane
) -> NDArray[np.float32]:
    """The points (n, k) of (n, D) `rows`; NaN where `counted` (n,) is false."""
    points = np.empty((len(rows), basis.shape[1]), np.float32)
    # Rows that do not count may hold anything; whatever comes of them is overwritten.
    with np.errstate(invalid="ignore", over="ignore"):
        for where, values in chunks(rows):
            axes = basis.astype(values.dtype)
            points[where] = (values - centre.astype(values.dtype)) @ axes
    points[~counted] = np.nan
    return points
