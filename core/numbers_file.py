"""Rows of numbers to copy or to save as CSV: exact, all of one step, and as many as there are."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from core.number_text import shortest_each
from core.progress import Progress, report
from core.whole_file import refusals_of, whole_text

Column = Sequence[object] | NDArray[Any]
IN_MEMORY = 2**25  # numbers that are copied in memory; more go through a file
_AT_ONCE = 2**14  # numbers


class Held(Protocol):
    """Keeps memory as it is until it is let go of."""

    def release(self) -> None:
        """It may change from now on."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """Text and numbers under a header.

    `columns` run in parallel: text or whole numbers (V,), None where there is none, or arrays (V,)
    or (V, D), which stand under one or under D names of `header`. `ids` are the rows wanted, as
    they are to follow one another; None for all. If the columns lie in memory that training writes
    over, `held` keeps it. `facts` are about all of them, as JSON can write them: the step, say.
    """

    header: tuple[str, ...]
    columns: tuple[Column, ...]
    ids: NDArray[np.integer] | None = None
    held: Held | None = None
    facts: Mapping[str, object] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.columns[0]) if self.ids is None else len(self.ids)

    def rows(self) -> Iterator[list[str]]:
        """The rows as text; each number the shortest that reads back as the same in its dtype."""
        for parts in self.parts(_AT_ONCE):
            for row in zip(*map(_texts, parts), strict=True):
                yield list(chain.from_iterable(row))

    def parts(self, at_once: int) -> Iterator[list[Column]]:
        """The columns, some rows at a time: about `at_once` numbers."""
        step = max(1, at_once // len(self.header))
        for start in range(0, len(self), step):
            stop = min(start + step, len(self))
            wanted = slice(start, stop) if self.ids is None else self.ids[start:stop]
            yield [_part(column, wanted) for column in self.columns]

    def release(self) -> None:
        """Let go of the memory that is held."""
        if self.held is not None:
            self.held.release()


def _part(column: Column, wanted: slice | NDArray[np.integer]) -> Column:
    if isinstance(column, np.ndarray):
        return column[wanted]
    if isinstance(wanted, slice):
        return column[wanted]
    return [column[place] for place in wanted.tolist()]


def _texts(values: Column) -> list[list[str]]:
    if not isinstance(values, np.ndarray):
        return [["" if value is None else str(value)] for value in values]
    if values.dtype == np.bool_:
        return [["yes" if value else "no"] for value in values.tolist()]
    if not np.issubdtype(values.dtype, np.floating):
        return [[str(value)] for value in values.tolist()]
    width = values.shape[1] if values.ndim == 2 else 1
    texts = shortest_each(values.ravel())
    return [texts[start : start + width] for start in range(0, len(values) * width, width)]


def write_csv(path: Path, numbers: Numbers, progress: Progress | None = None) -> None:
    """Write `numbers` to `path`, in UTF-8 with a comma between; `progress` counts rows.

    Raises `ProblemError(FileUnreadable)` (an unwritable folder, a full disk) and `Cancelled`; then
    what was there before is there still, and nothing else.
    """
    with refusals_of(path), ExitStack() as stack:
        # First the copy: until it is made, no other step can be shown.
        still = stilled(numbers, path.absolute().parent, stack, progress)
        file = stack.enter_context(whole_text(path))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(still.header)
        for done, row in enumerate(still.rows()):
            writer.writerow(row)
            report(progress, done, len(still))


def as_text(numbers: Numbers, progress: Progress | None = None) -> str:
    """`numbers` with tabs between, as spreadsheets take them from a clipboard."""
    with ExitStack() as stack:
        still = stilled(numbers, Path(tempfile.gettempdir()), stack, progress)
        text = io.StringIO()
        writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
        writer.writerow(still.header)
        for done, row in enumerate(still.rows()):
            writer.writerow(row)
            report(progress, done, len(still))
        return text.getvalue()


def stilled(numbers: Numbers, folder: Path, stack: ExitStack, progress: Progress | None) -> Numbers:
    """`numbers` in memory of their own, so that no later step writes into them.

    Few are copied in memory. A large table would not always fit there a third time: it is copied
    into a file without a name in `folder`, which is gone when `stack` ends.
    """
    if numbers.held is None:
        return numbers
    stack.callback(numbers.release)
    if len(numbers) * len(numbers.header) <= IN_MEMORY:
        still = replace(
            numbers, columns=tuple(_picked(column, numbers.ids) for column in numbers.columns)
        )
        still = replace(still, ids=None, held=None)
    else:
        columns = tuple(
            _on_disk(column, folder, stack, progress) if isinstance(column, np.ndarray) else column
            for column in numbers.columns
        )
        still = replace(numbers, columns=columns, held=None)
    numbers.release()
    return still


def _picked(column: Column, ids: NDArray[np.integer] | None) -> Column:
    if isinstance(column, np.ndarray):
        return column.copy() if ids is None else column[ids]
    return column if ids is None else [column[id_] for id_ in ids.tolist()]


def _on_disk(
    values: NDArray[Any], folder: Path, stack: ExitStack, progress: Progress | None
) -> NDArray[Any]:
    file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (it lives as long as `stack`)
    stack.enter_context(file)
    step = max(1, 2**20 // (values.size // len(values)))
    for start in range(0, len(values), step):
        file.write(np.ascontiguousarray(values[start : start + step]).data)
        report(progress, 0, len(values))
    file.flush()
    return np.memmap(file, values.dtype, "r", shape=values.shape)
