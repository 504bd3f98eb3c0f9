"""Cuts a long curve down to what a screen can show, without hiding any extreme."""

import numpy as np
from numpy.typing import NDArray


def envelope(
    steps: NDArray[np.int64], values: NDArray[np.float64], columns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The lowest and the highest of `values` (N,) in each of at most `columns` equal parts.

    Returns those `steps` and values, two for each part in the order in which they come; or all
    (N,) where there are no more than that. A part's NaNs are passed over unless it has no number.
    """
    if len(values) <= 2 * columns:
        return steps, values
    size = -(-len(values) // columns)
    cut = len(values) // size * size
    places = _extremes(values[:cut].reshape(-1, size)) + np.arange(0, cut, size)[:, None]
    if cut < len(values):
        places = np.concatenate([places, _extremes(values[None, cut:]) + cut])
    flat = places.ravel()
    return steps[flat], values[flat]


def _extremes(parts: NDArray[np.float64]) -> NDArray[np.intp]:
    """Where in each of `parts` (P, S) the lowest and the highest are: (P, 2), in their order."""
    missing = np.isnan(parts)
    low, high = parts, parts
    if missing.any():
        low, high = np.where(missing, np.inf, parts), np.where(missing, -np.inf, parts)
    return np.sort(np.stack([low.argmin(axis=1), high.argmax(axis=1)], axis=1), axis=1)


def running_mean(
    values: NDArray[np.float64], window: int, columns: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The mean of the last `window` of `values` (N,) at no more than `columns` places.

    Returns the places (M,), from `window - 1` to the last, and the means (M,).
    """
    if len(values) < window:
        return np.empty(0, np.intp), np.empty(0)
    count = min(columns, len(values) - window + 1)
    places = np.unique(np.linspace(window - 1, len(values) - 1, count).astype(np.intp))
    back = np.arange(window - 1, -1, -1)
    with np.errstate(invalid="ignore"):  # Inf − Inf: NaN is the right answer
        return places, values[places[:, None] - back].mean(axis=1)
