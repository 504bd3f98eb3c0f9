"""Benchmarks as an aligned table, a line as each finishes, and as JSON."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.bench import Benchmark

HEADINGS = ("what", "value", "unit", "rival", "goal", "met")
RIGHT = ("value", "goal")
WIDEST_VALUE = 9


class Table:
    """The table's columns, as wide as the benchmarks need; the values come later."""

    def __init__(self, benchmarks: Sequence[Benchmark]) -> None:
        columns = zip(HEADINGS, *(_cells(each, None) for each in benchmarks), strict=True)
        self._widths = [max(map(len, column)) for column in columns]
        self._widths[HEADINGS.index("value")] = WIDEST_VALUE

    def heading(self) -> str:
        """The two lines above the first benchmark."""
        return f"{self._line(HEADINGS)}\n{self._line(['─' * width for width in self._widths])}"

    def row(self, benchmark: Benchmark, value: float) -> str:
        """The line of one benchmark."""
        return self._line(_cells(benchmark, value))

    def _line(self, cells: Sequence[str]) -> str:
        padded = [
            cell.rjust(width) if name in RIGHT else cell.ljust(width)
            for name, cell, width in zip(HEADINGS, cells, self._widths, strict=True)
        ]
        return "  ".join(padded).rstrip()


def _cells(benchmark: Benchmark, value: float | None) -> tuple[str, ...]:
    return (
        benchmark.what,
        "" if value is None else written(value),
        benchmark.unit,
        benchmark.rival or "–",
        goal_of(benchmark),
        "" if value is None else verdict(benchmark, value),
    )


def written(value: float) -> str:
    """`value` in three figures, or whole."""
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def goal_of(benchmark: Benchmark) -> str:
    """What the value should be."""
    if benchmark.goal is None:
        return "–"
    return f"{'≥' if benchmark.at_least else '≤'} {benchmark.goal:g}"


def verdict(benchmark: Benchmark, value: float) -> str:
    """Whether it is."""
    return {True: "yes", False: "NO", None: "–"}[benchmark.met(value)]


def save(path: Path, results: Sequence[tuple[Benchmark, float]]) -> None:
    """Write `results` to `path` as a list of {what, value, unit, rival, goal, met}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [
        {
            "what": each.what,
            "value": value,
            "unit": each.unit,
            "rival": each.rival,
            "goal": each.goal,
            "met": each.met(value),
        }
        for each, value in results
    ]
    text = json.dumps(entries, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
