"""Lays a map upon the picture before it, so that nothing on screen jumps.

What a map means does not change when it is turned, mirrored, moved or scaled as a whole. So each
one is turned to lie as close to the one before as can be: the orthogonal Procrustes problem
(Schönemann 1966).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.maps.work import Points, size_of


def laid_upon(points: Points, before: Points, size: float) -> NDArray[np.float64]:
    """`points` (n, k) turned, and maybe mirrored, closest to `before` (n, k).

    They are centred where `before` is, and scaled so that `size_of` them is `size`.
    """
    given, target = _centred(points), _centred(before)
    left, _, right = np.linalg.svd(given.T @ target)
    middle = np.mean(before, axis=0, dtype=np.float64)
    laid: NDArray[np.float64] = given @ (left @ right) * (size / size_of(points)) + middle
    return laid


def _centred(points: NDArray[Any]) -> NDArray[np.float64]:
    values = np.asarray(points, np.float64)
    centred: NDArray[np.float64] = values - values.mean(axis=0)
    return centred
