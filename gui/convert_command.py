"""`embedscope convert`: a table from any format into any other, without a window."""

import sys
from argparse import Namespace
from pathlib import Path

from tqdm import tqdm

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.progress import Progress


def convert(settings: Namespace) -> int:
    """Read `settings.input`, write `settings.output`, say what was done; the exit status.

    Raises `ProblemError`; then nothing is written.
    """
    target: Path = settings.output
    written_as = registry.writer_of(target)  # before the reading, which can take long
    choice = Choice(settings.tensor, settings.tokens, settings.token_column, settings.duplicates)
    with _bar("Reading") as bar:
        table = registry.read(settings.input, choice, _told_to(bar))
    with _bar("Writing") as bar:
        registry.write(target, table, _told_to(bar))
    sys.stdout.write(_summary(table, target, written_as) + "\n")
    return 0


def _summary(table: OpenedTable, target: Path, written_as: registry.Format) -> str:
    rows, columns = table.rows.shape
    lines = [f"{target}: {rows:,} rows of {columns:,} numbers, {written_as.kept(table.rows.dtype)}"]
    if table.rows.dtype.name != written_as.kept(table.rows.dtype):
        lines.append(f"the numbers were {table.rows.dtype.name}, and were rounded")
    if table.tokens is None:
        lines.append("the rows have no tokens")
    broken = table.not_finite()
    if len(broken):
        lines.append(f"NaN or infinity in {len(broken):,} of the rows, first in row {broken[0]:,}")
    return "; ".join(lines)


def _bar(what: str) -> "tqdm[object]":
    tqdm.monitor_interval = 0  # its watching thread is for slow loops; progress comes often
    return tqdm(
        desc=what, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False, delay=0.5
    )


def _told_to(bar: "tqdm[object]") -> Progress:
    def tell(done: int, total: int) -> bool:
        bar.total = total
        bar.update(done - bar.n)
        return True

    return tell
