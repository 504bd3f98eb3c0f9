"""Colours in OKLab (Björn Ottosson, 2020): equal distances in it look about equally different.

So a value twice as large can be made to look twice as strong.
"""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

Channels = NDArray[np.float64]

_TO_CONE = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def lab(colour: QColor) -> Channels:
    """Lightness 0 … 1, green to red, blue to yellow: (3,)."""
    return _TO_LAB @ np.cbrt(_TO_CONE @ linear(rgb(colour) / 255))


def rgb_of(labs: Channels) -> NDArray[np.uint8]:
    """The nearest sRGB colours uint8 (…, 3) of `labs` (…, 3)."""
    cones = labs @ np.linalg.inv(_TO_LAB).T
    return np.rint(255 * _encoded(cones**3 @ np.linalg.inv(_TO_CONE).T)).astype(np.uint8)


def rgb(colour: QColor) -> Channels:
    """Red, green and blue of `colour`, 0 … 255: (3,)."""
    return np.array((colour.red(), colour.green(), colour.blue()), dtype=np.float64)


def linear(channels: Channels) -> Channels:
    """sRGB 0 … 1 to linear light (IEC 61966-2-1)."""
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def _encoded(light: Channels) -> Channels:
    """Linear light to sRGB 0 … 1 (IEC 61966-2-1)."""
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
