"""The exact nearest rows of a large table, beside the one product that no search can do without."""

import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from core.neighbours import Metric, RowNorms, nearest
from tests.bench import benchmark

ROWS, DIMENSION, COUNT, ROUNDS = 400_000, 300, 10, 15


@benchmark(
    "exact ten nearest of 400,000 × 300, by cosine",
    unit="×",
    rival="one numpy product with a vector",
    goal=1.5,
)
def by_cosine() -> float:
    """How many times as long as the product."""
    return _over_product("cosine")


@benchmark(
    "exact ten nearest of 400,000 × 300, by distance",
    unit="×",
    rival="one numpy product with a vector",
    goal=1.5,
)
def by_distance() -> float:
    """How many times as long as the product."""
    return _over_product("euclidean")


def _over_product(metric: Metric) -> float:
    rows = np.random.default_rng(0).standard_normal((ROWS, DIMENSION), dtype=np.float32)
    query, norms = rows[7].copy(), RowNorms(rows)
    found, product = [], []
    with threadpool_limits(1):  # as in the window
        for _ in range(ROUNDS):  # in turn, so that both meet the same machine
            product.append(_seconds(lambda: rows @ query))
            found.append(_seconds(lambda: nearest(rows, query, COUNT, metric, (7,), norms)))
    return float(np.median(found) / np.median(product))


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
