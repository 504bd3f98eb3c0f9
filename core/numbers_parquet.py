"""Rows of numbers to save as Parquet: every column in the type it has, and what they are of."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from core.numbers_file import Column, Numbers, stilled
from core.progress import Progress, report
from core.whole_file import refusals_of, whole_bytes

AT_ONCE = 2**20  # numbers that make a group of rows


def write_parquet(path: Path, numbers: Numbers, progress: Progress | None = None) -> None:
    """Write `numbers` to `path`, a column under each name; `progress` counts rows.

    Whole numbers are int64, the others float16, float32 or float64 as they are; NaN stays NaN, and
    what there is none of is null. The facts stand in the metadata of the schema, each as JSON under
    its own name. Raises `ProblemError(FileUnreadable)` (an unwritable folder, a full disk) and
    `Cancelled`; then what was there before is there still, and nothing else.
    """
    with refusals_of(path), ExitStack() as stack:
        # First the copy: until it is made, no other step can be shown.
        still = stilled(numbers, path.absolute().parent, stack, progress)
        kinds = [_kind(column) for column in still.columns]
        schema = _schema(still, kinds)
        file = stack.enter_context(whole_bytes(path))
        writer = stack.enter_context(parquet.ParquetWriter(file, schema, use_dictionary=False))
        done = 0
        for parts in still.parts(AT_ONCE):
            report(progress, done, len(still))
            pairs = zip(parts, kinds, strict=True)
            arrays = [array for part, kind in pairs for array in _arrays(part, kind)]
            writer.write_batch(pa.record_batch(arrays, schema))
            done += len(parts[0])


def _schema(numbers: Numbers, kinds: list[Any]) -> Any:  # noqa: ANN401 (not annotated there)
    each = [
        kind
        for column, kind in zip(numbers.columns, kinds, strict=True)
        for _ in range(_width(column))
    ]
    facts = {name: json.dumps(fact, ensure_ascii=False) for name, fact in numbers.facts.items()}
    return pa.schema(list(zip(numbers.header, each, strict=True)), facts)


def _width(column: Column) -> int:
    return column.shape[1] if isinstance(column, np.ndarray) and column.ndim == 2 else 1


def _kind(column: Column) -> Any:  # noqa: ANN401 (not annotated there)
    """The type of a column, which all of its groups share."""
    if isinstance(column, np.ndarray) and column.dtype != object:
        is_whole = np.issubdtype(column.dtype, np.integer)
        return pa.int64() if is_whole else pa.from_numpy_dtype(column.dtype)
    is_whole = all(value is None or isinstance(value, int) for value in column)
    return pa.int64() if is_whole and len(column) else pa.string()


def _arrays(part: Column, kind: Any) -> Iterator[Any]:  # noqa: ANN401 (not annotated there)
    if isinstance(part, np.ndarray) and part.dtype != object:
        for values in part.T if part.ndim == 2 else (part,):
            yield pa.array(np.ascontiguousarray(values), kind)
    elif kind == pa.string():
        yield pa.array([None if value is None else _sound(str(value)) for value in part], kind)
    else:
        yield pa.array(list(part), kind)


def _sound(text: str) -> str:
    """A token of a user's tokenizer may hold half a character, which no UTF-8 has."""
    return text.encode(errors="replace").decode()
