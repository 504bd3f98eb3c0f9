"""How strong a dot is, by how many points it stands for and how near they are, in what colour."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gui.canvas.tints import NO_VALUE

DEEPEST = 255  # more points than this on one pixel look alike
LEVELS = 31  # of strength
NEAREST = 127  # what is nearest; 1 is farthest, 0 is nothing at all
LIT = 128  # added to the nearness of points that are not faint
_LOT_BITS = 3
LEVEL_AT = 8 + _LOT_BITS  # bits below a level in a dot: those of its colour and its lot
_FARTHEST = 0.3  # how much of its strength the farthest point keeps
_FAINT = 0.16


def dot_side(points: int, device_ratio: float) -> int:
    """The side of a dot in device pixels: smaller in a larger cloud."""
    return max(1, round((3 if points <= 20_000 else 2) * device_ratio))


def dot_strength(points: int) -> float:
    """The opacity of a single dot: fainter in a larger cloud, so that dense places stand out."""
    return min(0.7, max(0.3, 0.7 - 0.3 * math.log10(max(points, 1) / 10_000)))


def palette_of(colours: NDArray[np.uint8], without_value: QColor) -> NDArray[np.uint8]:
    """Red, green and blue (256, 3) of every code, from those (n, 3) of the first ones."""
    palette = np.zeros((256, 3), np.uint8)
    palette[: len(colours)] = colours
    palette[NO_VALUE] = without_value.red(), without_value.green(), without_value.blue()
    return palette


def levels_of(strength: float, deepest: int) -> NDArray[np.uint32]:
    """The level of a pixel, (65536,), by 256 · (`LIT` + nearness) + number of its lit points.

    One point has `strength`, `deepest` on one another are opaque, and each doubling between adds
    as much: densities in a cloud differ by factors. Levels are as in a dot: `LEVEL_AT` bits up.
    """
    # A power of two, so that the shades do not change with every frame.
    return _levels(strength, max(1, math.ceil(math.log2(max(deepest, 1)))))


@lru_cache(maxsize=16)
def _levels(strength: float, doublings: int) -> NDArray[np.uint32]:
    points = np.arange(DEEPEST + 1)
    rise = np.log2(np.maximum(points, 1)) / doublings
    lit = np.minimum(strength + (1 - strength) * rise, 1)
    fade = _FARTHEST + (1 - _FARTHEST) * (np.arange(NEAREST + 1) - 1) / (NEAREST - 1)
    opacity = np.concatenate([fade[:, None] * np.full(len(points), _FAINT), fade[:, None] * lit])
    # Nothing is stronger than no point at all only by being there: at least level 1.
    level = np.maximum(np.rint(opacity * LEVELS), 1)
    level[[0, LIT]] = level[LIT:, 0] = 0
    found: NDArray[np.uint32] = (level.astype(np.uint32) << LEVEL_AT).ravel()
    found.flags.writeable = False
    return found


def inks_of(palette: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Premultiplied ARGB (65536,) of every dot: its level (5 bits), its lot (3), its code (8).

    `palette` is uint8 (256, 3). The lot is in the last bits of the opacity, where nobody sees it:
    so the larger of two such numbers is the stronger dot, and of equal ones that with the better
    lot, whatever their colours.
    """
    return _inks(palette.tobytes())


@lru_cache(maxsize=8)
def _inks(palette: bytes) -> NDArray[np.uint32]:
    colours = np.frombuffer(palette, np.uint8).reshape(256, 3).astype(np.uint32)
    opacity = np.arange((LEVELS + 1) << _LOT_BITS, dtype=np.uint32)[:, None]
    opacity[: 1 << _LOT_BITS] = 0
    inks = opacity.repeat(256, axis=1)
    for channel in colours.T:
        inks = inks * np.uint32(256) + (opacity * channel + 127) // np.uint32(255)
    found: NDArray[np.uint32] = inks.ravel()
    found.flags.writeable = False
    return found
