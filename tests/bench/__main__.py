"""Measure: `python -m tests.bench` runs all benchmarks, and writes the figures of the README.

`python -m tests.bench WORD` runs those that have WORD in their name, or are of the group WORD.
"""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import tests.bench
from tests.bench import REGISTERED
from tests.bench.readme import write_figures
from tests.bench.report import Table, save

RESULTS = Path(__file__).parents[2] / "build" / "bench.json"
README = Path(__file__).with_name("README.md")
FIRST = {"training", "window", "large_table"}
"""What is measured before gigabytes come and go: a system that tidies up holds windows up."""


def main(word: str = "") -> None:
    """Run what is asked for; a missed goal is told, and is no error."""
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name.startswith("bench_"):
            importlib.import_module(f"tests.bench.{module.name}")
    chosen = [
        each for each in REGISTERED if word == each.group or word.lower() in each.what.lower()
    ]
    if not chosen:
        groups = ", ".join(sorted({each.group for each in REGISTERED}))
        sys.exit(f"no benchmark has {word!r} in its name; the groups are {groups}")
    chosen.sort(key=lambda each: each.group not in FIRST)
    table = Table(chosen)
    _tell(table.heading())
    results = []
    for each in chosen:
        os.sync()  # else the system writes what the one before left while this one is measured
        value = each.measure()
        results.append((each, value))
        _tell(table.row(each, value))
        save(RESULTS, results)
    verdicts = [each.met(value) for each, value in results if each.goal is not None]
    _tell(f"\n{verdicts.count(True)} of {len(verdicts)} goals met.")
    _tell(f"Written to {RESULTS}.")
    if not word:
        write_figures(README, results)
        _tell(f"Written to {README}.")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
