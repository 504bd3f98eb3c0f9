"""Colour by point: a byte for each point that names one of at most 255 colours, and its key.

A byte, not a colour: 1,000,000 points need 1 MB, and a frame that changes them all moves little
memory.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

NO_VALUE = 255  # the code of a point that has no value; drawn in the theme's muted colour
MOST_COLOURS = 255

Shape = Literal["disc", "triangle", "upturned", "plus", "cross", "star", "bar", "post"]
SHAPES: tuple[Shape, ...] = (
    "disc",
    "triangle",
    "upturned",
    "plus",
    "cross",
    "star",
    "bar",
    "post",
)


@dataclass(frozen=True)
class Scale:
    """The palette is a ramp: its first colour stands for `low`, its last one for `high`.

    Both are written as the key shows them. `middle` is what the colour in the middle stands for,
    where that is worth saying.
    """

    low: str
    high: str
    middle: str = ""


@dataclass(frozen=True)
class Category:
    """A name for the points of one colour: `colour` is its code, `count` how many points it has.

    `shape` is that of its points where there are few enough points to have shapes, so that
    colour is not the only sign.
    """

    name: str
    colour: int
    count: int
    shape: Shape = "disc"


@dataclass(frozen=True, eq=False)
class Tints:
    """The colours of all points of a scene, and what they mean.

    `codes` uint8 (V,) into `palette` uint8 (n, 3), red, green and blue, n from 1 to 255; 255 is
    `NO_VALUE`, and no code is from n to 254. `title` says what the colours tell. The key is a
    `Scale` or categories. `missing` is what the key calls `NO_VALUE`; "": no value.
    Arrays are not copied, so that nobody may write to them afterwards.
    """

    codes: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    title: str
    key: Scale | tuple[Category, ...]
    missing: str = ""

    def __post_init__(self) -> None:
        if self.codes.dtype != np.uint8 or self.codes.ndim != 1:
            raise ValueError(f"codes are {self.codes.dtype} {self.codes.shape}, not uint8 (V,)")
        colours = len(self.palette)
        if self.palette.dtype != np.uint8 or self.palette.shape != (colours, 3):
            raise ValueError(f"the palette is {self.palette.dtype} {self.palette.shape}")
        if not 1 <= colours <= MOST_COLOURS:
            raise ValueError(f"{colours} colours; there can be 1 to {MOST_COLOURS}")

    @cached_property
    def without_value(self) -> int:
        """How many points have no value."""
        return int(np.count_nonzero(self.codes == NO_VALUE))

    @cached_property
    def shapes(self) -> dict[int, Shape]:
        """The shape of each code that has another than a disc."""
        if isinstance(self.key, Scale):
            return {}
        return {each.colour: each.shape for each in self.key if each.shape != "disc"}
