"""Parquet: the tokens in a column of text, the numbers in one of lists or in one column each."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from core.formats.byte_source import LEAST_BOUND, MOST_PACKED
from core.formats.finishing import chosen, finished
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.tokens_file import TITLES, check_whole
from core.problems import BrokenTable, ProblemError, TableFault
from core.progress import Progress, report
from core.whole_file import refusals_of, whole_text

TOKEN, VECTOR = "token", "vector"
BATCH = 2**14  # rows
TYPES = {"halffloat": "float16", "float": "float32", "double": "float64"}

UNSOUND = (pa.ArrowException, OSError, ValueError)  # a ValueError: names that are not UTF-8


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tables of `path`: each column of lists, and all columns of numbers as one."""
    with refusals_of(path):
        return _described(path, _opened(path))


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path` that is chosen; raises `ProblemError` and `Cancelled`."""
    with refusals_of(path):
        file = _opened(path)
        table = chosen(path, _described(path, file), choice.tensor)
        token = _token_column(path, file.schema_arrow, choice)
        wanted = [table.name] if table.name else _number_columns(file.schema_arrow)
        count = (
            table.shape[0] if choice.most_rows is None else min(choice.most_rows, table.shape[0])
        )
        _check_size(path, count * table.shape[1] * np.dtype(table.dtype).itemsize)
        rows = np.empty((count, table.shape[1]), table.dtype)
        tokens: list[str] = []
        done = 0
        try:
            columns = [*wanted, *([token] if token else [])]
            for batch in file.iter_batches(BATCH, columns=columns):
                piece = batch.slice(0, count - done)
                rows[done : done + len(piece)] = _numbers(path, piece, wanted, table, done)
                tokens += _tokens(path, piece.column(token), done) if token else []
                done += len(piece)
                report(progress, rows[:done].nbytes, rows.nbytes)
                if done == count:
                    break
        except UNSOUND as error:
            raise _broken(path, "damaged", str(error)) from error
    if done != count:
        raise _broken(path, "truncated", row=done)
    return finished(path, rows, tokens if token else None, choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `table`: its tokens, and a list of numbers each in the dtype they have.

    Raises `OSError`, `Cancelled` and `ProblemError(CannotHold)`.
    """
    columns = table.rows.shape[1]
    number = pa.from_numpy_dtype(table.rows.dtype)
    fields = [pa.field(VECTOR, pa.list_(number, columns))]
    if table.tokens is not None:
        fields.insert(0, pa.field(TOKEN, pa.string()))
    done = 0
    with (
        whole_text(path) as file,
        parquet.ParquetWriter(file.buffer, pa.schema(fields), use_dictionary=False) as writer,
    ):
        for piece in pieces_of(table.rows, progress):
            lists = pa.FixedSizeListArray.from_arrays(pa.array(piece.ravel()), columns)
            arrays = [lists]
            if table.tokens is not None:
                names = list(table.tokens[done : done + len(piece)])
                for row, name in enumerate(names, done):
                    check_whole(path, name, row)
                arrays.insert(0, pa.array(names, pa.string()))
            writer.write_batch(pa.record_batch(arrays, pa.schema(fields)))
            done += len(piece)


def _opened(path: Path) -> Any:  # noqa: ANN401 (not annotated there)
    try:
        return parquet.ParquetFile(path)
    except UNSOUND as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _broken(path, "damaged", str(error)) from error


def _described(path: Path, file: Any) -> tuple[TensorInfo, ...]:  # noqa: ANN401
    count = file.metadata.num_rows
    if count < 0:
        raise _broken(path, "damaged", "it claims less than no rows")
    schema = file.schema_arrow
    found = [
        TensorInfo(field.name, (count, _width(file, field)), TYPES[str(field.type.value_type)])
        for field in schema
        if _is_list(field.type)
    ]
    numbers = _number_columns(schema)
    if numbers:
        widest = max((TYPES[str(schema.field(name).type)] for name in numbers), key=_size)
        found.append(TensorInfo("", (count, len(numbers)), widest))
    return tuple(found) or (TensorInfo("", (count, 0), "float32"),)


def _size(dtype: str) -> int:
    return np.dtype(dtype).itemsize


def _is_list(kind: Any) -> bool:  # noqa: ANN401 (not annotated there)
    types = pa.types
    listed = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    return listed and str(kind.value_type) in TYPES


def _width(file: Any, field: Any) -> int:  # noqa: ANN401 (not annotated there)
    """How many numbers the lists of a column have: its type says it, or its first row."""
    if pa.types.is_fixed_size_list(field.type):
        return int(field.type.list_size)
    try:
        batch = next(file.iter_batches(1, columns=[field.name]), None)
    except UNSOUND:
        return 0
    first = batch.column(0)[0].as_py() if batch is not None and len(batch) else None
    return len(first or ())


def _tokens(path: Path, column: Any, first: int) -> list[str]:  # noqa: ANN401 (not annotated there)
    try:
        tokens: list[str] = column.cast(pa.string()).to_pylist()
    except UNSOUND as error:
        raise _broken(path, "damaged", f"from row {first:,} on, a token is not UTF-8") from error
    if column.null_count:
        row = first + next(row for row, valid in enumerate(column.is_valid()) if not valid.as_py())
        raise _broken(path, "no-column", f"row {row:,} has no token")
    return tokens


def _number_columns(schema: Any) -> list[str]:  # noqa: ANN401 (not annotated there)
    return [field.name for field in schema if str(field.type) in TYPES]


def _token_column(path: Path, schema: Any, choice: Choice) -> str | None:  # noqa: ANN401
    """The column called so, the one that is usually called so, or the only one with text."""
    text = [field.name for field in schema if _is_text(field)]
    if choice.token_column is not None:
        if choice.token_column not in text:
            raise _broken(path, "no-column", f"no column of text is “{choice.token_column}”")
        return choice.token_column
    named = next((name for name in text if name.casefold() in TITLES), None)
    if named is None and len(text) > 1:
        listed = ", ".join(f"“{name}”" for name in text[:5])
        raise _broken(path, "no-column", f"several hold text: {listed}")
    return named or (text[0] if text else None)


def _is_text(field: Any) -> bool:  # noqa: ANN401 (not annotated there)
    """Whether a column holds text, as such, by number, or as bytes under a name for tokens."""
    kind = field.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    in_bytes = str(kind) in ("binary", "large_binary") and field.name.casefold() in TITLES
    return in_bytes or str(kind) in ("string", "large_string", "string_view")


def _check_size(path: Path, size: int) -> None:
    most = max(path.stat().st_size * MOST_PACKED, LEAST_BOUND)
    if size > most:
        raise _broken(path, "bomb", f"{most / 1e6:,.0f} MB")


def _numbers(
    path: Path,
    batch: Any,  # noqa: ANN401 (not annotated there)
    wanted: list[str],
    table: TensorInfo,
    first: int,
) -> NDArray[Any]:
    columns = [batch.column(name) for name in wanted]
    if any(column.null_count for column in columns):
        raise _broken(path, "damaged", f"from row {first:,} on, a number is missing")
    if not table.name:
        return np.column_stack([column.to_numpy(zero_copy_only=False) for column in columns])
    values = columns[0].flatten()
    lengths = columns[0].value_lengths().to_numpy(zero_copy_only=False)
    wrong = np.flatnonzero(lengths != table.shape[1])
    if len(wrong):
        row = first + int(wrong[0])
        few = f"row {row:,} has {lengths[wrong[0]]:,} numbers, and not {table.shape[1]:,}"
        raise _broken(path, "damaged", few)
    if values.null_count:
        raise _broken(path, "damaged", f"from row {first:,} on, a number is missing")
    numbers: NDArray[Any] = values.to_numpy(zero_copy_only=False)
    return numbers.reshape(-1, table.shape[1])


def _broken(
    path: Path, fault: TableFault, detail: str = "", row: int | None = None
) -> ProblemError:
    return ProblemError(BrokenTable(str(path), fault, row, detail=" ".join(detail.split())[:200]))
