"""Measure: `python -m tests.bench [WORD]` runs the benchmarks whose name has WORD in it."""

import importlib
import pkgutil
import sys
from pathlib import Path

import tests.bench
from tests.bench import REGISTERED
from tests.bench.report import Table, save

RESULTS = Path(__file__).parents[2] / "build" / "bench.json"


def main(word: str = "") -> None:
    """Run what is asked for; a missed goal is told, and is no error."""
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name.startswith("bench_"):
            importlib.import_module(f"tests.bench.{module.name}")
    chosen = [each for each in REGISTERED if word.lower() in each.what.lower()]
    if not chosen:
        sys.exit(f"no benchmark has {word!r} in its name; there are {len(REGISTERED)}")
    table = Table(chosen)
    _tell(table.heading())
    results = []
    for each in chosen:
        value = each.measure()
        results.append((each, value))
        _tell(table.row(each, value))
        save(RESULTS, results)
    verdicts = [each.met(value) for each, value in results if each.goal is not None]
    _tell(f"\n{verdicts.count(True)} of {len(verdicts)} goals met.")
    _tell(f"Written to {RESULTS}.")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
