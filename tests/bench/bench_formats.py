"""Opening a table that is kept as text, beside gensim's reader."""

import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from tests.bench import benchmark
from tests.bench.processes import run_module

ROWS, COLUMNS = 400_000, 300


@cache
def measured() -> tuple[dict[str, float], dict[str, float]]:
    """What Embedscope and gensim need for the same file, each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="embedscope-bench-") as folder:
        path = Path(folder) / "vectors.vec"
        write_vectors(path, ROWS, COLUMNS)
        ours = run_module("read_table", "embedscope", path)
        theirs = run_module("read_table", "gensim", path)
    if ours["total"] != theirs["total"]:
        raise RuntimeError("the two readers do not read the same numbers")
    return ours, theirs


def write_vectors(path: Path, rows: int, columns: int) -> None:
    """A word2vec text as word2vec writes it: six figures after the point."""
    drawn = np.random.default_rng(0).normal(0, 0.3, 100_003)
    texts = [f"{value:.6f}" for value in drawn]
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{rows} {columns}\n")
        for row in range(rows):
            start = 7 * row % (len(texts) - columns)
            file.write(f"word{row} {' '.join(texts[start : start + columns])}\n")


@benchmark(
    "open word2vec text 400,000 × 300",
    unit="× as fast",
    rival="gensim's reader",
    goal=15,
    at_least=True,
)
def open_text() -> float:
    ours, theirs = measured()
    return theirs["seconds"] / ours["seconds"]


@benchmark(
    "peak memory while opening word2vec text 400,000 × 300",
    unit="× as much",
    rival="the table's own size",
    goal=2.5,
)
def memory() -> float:
    return measured()[0]["peak_over_table"]
