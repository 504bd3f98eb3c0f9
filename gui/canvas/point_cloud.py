"""Points as pixels: crisp dots, shaded by how many lie on one another, written by numpy.

A scatter item of pyqtgraph needs 200 ms for 100,000 moving points; this needs about 2 ms, and
about 20 ms for 1,000,000.
"""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

_DEEPEST = 255  # more dots than this on one pixel look alike
_DISTANCES = 8  # shades from the farthest point to the nearest
_FARTHEST = 0.3  # how much of its strength the farthest point keeps


class DotImage:
    """One picture of many points; `image` shows the memory of `pixels`, which must outlive it."""

    def __init__(
        self, pixels: NDArray[np.uint32], width: int, side: int, device_ratio: float
    ) -> None:
        self.pixels = pixels
        self._device_ratio = device_ratio
        self._side = side
        self.image = QImage(
            pixels.data,
            width,
            pixels.shape[0],
            pixels.strides[0],
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        self.image.setDevicePixelRatio(device_ratio)

    def places(self) -> NDArray[np.floating]:
        """(N, 2) logical pixels of which each dot covers one at least; far fewer than points."""
        rows, columns = np.nonzero(self.pixels[:: self._side, :: self._side])
        return np.column_stack([columns, rows]) * (self._side / self._device_ratio)


def dots(
    screen: NDArray[np.floating],
    width: float,
    height: float,
    ink: QColor,
    near: NDArray[np.floating] | None = None,
    device_ratio: float = 1.0,
) -> DotImage:
    """A transparent picture of `width` × `height` logical pixels with a dot for each point.

    `screen` (N, 2) are logical pixels; rows that are NaN or outside draw nothing. `near` (N,)
    from 0 to 1 fades what is far. Where dots share a pixel it is stronger, not just overwritten.
    """
    columns, rows = math.ceil(width * device_ratio), math.ceil(height * device_ratio)
    side = dot_side(len(screen), device_ratio)
    index, inside = _pixel_index(screen, columns, rows, side, device_ratio)
    deep = np.bincount(index, minlength=rows * columns)
    hit = np.flatnonzero(deep != 0)
    level = np.minimum(deep[hit], _DEEPEST)
    shades = _shades(ink, dot_strength(len(screen)), int(level.max(initial=1)))
    single = np.zeros(rows * columns, np.uint32)
    if near is None:
        single[hit] = shades[-1].take(level)
    else:
        total = np.bincount(index, near[inside], minlength=rows * columns)
        distance = total[hit] / deep[hit] * (_DISTANCES - 1) + 0.5
        single[hit] = shades[distance.astype(np.intp), level]
    return DotImage(_enlarged(single.reshape(rows, columns), side), columns, side, device_ratio)


def _enlarged(single: NDArray[np.uint32], side: int) -> NDArray[np.uint32]:
    """`single` (H, W) with each pixel as a square of `side`; the strongest wins where two meet.

    All shades are of one ink, so that the larger number is the stronger.
    """
    rows, columns = single.shape
    pixels = np.zeros((rows + side - 1, columns + side - 1), np.uint32)
    for down in range(side):
        for right in range(side):
            part = pixels[down : down + rows, right : right + columns]
            np.maximum(part, single, out=part)
    return pixels[:rows]


def dot_side(points: int, device_ratio: float) -> int:
    """The side of a dot in device pixels: smaller in a larger cloud."""
    return max(1, round((3 if points <= 20_000 else 2) * device_ratio))


def dot_strength(points: int) -> float:
    """The opacity of a single dot: fainter in a larger cloud, so that dense places stand out."""
    return min(0.7, max(0.3, 0.7 - 0.3 * math.log10(max(points, 1) / 10_000)))


def _pixel_index(
    screen: NDArray[np.floating], columns: int, rows: int, side: int, device_ratio: float
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The pixel of each point that is inside, and which of the points those are."""
    x, y = screen[:, 0], screen[:, 1]
    if device_ratio != 1:
        x, y = x * device_ratio, y * device_ratio
    inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    back = np.float32((side - 1) / 2)  # the point is in the middle of its dot
    column = np.maximum(x[inside] - back, 0).astype(np.intp)
    row = np.maximum(y[inside] - back, 0).astype(np.intp)
    return row * columns + column, inside


def _shades(ink: QColor, strength: float, deepest: int) -> NDArray[np.uint32]:
    """Premultiplied ARGB (distances, deepest + 1): how `ink` looks, by distance and by depth.

    One dot has `strength`, `deepest` dots on one another are opaque, and each doubling between
    adds as much: densities in a cloud differ by factors.
    """
    # A power of two, so that the shades do not change with every frame.
    doublings = max(1, math.ceil(math.log2(deepest)))
    deep = np.arange(deepest + 1)
    rise = np.log2(np.maximum(deep, 1)) / doublings
    fade = np.linspace(_FARTHEST, 1, _DISTANCES)[:, None]
    alpha = fade * np.where(deep > 0, strength + (1 - strength) * rise, 0)
    shades = np.zeros(alpha.shape, np.uint32)
    for channel in (255, ink.red(), ink.green(), ink.blue()):
        shades = shades * np.uint32(256) + np.rint(alpha * channel).astype(np.uint32)
    return shades
