"""Reads a word2vec text once, with Embedscope or with gensim: seconds, and peak memory.

Peak memory (`peak_over_table`) is what the process grew by while it read, over the table's size.
"""

import resource
import sys
import time
from pathlib import Path

import numpy as np

from tests.bench.processes import tell


def with_embedscope(path: Path) -> np.ndarray:
    """The rows as `core.formats` reads them."""
    from core.formats.registry import read

    return read(path).rows


def with_gensim(path: Path) -> np.ndarray:
    """The rows as gensim reads them."""
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(str(path)).vectors


def main(reader: str, path: str) -> None:
    """Measure one reader in this process."""
    # What the libraries take is not what the reading takes.
    small = Path(path).with_suffix(".small")
    small.write_text("1 1\na 1\n")
    read = {"embedscope": with_embedscope, "gensim": with_gensim}[reader]
    read(small)
    small.unlink()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    rows = read(Path(path))
    seconds = time.perf_counter() - start
    grown = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    tell(seconds=seconds, peak_over_table=grown / rows.nbytes, total=float(rows[:, 0].sum()))


if __name__ == "__main__":
    main(*sys.argv[1:])
