"""Reads a word2vec text once, with Embedscope or with gensim: seconds, and peak memory.

Peak memory (`peak_over_table`) is what the process grew by while it read, over the table's size.
"""

import re
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


def peak() -> int:
    """The most bytes that this process has had in memory; `ru_maxrss` counts its parent's too."""
    line = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    if line is None:
        raise RuntimeError("the system does not tell")
    return 1024 * int(line[1])


def main(reader: str, path: str) -> None:
    """Measure one reader in this process."""
    # What the libraries take is not what the reading takes.
    small = Path(path).with_suffix(".small")
    small.write_text("1 1\na 1\n")
    read = {"embedscope": with_embedscope, "gensim": with_gensim}[reader]
    read(small)
    small.unlink()
    before = peak()
    start = time.perf_counter()
    rows = read(Path(path))
    seconds = time.perf_counter() - start
    over_table = (peak() - before) / rows.nbytes
    tell(seconds=seconds, peak_over_table=over_table, total=float(rows[:, 0].sum()))


if __name__ == "__main__":
    main(*sys.argv[1:])
