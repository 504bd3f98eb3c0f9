"""The figures in the README, as a full run printed them: nobody types one."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench import Benchmark
from tests.bench.report import goal_of, verdict, written

BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of the figures -->"
HEADING = "| what | measured | beside | goal | met | command |\n|---|--:|---|--:|---|---|\n"


def write_figures(readme: Path, results: Sequence[tuple[Benchmark, float]]) -> None:
    """Put the table of `results` between the two marks in `readme`, which has them."""
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    rows = "".join(_row(each, value) for each, value in results)
    figures = f"{BEGIN}\n{_machine()}\n\n{HEADING}{rows}{END}"
    readme.write_text(before + figures + after, encoding="utf-8")


def _row(benchmark: Benchmark, value: float) -> str:
    cells = (
        benchmark.what,
        f"{written(value)} {benchmark.unit}",
        benchmark.rival or "–",
        goal_of(benchmark),
        verdict(benchmark, value),
        f"`make bench ONLY={benchmark.group}`",
    )
    return f"| {' | '.join(cell.replace('|', chr(0x2758)) for cell in cells)} |\n"


def _machine() -> str:
    versions = ", ".join(
        f"{name} {version(name)}" for name in ("torch", "numpy", "PySide6-Essentials")
    )
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({_processor()}), "
        f"{platform.system()}, Python {platform.python_version()}, {versions}."
    )


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    if about.exists():
        for line in about.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
