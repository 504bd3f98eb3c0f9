"""UMAP by umap-learn (McInnes, Healy & Melville 2018), which is installed apart.

Its functions below are those that its class calls. It tells how far it is only by a progress bar,
so ours is one: whenever it is drawn, so is the map.
"""

import warnings
from typing import TextIO, cast

import numpy as np
from numpy.typing import NDArray

from core.maps.nearest_rows import NearestRows
from core.maps.work import Points, Tell

Edges = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
"""Between which places, and how strong."""

SIDE = 10.0
"""The longer side of what a new map starts from, as umap-learn scales it."""

SPREAD, MIN_DISTANCE = 1.0, 0.1  # umap-learn's defaults
RATE, RATE_TO_GO_ON = 1.0, 0.02
"""How far a point goes at once; a map that goes on has found its form, and should not tremble."""


def started(plane: Points) -> NDArray[np.float64]:
    """The points that a new map starts from: those of the linear view, in UMAP's own size."""
    values = np.asarray(plane, np.float64) - np.min(plane, axis=0)
    scaled: NDArray[np.float64] = values * (SIDE / (values.max() or 1.0))
    return scaled


def grow(near: NearestRows, start: Points, iterations: int, new: bool, tell: Tell) -> None:
    """Move the points from `start` (n, k), which is in UMAP's units; they come through `tell`."""
    with warnings.catch_warnings():
        # That it found no Tensorflow, which it needs for what we do not ask of it.
        warnings.simplefilter("ignore")
        from tqdm import tqdm
        from umap import layouts, umap_
    heads, tails, weights = _edges(near, iterations)
    a, b = umap_.find_ab_params(SPREAD, MIN_DISTANCE)
    noise = np.random.default_rng(0).normal(0, 1e-3, start.shape)
    points = np.ascontiguousarray(start + noise, np.float32)
    bar = {
        "file": cast("TextIO", _Bar(points, iterations, tell)),
        "disable": False,
        "mininterval": 0,
        "miniters": 1,
        "bar_format": "{n}",
    }
    tqdm.monitor_interval = 0  # no thread that draws the bar once more
    layouts.optimize_layout_euclidean(
        points,
        points,
        heads,
        tails,
        iterations,
        len(points),
        umap_.make_epochs_per_sample(weights, iterations),
        a,
        b,
        np.random.default_rng(0).integers(-(2**31), 2**31, 3),
        initial_alpha=RATE if new else RATE_TO_GO_ON,
        tqdm_kwds=bar,
        move_other=True,
    )
    tell("points", iterations, iterations, points)


def _edges(near: NearestRows, iterations: int) -> Edges:
    """Which rows attract each other and how strongly, without what is too weak to be drawn once."""
    from umap import umap_

    itself = np.arange(len(near.ids))[:, None]
    graph = umap_.fuzzy_simplicial_set(
        np.empty((len(near.ids), 1), np.float32),  # only counted: its neighbours are given
        near.ids.shape[1] + 1,
        np.random.RandomState(0),  # what umap-learn takes; nothing is drawn from it here
        "euclidean",
        knn_indices=np.hstack([itself, near.ids]).astype(np.int32),
        knn_dists=np.hstack([np.zeros((len(near.ids), 1)), near.distances]).astype(np.float32),
    )[0].tocoo()
    graph.data[graph.data < graph.data.max() / max(iterations, 10)] = 0.0
    graph.eliminate_zeros()
    return graph.row, graph.col, graph.data


class _Bar:
    """What the progress bar writes to: the number of epochs done."""

    def __init__(self, points: NDArray[np.float32], total: int, tell: Tell) -> None:
        self._points, self._total, self._tell = points, total, tell

    def write(self, text: str) -> None:
        """Tell of the points, unless this only clears the bar."""
        done = text.strip()
        if done.isdigit():
            self._tell("points", int(done), self._total, self._points)

    def flush(self) -> None:
        """There is nothing to flush."""
