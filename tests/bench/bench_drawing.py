"""Space: frames of moving, coloured points, painted by a real widget without a display."""

from functools import cache

from tests.bench import benchmark
from tests.bench.processes import run_module

MOVING = "frame with all points moving, coloured: {:,} points".format


@cache
def measured(what: str, points: int, frames: int) -> dict[str, float]:
    """Median seconds; see `drawn_frames`."""
    return run_module("drawn_frames", what, points, frames)


@benchmark(
    MOVING(100_000),
    unit="× faster",
    rival="pyqtgraph.ScatterPlotItem.setData alone",
    goal=60,
    at_least=True,
)
def over_scatter() -> float:
    found = measured("beside", 100_000, 25)
    return found["rival"] / found["frame"]


@benchmark(MOVING(100_000), unit="frames/s", goal=60, at_least=True)
def hundred_thousand() -> float:
    return 1 / measured("beside", 100_000, 25)["frame"]


@benchmark(MOVING(1_000_000), unit="frames/s", goal=45, at_least=True)
def million() -> float:
    return 1 / measured("moving", 1_000_000, 60)["frame"]


@benchmark(MOVING(5_000_000), unit="frames/s", goal=8, at_least=True)
def five_million() -> float:
    return 1 / measured("moving", 5_000_000, 20)["frame"]


@benchmark(
    "every row of 1,000,000 × 64 changes: projected with axes held, and drawn",
    unit="frames/s",
    goal=15,
    at_least=True,
)
def every_row() -> float:
    return 1 / measured("trained", 1_000_000, 15)["frame"]


@benchmark("3-D turn of 1,000,000 coloured points", unit="frames/s", goal=20, at_least=True)
def turn() -> float:
    return 1 / measured("turning", 1_000_000, 40)["frame"]
