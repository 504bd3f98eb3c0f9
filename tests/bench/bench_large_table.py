"""The real window with a large table, training: does it stall, and how much memory is it."""

from tests.bench import benchmark
from tests.bench.processes import run_module


@benchmark(
    "longest stall of the window, 100,000 × 128, training, coloured by norm",
    unit="ms",
    goal=50,
)
def longest_stall() -> float:
    return run_module("large_window", 100_000, 128, 10)["longest_stall"]


@benchmark(
    "memory of the window, 1,000,000 × 128, mapped rows included",
    unit="× as much",
    rival="the table's own size",
    goal=2.2,
)
def memory() -> float:
    return run_module("large_window", 1_000_000, 128, 5)["memory_over_table"]
