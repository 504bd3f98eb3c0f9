"""The engine: how fast it trains with the window live, and what a large table is offered."""

import statistics
import time
from functools import cache

import torch

from core.offers import offered_for
from core.trainer import Trainer
from tests.bench import benchmark
from tests.bench.processes import run_module
from tests.bench.skip_gram_text import PlainSkipGram, encoded

SECONDS = 6
PAIRS = 5
LARGE = "V=100,000, D=128, batch 256: the offered settings"


@cache
def live() -> list[tuple[dict[str, float], float]]:
    """(the window's figures, a bare loop's steps per second), in turn, some times."""
    pairs = []
    for _ in range(PAIRS):
        window = run_module("live_window", SECONDS)
        pairs.append((window, run_module("plain_loop", SECONDS, 1)["steps_per_second"]))
    return pairs


@benchmark(
    "training with the window live, V=1,000, D=32, batch 64, skip-gram",
    unit="× steps/s",
    rival="the same loop in a bare script",
    goal=0.95,
    at_least=True,
)
def training_with_the_window_live() -> float:
    return statistics.median(window["steps_per_second"] / bare for window, bare in live())


@benchmark("steps per second with the window live, the same", unit="steps/s")
def steps_per_second() -> float:
    return statistics.median(window["steps_per_second"] for window, _ in live())


@benchmark("time between frames while training, 99th percentile", unit="ms", goal=25)
def between_frames() -> float:
    return statistics.median(window["frame_p99"] for window, _ in live())


@benchmark("time between frames while training, median", unit="ms")
def between_frames_median() -> float:
    return statistics.median(window["frame_median"] for window, _ in live())


@cache
def large_table() -> dict[str, float]:
    """Steps per second of what is offered, and of torch's Adam with all its threads."""
    rows, dimension, batch = 100_000, 128, 256
    corpus = encoded(rows, 40_000)
    offered = Trainer(offered_for(rows, dimension), corpus)
    assert offered.config.batch_size == batch
    found = {"offered": _rate(lambda: _advance(offered, 100), 100)}
    for name, fused in (("Adam", False), ("fused Adam", True)):
        model = PlainSkipGram(corpus, rows, dimension, sparse=False)
        optimizer = torch.optim.Adam(model.parameters(), lr=0.01, fused=fused)
        found[name] = _rate(lambda: model.train(optimizer, 5, batch), 5)  # noqa: B023 - now
    return found


def _advance(trainer: Trainer, steps: int) -> None:
    for _ in range(steps):
        trainer.advance()


def _rate(work, steps: int) -> float:
    work()
    begun = time.perf_counter()
    work()
    return steps / (time.perf_counter() - begun)


@benchmark(LARGE, unit="× steps/s", rival="torch's Adam", goal=50, at_least=True)
def offered_over_adam() -> float:
    return large_table()["offered"] / large_table()["Adam"]


@benchmark(LARGE, unit="× steps/s", rival="torch's fused Adam", goal=12, at_least=True)
def offered_over_fused_adam() -> float:
    return large_table()["offered"] / large_table()["fused Adam"]
