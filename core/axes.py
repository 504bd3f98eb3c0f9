"""What the axes of the picture are chosen to be, and what each of them turned out to be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

AxesPolicy = Literal["follow", "held"]

MOST_COMPONENTS = 10
"""How many principal components can be chosen from."""


@dataclass(frozen=True)
class Components:
    """Principal components by `numbers`, from 1, for the axes in turn.

    Two dimensions show the first two of them. A number that the table does not have, or a third
    that is missing, is replaced by the lowest that is free.
    """

    numbers: tuple[int, ...] = (1, 2, 3)

    def chosen(self, dimensions: int, available: int) -> tuple[int, ...]:
        """The numbers of `dimensions` axes, or of `available` if there are fewer."""
        wanted = [number for number in self.numbers[:dimensions] if 1 <= number <= available]
        free = (number for number in range(1, available + 1) if number not in wanted)
        return tuple([*wanted, *free][:dimensions])


@dataclass(frozen=True)
class Direction:
    """From the mean of the rows `start` to the mean of the rows `end`, all of them ids."""

    start: tuple[int, ...]
    end: tuple[int, ...]


@dataclass(frozen=True)
class Directions:
    """Directions for the axes in turn; those that are missing lie across them."""

    each: tuple[Direction, ...]


AxesChoice = Components | Directions


@dataclass(frozen=True, eq=False)
class ShownAxes:
    """Axes as they were on screen: `basis` (D, k), unit columns at right angles, and `centre` (D,).

    `since` is the step whose rows gave them, and `numbers` (k,) which of its principal components
    they were, if they were some. A component has no sign, so that found anew they may be others.
    """

    basis: NDArray[np.float64]
    centre: NDArray[np.float64]
    since: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Axis:
    """One axis of the picture.

    `kind` "pc" is a principal component, `number` from 1; "column" is a plain coordinate, `number`
    from 0; "direction" is the direction `number`, from 0, of the choice; "across" is at a right
    angle to the directions, otherwise as close to the first components as can be. `explained` is
    the share of the table's variance along exactly this axis, 0 … 1, NaN where nothing varies.
    `lost` says that a direction is none now, its ends being equal, and that the axis is as it was.
    """

    kind: Literal["pc", "column", "direction", "across"]
    number: int
    explained: float
    lost: bool = False
