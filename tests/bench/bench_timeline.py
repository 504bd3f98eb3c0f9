"""Time travel: how soon any step of a long run is there again."""

from functools import cache
from typing import Any

from tests.bench import benchmark
from tests.bench.processes import run_module


@cache
def _seeks() -> dict[str, Any]:
    return run_module("seek_times")


@benchmark("seek to any of 10,000 steps, V=1,000, D=32: the slowest of 60", unit="ms", goal=150)
def slowest_seek() -> float:
    return float(_seeks()["worst"])


@benchmark("seek to any of 10,000 steps, V=1,000, D=32: the median", unit="ms")
def median_seek() -> float:
    return float(_seeks()["median"])


@benchmark("keyframes of those 10,000 steps", unit="MiB", goal=1024)
def keyframes() -> float:
    return float(_seeks()["megabytes"])
