"""The changes of a run as a project holds them: in its description, but for rows that were set.

Those are the array `rows` (n, D) of the run, in the order of the changes: JSON would not keep the
bits of what is no number.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import TableConfig
from core.messages import (
    Array,
    Event,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
    SetRow,
)
from core.project.archive import ARRAYS, DESCRIPTION
from core.project.checks import Checks
from core.project.contents import Text
from core.project.description import (
    CellChange,
    DescribedEvent,
    RowChange,
    TextChange,
    number,
)


def described_event(event: Event, texts: Sequence[Text]) -> DescribedEvent:
    """`event`, without the values of a row and without the text it is about."""
    match event.change:
        case SetCell(row, column, value):
            return DescribedEvent(event.step, CellChange(row, column, number(value)))
        case SetRow(row):
            return DescribedEvent(event.step, RowChange(row))
        case SetCorpus(corpus):
            index = next(i for i, text in enumerate(texts) if text.encoded is corpus)
            return DescribedEvent(event.step, TextChange(index))
        case SetOptimizer() | SetBatchSize():
            return DescribedEvent(event.step, event.change)


def rows_set(events: Sequence[Event]) -> NDArray[Any] | None:
    """The rows that `events` set, (n, D) in the table's dtype; None if they set none."""
    rows = [each.change.values.numpy() for each in events if isinstance(each.change, SetRow)]
    return np.stack(rows) if rows else None


def events_in(
    told: Sequence[DescribedEvent],
    rows: NDArray[Any] | None,
    table: TableConfig,
    texts: Sequence[Text],
    checks: Checks,
) -> Iterator[Event]:
    """What `described_event` and `rows_set` made, of a run that trains `table`."""
    wanted = sum(isinstance(each.change, RowChange) for each in told)
    fits = not wanted
    if rows is not None:
        fits = rows.shape == (wanted, table.embedding_dim) and rows.dtype == table.dtype
    checks.require(fits, ARRAYS, "the rows that were set are not those of the changes")
    values = iter(() if rows is None else rows)
    for each in told:
        yield Event(each.step, _change(each, values, texts, checks))


def _change(
    told: DescribedEvent, values: Iterator[NDArray[Any]], texts: Sequence[Text], checks: Checks
) -> SetOptimizer | SetBatchSize | SetCell | SetRow | SetCorpus:
    match told.change:
        case CellChange(row, column, value):
            return SetCell(row, column, float(value))
        case RowChange(row):
            return SetRow(row, Array.of(next(values)))
        case TextChange(index):
            checks.require(0 <= index < len(texts), DESCRIPTION, "a text is missing")
            text = texts[index]
            return SetCorpus(text.encoded, len(text.vocabulary))
        case change:
            return change
