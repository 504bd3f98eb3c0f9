"""Opening a table of one's own: from the file to the points on screen."""

from tests.bench import benchmark
from tests.bench.processes import run_module


@benchmark(
    "open .npy of 1,000,000 × 128 → first points on screen",
    unit="× the time",
    rival="to read the file once",
    goal=3,
)
def first_points() -> float:
    measured = run_module("opened_table_time", 1_000_000, 128)
    return measured["opening"] / measured["reading"]
