"""CSV and TSV: a row a line, its numbers in columns, and its token in a column if there is one."""

import csv as plain_csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from core.formats.byte_source import ByteSource, byte_source, first_lines
from core.formats.finishing import finished
from core.formats.joining import joined
from core.formats.number_width import dtype_of
from core.formats.numbers_text import as_float
from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.tokens_file import TITLES, check_line
from core.numbers_file import Numbers, write_csv
from core.problems import FileTooLarge, NotUtf8, ProblemError
from core.progress import Progress

TOKEN = "token"
BLOCK = 2**20  # bytes
LOOKED_AT = 100  # rows
_ROW = re.compile(r"Row #(\d+): ")
_WRONG_COUNT = re.compile(r"Expected (\d+) columns, got (\d+)")
_WRONG_VALUE = re.compile(r"invalid value '(.*)'", re.DOTALL)


@dataclass(frozen=True)
class _Layout:
    """What the first lines tell: what is between fields, the titles, and whose tokens.

    `titles` are made up where `has_titles` is False. `token` is a column, None if there is none.
    """

    delimiter: str
    titles: tuple[str, ...]
    has_titles: bool
    token: int | None
    dtype: np.dtype[Any]

    @property
    def columns(self) -> int:
        """How many numbers a row has."""
        return len(self.titles) - (self.token is not None)


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The one table of `path`. Raises `ProblemError`."""
    with byte_source(path) as source:
        layout = _layout(source, first_lines(source), Choice())
    return (TensorInfo("", (-1, layout.columns), layout.dtype.name),)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path`; raises `ProblemError` and `Cancelled`.

    float64 where the first numbers need it, else float32.
    """
    with byte_source(path, progress) as source:
        head = first_lines(source)
        layout = _layout(source, head, choice)
        pieces: list[NDArray[Any]] = []
        tokens: list[str] = []
        count = 0
        for batch in _batches(source, head, layout):
            numbers = [column for place, column in enumerate(batch) if place != layout.token]
            pieces.append(np.column_stack([column.to_numpy() for column in numbers]))
            count += len(pieces[-1])
            if layout.token is not None:
                tokens += batch.column(layout.token).to_pylist()
            if count * layout.columns * layout.dtype.itemsize > LARGEST:
                raise ProblemError(FileTooLarge(str(path), source.size, LARGEST))
            if choice.most_rows is not None and count >= choice.most_rows:
                break
    if not count:
        raise source.broken("damaged", detail="it has no rows")
    rows = joined(pieces, count, layout.columns, layout.dtype)
    return finished(path, rows, tokens if layout.token is not None else None, choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `table` as CSV: its tokens, and each number the shortest that its dtype reads back.

    Raises `Cancelled`, and `ProblemError` with `FileUnreadable` or `CannotHold`.
    """
    names = table.names()
    for row, token in enumerate(names):
        check_line(path, token, row)
    header = (TOKEN, *map(str, range(table.rows.shape[1])))
    write_csv(path, Numbers(header, (names, table.rows)), progress)


def _layout(source: ByteSource, head: bytes, choice: Choice) -> _Layout:
    mark = "\ufeff"
    whole = head[: head.rfind(b"\n") + 1] or head
    try:
        text = whole.decode().removeprefix(mark)
    except UnicodeDecodeError as error:
        raise ProblemError(NotUtf8(str(source.path), error.start)) from error
    first = text.partition("\n")[0]
    delimiter = next((each for each in "\t;, " if each in first), ",")
    lines = plain_csv.reader(
        io.StringIO(text),
        delimiter=delimiter,
        quoting=plain_csv.QUOTE_NONE if delimiter == "\t" else plain_csv.QUOTE_MINIMAL,
    )
    try:
        rows = [row for row, _ in zip(lines, range(LOOKED_AT), strict=False) if row]
    except plain_csv.Error as error:
        raise source.broken("damaged", detail=str(error)) from error
    if not rows:
        raise source.broken("damaged", detail="it has no rows")
    return _layout_of(source, rows, delimiter, choice)


def _layout_of(
    source: ByteSource, rows: list[list[str]], delimiter: str, choice: Choice
) -> _Layout:
    first, others = rows[0], rows[1:] or rows[:1]
    words = [
        place
        for place in range(len(first))
        if not all(_is_number(row[place]) for row in others if place < len(row))
    ]
    if len(words) == len(first) and not rows[1:]:
        raise source.broken("damaged", detail="it has titles and no rows")
    has_titles = len(rows) > 1 and all(
        not _is_number(field) for place, field in enumerate(first) if place not in words
    )
    # Columns that were numbered by a program have titles that are numbers.
    has_titles = has_titles or (first[0].casefold() in TITLES and len(rows) > 1)
    titles = tuple(first) if has_titles else tuple(map(str, range(len(first))))
    token = _token_column(source, titles, words, choice)
    numbers = (field for row in others for place, field in enumerate(row) if place != token)
    found = _Layout(delimiter, titles, has_titles, token, dtype_of(numbers))
    if not found.columns:
        raise source.broken("no-column", detail="it has none with numbers")
    return found


def _token_column(
    source: ByteSource, titles: tuple[str, ...], words: list[int], choice: Choice
) -> int | None:
    """The column called so, the one that is usually called so, or the only one with words."""
    if choice.token_column is not None:
        if choice.token_column not in titles:
            raise source.broken("no-column", detail=f"there is no “{choice.token_column}”")
        return titles.index(choice.token_column)
    folded = [title.casefold() for title in titles]
    named = next((folded.index(title) for title in TITLES if title in folded), None)
    if named is not None:
        return named
    if len(words) > 1:
        listed = ", ".join(f"“{titles[place]}”" for place in words[:5])
        raise source.broken("no-column", detail=f"several hold words: {listed}")
    return words[0] if words else None


def _is_number(field: str) -> bool:
    return field.isascii() and as_float(field.encode()) is not None


def _batches(source: ByteSource, head: bytes, layout: _Layout) -> Iterator[Any]:
    """The rows some thousands at a time, as Arrow's record batches."""
    names = [str(place) for place in range(len(layout.titles))]
    number = pa.float64() if layout.dtype.itemsize == 8 else pa.float32()
    types = {name: pa.string() if int(name) == layout.token else number for name in names}
    tabbed = layout.delimiter == "\t"
    try:
        reader = csv.open_csv(
            pa.PythonFile(_Stream(source, head), "r"),
            read_options=csv.ReadOptions(
                column_names=names,
                use_threads=False,
                block_size=max(BLOCK, 2 * len(head)),  # a row must fit
                skip_rows=int(layout.has_titles),
            ),
            parse_options=csv.ParseOptions(
                delimiter=layout.delimiter, quote_char=False if tabbed else '"'
            ),
            convert_options=csv.ConvertOptions(
                column_types=types, null_values=[], strings_can_be_null=False
            ),
        )
        yield from reader
    except pa.ArrowException as error:
        raise _explained(source, layout, str(error)) from error


class _Stream(io.RawIOBase):
    """A `ByteSource` as Arrow reads it, from its beginning."""

    def __init__(self, source: ByteSource, head: bytes) -> None:
        self._source = source
        self._head = head

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`."""
        data, self._head = self._head[:size], self._head[size:]
        return data or self._source.read(size)


def _explained(source: ByteSource, layout: _Layout, message: str) -> ProblemError:
    """The problem that Arrow's `message` is about."""
    row = _ROW.search(message)
    place = int(row[1]) if row else None
    if place is not None and (count := _WRONG_COUNT.search(message)):
        has_token = layout.token is not None
        wanted, found = int(count[1]) - has_token, int(count[2]) - has_token
        return source.broken("ragged", place, found=found, wanted=wanted)
    if place is not None and (value := _WRONG_VALUE.search(message)):
        return source.broken("not-a-number", place, detail=value[1][:40])
    if place is not None and "UTF8" in message:
        return source.broken("not-utf8", place)
    return source.broken("damaged", detail=" ".join(message.split())[:200])
