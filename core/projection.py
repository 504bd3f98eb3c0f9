"""The points of a table in 2 or 3 dimensions, frame after frame: exact PCA on axes that hold still.

A principal axis has no sign, and two of nearly equal variance change places at every step. So the
shown axes are turned within their plane to lie closest to those shown before, and when the plane
itself jumps the view turns to the new one instead.
"""

from dataclasses import dataclass
from math import radians

import numpy as np
from numpy.typing import NDArray

from core.alignment import Plane, complete, turn_between
from core.axes import AxesChoice, AxesPolicy, Axis, Components, Directions, ShownAxes
from core.covariance import Rows, pieces, usable
from core.directions import basis_along
from core.placing import place
from core.projected import Projected
from core.upkeep import LiveComponents

__all__ = ["AxesChoice", "AxesPolicy", "Axis", "LiveProjection", "Projected", "Wanted"]

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

IDLE_SECONDS = 0.02
"""How long the work on the axes may take at a time while nothing else waits."""

NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Wanted:
    """Of `moved` rows, those at `places` (n,) were `old_rows` (n, D): the arrows to be drawn."""

    moved: int
    places: NDArray[np.integer]
    old_rows: Rows


class LiveProjection:
    """Follows a table while it trains, or holds the axes of one step. Used by one thread."""

    _basis: Plane
    _centre: NDArray[np.float64]
    _old_rows: Rows
    _wanted: Wanted | None

    def __init__(self, dimensions: int = 2, policy: AxesPolicy = "follow") -> None:
        self.table: Rows | None = None
        """What directions are of, where the rows that are shown are but a part of it."""
        self._dimensions = dimensions
        self._policy: AxesPolicy = policy
        self._choice: AxesChoice = Components()
        self._given: ShownAxes | None = None
        self._last: Projected | None = None
        self._begin(np.empty((0, 1)), 0)

    @property
    def unfinished(self) -> bool:
        """Whether `advance` has something left to do."""
        return self._last is not None and (
            self._remaining > 0 or self._changed or not self._components.finished
        )

    def reset(self, rows: Rows, step: int) -> Projected:
        """Begin with another table (V, D), on its own principal axes."""
        if self._last is not None:
            self._given = None  # it was for the table before
        self._begin(rows, step)
        return self._show(rows, NOBODY, 0.0)

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
            held = self._policy == "held" and not self._plain
            self._components.update(rows, moved_ids, old_rows, step, held=held)
            self._components.pass_time(rows, step, seconds)
        self._step, self._old_rows, self._wanted = step, old_rows, None
        return self._show(rows, moved_ids, seconds)

    def update_all(
        self,
        rows: Rows,
        wanted: Wanted,
        step: int,
        seconds: float,
    ) -> Projected:
        """The points after any of `rows` (V, D) may have changed; V as before.

        The axes of a large table are brought up to date over the next frames; `Projected.since`
        tells of when they are.
        """
        if rows.shape[1] != len(self._centre):
            self._begin(rows, step)
        else:
            self._components.update_all(rows, step)
            self._components.pass_time(rows, step, seconds)
        self._step, self._old_rows, self._wanted = step, wanted.old_rows, wanted
        return self._show(rows, None, seconds)

    def advance(self, rows: Rows, seconds: float) -> Projected | None:
        """Turn on, `seconds` after the last call, over unchanged `rows`; None: all stays as is.

        It does stay where `rows` are of another shape: that table was never shown, or is no more.
        """
        if self._last is None or rows.shape != (len(self._last.points), len(self._centre)):
            return None
        new = self._components.work(rows, self._step, IDLE_SECONDS)
        if not new and self._remaining == 0 and not self._changed:
            return None
        return self._show(rows, NOBODY, seconds)

    def set_policy(self, policy: AxesPolicy) -> None:
        """Hold the axes as they are shown now, or follow from where they are held."""
        if policy == self._policy:
            return
        self._policy, self._since = policy, self._components.step
        self._target, self._remaining = self._basis, 0.0
        self._changed = self._last is not None

    def set_dimensions(self, dimensions: int) -> None:
        """Show 2 or 3 dimensions, keeping the axes that both have."""
        if dimensions == self._dimensions:
            return
        plain = self._plain
        self._dimensions = dimensions
        if plain or self._plain or isinstance(self._choice, Directions):
            self._begins = True
        else:
            kept = self._basis[:, :dimensions]
            self._basis = self._target = complete(kept, self._chosen(), dimensions)
            self._name_axes()
        self._changed = self._last is not None

    def set_choice(self, choice: AxesChoice) -> None:
        """Show other axes, of the step on screen."""
        if choice == self._choice:
            return
        self._choice = choice
        self._begins = True
        self._changed = self._last is not None

    def show_axes(self, axes: ShownAxes) -> None:
        """Hold these axes, or follow from them, if they are of such rows and nothing was chosen."""
        self._given = axes
        self._changed = self._last is not None

    @property
    def _plain(self) -> bool:
        chosen = isinstance(self._choice, Directions)
        return len(self._centre) <= (1 if chosen else self._dimensions)

    @property
    def _directed(self) -> bool:
        return isinstance(self._choice, Directions) and not self._plain

    def _begin(self, rows: Rows, step: int) -> None:
        self._components = LiveComponents(rows, step)
        self._centre = self._components.mean
        self._step = step
        self._old_rows = np.empty((0, rows.shape[1]))
        self._wanted = None
        self._last = None
        self._begin_axes(rows)

    def _begin_axes(self, rows: Rows) -> None:
        self._begins = False
        self._centre = self._components.mean
        self._since = self._components.step
        self._remaining = 0.0
        self._lost: tuple[bool, ...] = ()
        if self._plain:
            self._basis = np.eye(len(self._centre), self._dimensions)
            self._centre = np.zeros_like(self._centre)
        elif isinstance(self._choice, Directions):
            self._direct(rows, None)
        else:
            self._basis = self._chosen()
        self._target = self._basis
        self._name_axes()

    def _chosen(self) -> Plane:
        """The chosen components (D, k), which may have no variance."""
        return self._components.leading.axes[:, [number - 1 for number in self._numbers_chosen()]]

    def _numbers_chosen(self) -> tuple[int, ...]:
        choice = self._choice if isinstance(self._choice, Components) else Components()
        available = self._components.leading.axes.shape[1]
        return choice.chosen(self._dimensions, available)

    def _direct(self, rows: Rows, last: Plane | None) -> None:
        """Lay the axes along the chosen directions, as the rows are now."""
        assert isinstance(self._choice, Directions)
        k = min(self._dimensions, len(self._centre))
        leading = self._components.leading.axes
        table = rows if self.table is None else self.table
        basis, self._lost = basis_along(table, self._choice.each, leading, last, k)
        self._basis = np.hstack([basis, np.zeros((len(basis), self._dimensions - k))])
        self._since = self._step

    def _go_on_from(self, given: ShownAxes) -> bool:
        """Whether the axes are those that were `given` now."""
        self._given = None
        fits = given.basis.shape == self._basis.shape and len(given.centre) == len(self._centre)
        if not fits or self._plain or self._directed:
            return False
        self._basis = self._target = given.basis
        self._centre, self._since, self._remaining = given.centre, given.since, 0.0
        if given.numbers:
            self._exact, self._numbers = True, given.numbers
        else:
            self._name_axes()
        return True

    def _follow(self, rows: Rows, seconds: float) -> None:
        if self._directed:
            self._direct(rows, self._basis)
            self._centre = self._components.mean
            return
        plane = self._settled_plane()
        turn = turn_between(self._basis, plane)
        # At rest the axes span the target.
        off = turn_between(self._target, plane) if self._remaining else turn
        if off.angle > JUMP:
            # The time that went by before the plane jumped is no part of the turn.
            seconds = seconds if self._remaining else 0.0
            self._remaining = TURN_SECONDS
        left = self._remaining - seconds
        share = seconds / self._remaining if left > MOMENT else 1.0
        self._remaining = left if left > MOMENT else 0.0
        self._basis = turn.at(share)
        self._centre = self._centre + share * (self._components.mean - self._centre)
        self._since, self._target = self._components.step, plane
        self._name_axes()

    def _settled_plane(self) -> Plane:
        """The chosen components; where nothing varies, as near as can be to the last axes."""
        plane = self._chosen()
        varies = self._components.shares(plane) > NEGLIGIBLE
        if varies.all():
            return plane
        return complete(plane[:, varies], self._target, self._dimensions)

    def _name_axes(self) -> None:
        """Say which principal component each axis is, if each is one."""
        leading = self._components.leading
        self._exact, self._numbers = self._plain, self._numbers_chosen()
        if self._plain or self._directed:
            return
        overlap = np.abs(leading.axes.T @ self._basis)
        named = overlap.argmax(axis=0)
        if (overlap.max(axis=0) > np.cos(EXACT)).all() and (leading.angles[named] < EXACT).all():
            self._exact = True
            self._numbers = tuple(int(number) + 1 for number in named)

    def _axes(self) -> tuple[Axis, ...]:
        explained = self._components.shares(self._basis).tolist()
        if self._plain:
            return tuple(Axis("column", i, explained[i]) for i in range(len(self._centre)))
        if self._directed:
            return tuple(
                Axis("direction", i, share, self._lost[i])
                if i < len(self._lost)
                else Axis("across", i, share)
                for i, share in enumerate(explained[: len(self._centre)])
            )
        return tuple(Axis("pc", n, e) for n, e in zip(self._numbers, explained, strict=True))

    def _points(self, rows: Rows, moved_ids: NDArray[np.integer] | None) -> NDArray[np.float32]:
        last = self._last
        if last is None or moved_ids is None or len(last.points) != len(rows):
            return place(rows, self._centre, self._basis)
        if last.basis is self._basis and last.centre is self._centre:
            points = last.points.copy()
            for piece in pieces(len(moved_ids), rows.shape[1]):
                moved = moved_ids[piece]
                points[moved] = place(rows[moved], self._centre, self._basis)
            return points
        known = not len(last.left_out) and all(
            usable(rows[moved_ids[piece]]).all() for piece in pieces(len(moved_ids), rows.shape[1])
        )
        mean_square = self._components.mean_square if known else None
        return place(rows, self._centre, self._basis, mean_square)

    def _moved_from(self) -> NDArray[np.float32]:
        starts = place(self._old_rows, self._centre, self._basis)
        if self._wanted is None:
            return starts
        everyone = np.full((self._wanted.moved, starts.shape[1]), np.nan, np.float32)
        everyone[self._wanted.places] = starts
        return everyone

    def _show(self, rows: Rows, moved_ids: NDArray[np.integer] | None, seconds: float) -> Projected:
        settled = self._begins
        if self._begins:
            self._begin_axes(rows)
        if self._given is not None and self._go_on_from(self._given):
            settled, seconds = False, 0.0
        if not settled and self._policy == "follow" and not self._plain:
            self._follow(rows, seconds)
        self._changed = False
        points = self._points(rows, moved_ids)
        self._last = Projected(
            points=points,
            moved_from=self._moved_from(),
            centre=self._centre,
            basis=self._basis,
            axes=self._axes(),
            policy="plain" if self._plain else self._policy,
            since=self._step if self._plain else self._since,
            exact=self._exact,
            turning=1 - self._remaining / TURN_SECONDS,
            left_out=np.flatnonzero(np.isnan(points[:, 0])),
            step=self._step,
            measured=self._components.step,
            spectrum=self._components.spectrum,
            settled=self._components.leading.settled,
            numbers=() if self._plain or self._directed else self._numbers_chosen(),
        )
        return self._last
