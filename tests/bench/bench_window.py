"""The window: how soon it is there, and how soon a key shows."""

import statistics
import subprocess
import sys
import time

from tests.bench import benchmark
from tests.bench.processes import run_module

PAIRS = 5


@benchmark(
    "window on screen, from the start of the process",
    unit="× time",
    rival="python -c 'import torch'",
    goal=0.6,
)
def window_on_screen() -> float:
    window = [sys.executable, "-m", "tests.bench.first_paint"]
    rival = [sys.executable, "-c", "import torch"]
    _seconds(window), _seconds(rival)  # the first start reads from the disk
    return statistics.median(_seconds(window) / _seconds(rival) for _ in range(PAIRS))


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, timeout=120)
    return time.perf_counter() - begun


@benchmark(
    "a key pressed → cards painted, vocabulary of 100,000, a line of 200 tokens",
    unit="ms",
    goal=16,
)
def key_to_cards() -> float:
    return run_module("typing_keys")["median"]
