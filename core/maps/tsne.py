"""t-SNE by openTSNE (Poličar, Stražar & Zupan 2024), a few iterations at a time."""

import numpy as np
from numpy.typing import NDArray
from openTSNE import TSNEEmbedding
from openTSNE.affinity import PerplexityBasedNN
from openTSNE.nearest_neighbors import PrecomputedNeighbors

from core.maps.nearest_rows import NearestRows
from core.maps.settings import EXAGGERATED, FFT_FROM, seconds_an_iteration
from core.maps.work import Points, Tell, size_of

SMALL = 1e-4
"""The spread of the points that a new map starts from, as openTSNE recommends."""

LARGEST_STEP = 5.0  # openTSNE's own
LARGEST_SHARE = 0.1
"""Of the size of the map: a row that is near to very many, such as one of zeros, would be flung
far out of a small new map, and come back only after hundreds of iterations."""

GROWTH = 15.0
"""So many times that share has a new map to grow by, in however few iterations."""

SECONDS = 0.08
"""Between two looks at the map, as estimated. openTSNE computes its error after each part, which an
estimate for parts of one iteration counts each time: parts of many take about half as long."""

MOST_AT_ONCE = 10
EXAGGERATION, EARLY_MOMENTUM, MOMENTUM = 12.0, 0.5, 0.8  # openTSNE's defaults


def started(plane: Points) -> NDArray[np.float64]:
    """The points that a new map starts from: those of the linear view, very small."""
    values = np.asarray(plane, np.float64)
    small: NDArray[np.float64] = (values - values.mean(axis=0)) * (SMALL / size_of(plane))
    return small


def grow(
    near: NearestRows, start: Points, perplexity: float, iterations: int, new: bool, tell: Tell
) -> None:
    """Move the points from `start` (n, k), which is in t-SNE's units; they come through `tell`.

    A `new` map has what attracts exaggerated at first: at most `EXAGGERATED` iterations, and at
    most a third of them.
    """
    index = PrecomputedNeighbors(near.ids, near.distances)
    affinities = PerplexityBasedNN(perplexity=perplexity, knn_index=index)
    plane = start.shape[1] == 2
    map_ = TSNEEmbedding(
        _apart(start),
        affinities,
        negative_gradient_method="fft" if plane and len(start) >= FFT_FROM else "bh",
        random_state=0,
    )
    early = min(EXAGGERATED, iterations // 3) if new else 0
    share = max(LARGEST_SHARE, GROWTH / max(early, 1))
    # By no clock: in other parts the same rows would come to another map.
    each = seconds_an_iteration(len(start), start.shape[1])
    at_once = max(1, min(MOST_AT_ONCE, int(SECONDS / each)))
    done = 0
    while done < iterations:
        tell("points", done, iterations, map_)
        exaggerated = done < early
        count = min(at_once, (early if exaggerated else iterations) - done)
        map_.optimize(
            n_iter=count,
            inplace=True,
            exaggeration=EXAGGERATION if exaggerated else None,
            momentum=EARLY_MOMENTUM if exaggerated else MOMENTUM,
            max_step_norm=min(LARGEST_STEP, share * size_of(map_)),
        )
        done += count
    tell("points", done, iterations, map_)


def _apart(points: Points) -> NDArray[np.float64]:
    """`points`, a hair apart from one another: between two that coincide nothing repels."""
    hair = 1e-3 * size_of(points)
    return points + np.random.default_rng(0).normal(0, hair, points.shape)
