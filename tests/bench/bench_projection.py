"""The live projection beside scikit-learn's refit, and where every row moves."""

import statistics
import time
from collections.abc import Callable
from functools import cache

import numpy as np
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from core.leading import LeadingAxes, exactly
from core.projection import AxesPolicy, LiveProjection, Wanted
from tests.bench import benchmark

ROWS, DIMENSION, CHANGED = 100_000, 300, 512
LARGE = f"PCA after {CHANGED} changed rows of {ROWS:,} × {DIMENSION}, one core each"
RIVAL = "scikit-learn's refit, covariance_eigh in float32"
EVERY = "every row of 1,000,000 × 64 changes: projected with axes held, one core"
REPETITIONS = 15
FRAME = 1 / 60


def _table(rows: int, dimension: int):
    generator = np.random.default_rng(0)
    spread = np.linspace(1, 0.3, dimension, dtype=np.float32)
    return generator.standard_normal((rows, dimension), dtype=np.float32) * spread


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _some_move(live: LiveProjection, rows, generator, step: int, last: float) -> float:
    """Seconds of an update; the one before took `last`, and it follows without a pause."""
    ids = generator.choice(len(rows), CHANGED, replace=False).astype(np.int32)
    old = rows[ids]
    rows[ids] += generator.normal(0, 0.01, old.shape).astype(np.float32)
    return _seconds(lambda: live.update(rows, ids, old, step, last))


@cache
def large() -> dict[str, float]:
    """Median seconds of each, one repetition of each in turn."""
    rows, generator = _table(ROWS, DIMENSION), np.random.default_rng(1)
    policies: tuple[AxesPolicy, ...] = ("follow", "held")
    live = {policy: LiveProjection(policy=policy) for policy in policies}
    found: dict[str, list[float]] = {"refit": [], "follow": [], "held": []}
    with threadpool_limits(1):  # as in the window
        for each in live.values():
            each.reset(rows, 0)
        for step in range(1, REPETITIONS + 1):
            refit = PCA(2, svd_solver="covariance_eigh")
            found["refit"].append(_seconds(lambda: refit.fit_transform(rows)))  # noqa: B023 - now
            for policy in policies:
                last = found[policy][-1] if found[policy] else FRAME
                found[policy].append(_some_move(live[policy], rows, generator, step, last))
    return {name: statistics.median(times) for name, times in found.items()}


@benchmark(f"{LARGE}: new axes, every point", unit="× faster", rival=RIVAL, goal=10, at_least=True)
def following() -> float:
    return large()["refit"] / large()["follow"]


@benchmark(
    f"{LARGE}: axes held, changed points", unit="× faster", rival=RIVAL, goal=100, at_least=True
)
def held() -> float:
    return large()["refit"] / large()["held"]


@benchmark(f"{LARGE}: new axes, every point", unit="ms")
def following_time() -> float:
    return 1e3 * large()["follow"]


@benchmark(EVERY, unit="frames/s", goal=15, at_least=True)
def every_row() -> float:
    rows = _table(1_000_000, 64)
    live = LiveProjection(policy="held")
    places = np.arange(300)
    times = []
    with threadpool_limits(1):
        live.reset(rows, 0)
        for step in range(1, REPETITIONS + 1):
            wanted = Wanted(len(rows), places, rows[places])
            rows *= np.float32(1.001)
            times.append(_seconds(lambda: live.update_all(rows, wanted, step, FRAME)))  # noqa: B023
    return 1 / statistics.median(times)


@benchmark(
    "first ten components of D=1,024 after a frame, one core",
    unit="× faster",
    rival="eigh",
    goal=5,
    at_least=True,
)
def above_512() -> float:
    rows = _table(4000, 1024).astype(np.float64)
    scatter = rows.T @ rows
    changed = rows[:64] * 0.05
    moved = scatter + changed.T @ changed
    ratios = []
    with threadpool_limits(1):
        iteration = LeadingAxes()
        for _ in range(20):
            if iteration.find(scatter).settled:
                break
        for which in (moved, scatter, moved):
            exact = _seconds(lambda: exactly(which))  # noqa: B023 - now
            ratios.append(exact / _seconds(lambda: iteration.find(which)))  # noqa: B023 - now
    return statistics.median(ratios)
