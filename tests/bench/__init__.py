"""The registry of benchmarks: each measures one thing beside its rival, against a goal.

A module of this folder whose name begins with `bench_` registers its functions:

    @benchmark("a key pressed → cards painted", unit="ms", goal=16, at_least=False)
    def typing() -> float: ...
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    """One measurement; `measure` returns it in `unit`.

    `rival` names what the value is measured beside. Without a `goal` the value is only told;
    with one it is met at `goal` or above (`at_least`), or at `goal` or below.
    """

    what: str
    unit: str
    measure: Callable[[], float]
    rival: str | None = None
    goal: float | None = None
    at_least: bool = False

    @property
    def group(self) -> str:
        """What comes after `bench_` in the name of the module that measures it."""
        return self.measure.__module__.rpartition(".")[2].removeprefix("bench_")

    def met(self, value: float) -> bool | None:
        """Whether `value` meets the goal; None where there is none. NaN meets nothing."""
        if self.goal is None:
            return None
        return value >= self.goal if self.at_least else value <= self.goal


REGISTERED: list[Benchmark] = []


def benchmark(
    what: str,
    *,
    unit: str,
    rival: str | None = None,
    goal: float | None = None,
    at_least: bool = False,
) -> Callable[[Callable[[], float]], Callable[[], float]]:
    """Register the decorated function, which returns the value in `unit`."""

    def register(measure: Callable[[], float]) -> Callable[[], float]:
        REGISTERED.append(Benchmark(what, unit, measure, rival, goal, at_least))
        return measure

    return register
