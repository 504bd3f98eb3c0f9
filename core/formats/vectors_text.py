"""word2vec's text, fastText's .vec and GloVe's text: a token and its numbers a line; also gzip."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.formats.byte_source import ByteSource, byte_source, first_lines, whole_lines
from core.formats.counts_line import is_counts, read_counts
from core.formats.finishing import finished
from core.formats.joining import joined
from core.formats.number_width import dtype_of
from core.formats.numbers_text import (
    Parsed,
    Place,
    as_float,
    numbers_in,
    parse_side_by_side,
    split_line,
)
from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.tokens_file import check_line
from core.number_text import shortest_each
from core.problems import CannotHold, FileTooLarge, ProblemError
from core.progress import Progress
from core.whole_file import whole_text

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LOOKED_AT = 100  # lines, to tell how many numbers a row has
SHORTEST_NUMBER = 2  # bytes: a figure and a space


class _Layout:
    """What the beginning of a text tells: rows (None: it does not say), columns, and the rest."""

    def __init__(self, source: ByteSource) -> None:
        head = first_lines(source)
        mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
        first, _, rest = head[mark:].partition(b"\n")
        self.rows: int | None = None
        has_counts = is_counts(first)
        begun = rest if has_counts else head[mark:]
        found = _numbers_in_a_row(begun)
        self.columns = found
        self.place = Place(source.path, 1 + has_counts, len(head) - len(begun))
        self.begun = begun
        self.dtype = dtype_of(field.decode("latin-1") for field in _numbers_of(begun, found))
        if has_counts:
            counts = read_counts(source, first, SHORTEST_NUMBER, least_between=1)
            self.rows, self.columns = counts.rows, counts.columns
            if found != self.columns and begun.strip():
                raise source.broken("ragged", 2, found=found, wanted=self.columns)
        elif not self.columns:
            raise source.broken("damaged", detail="its first lines are no tokens with numbers")


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The one table of `path`. Raises `ProblemError`."""
    with byte_source(path) as source:
        layout = _Layout(source)
    rows = -1 if layout.rows is None else layout.rows
    return (TensorInfo("", (rows, layout.columns), layout.dtype.name),)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path`; raises `ProblemError` and `Cancelled`.

    float64 where the first numbers need it, else float32.
    """
    with byte_source(path, progress) as source:
        layout = _Layout(source)
        parsed = parse_side_by_side(
            whole_lines(source, layout.begun), layout.columns, layout.dtype, layout.place
        )
        rows, tokens, found = _gathered(parsed, layout, choice.most_rows, path)
        if choice.most_rows is None and layout.rows not in (None, found):
            raise source.broken("wrong-count", found=found, wanted=layout.rows or 0)
        if not found:
            raise source.broken("damaged", detail="it has no rows")
    return finished(path, rows, tokens, choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `table` as word2vec's text, each number the shortest that its dtype reads back.

    Raises `OSError`, `Cancelled` and `ProblemError(CannotHold)`.
    """
    rows = table.rows
    tokens = table.names()
    with whole_text(path) as file:
        file.write(f"{rows.shape[0]} {rows.shape[1]}\n")
        row = 0
        for piece in pieces_of(rows, progress):
            texts = shortest_each(piece.ravel())
            for start in range(0, len(texts), rows.shape[1]):
                check_line(path, tokens[row], row)
                numbers = texts[start : start + rows.shape[1]]
                if " " in tokens[row]:
                    _check_end(path, tokens[row], numbers, row)
                file.write(f"{tokens[row]} {' '.join(numbers)}\n")
                row += 1


def _check_end(path: Path, token: str, numbers: list[str], row: int) -> None:
    """Raise `ProblemError(CannotHold)` if the end of `token` would be read as a number."""
    if numbers_in(token.encode(), [number.encode() for number in numbers]):
        raise ProblemError(CannotHold(str(path), "token-with-space", token, row))


def _numbers_of(head: bytes, columns: int) -> Iterator[bytes]:
    for line in head.split(b"\n")[:LOOKED_AT]:
        yield from split_line(line, columns)[1]


def _numbers_in_a_row(head: bytes) -> int:
    """How many numbers most of the first lines end in, after at least one word."""
    lines = head.split(b"\n")[: LOOKED_AT + 1]
    if len(lines) > 1:
        lines.pop()  # it may go on
    counts = Counter(_trailing_numbers(line) for line in lines if line.strip())
    return counts.most_common(1)[0][0] if counts else 0


def _trailing_numbers(line: bytes) -> int:
    fields = line.split()
    room = len(fields) if line[:1] == b" " else len(fields) - 1
    count = 0
    while count < room and as_float(fields[-1 - count]) is not None:
        count += 1
    return count


def _gathered(
    parsed: Iterator[Parsed], layout: _Layout, most: int | None, path: Path
) -> tuple[NDArray[Any], Sequence[str], int]:
    """The rows in one array, at most `most` and at most those claimed; and how many there are."""
    room = layout.rows if most is None or layout.rows is None else min(most, layout.rows)
    known = None if room is None else np.empty((room, layout.columns), layout.dtype)
    pieces: list[NDArray[Any]] = []
    tokens: list[str] = []
    for piece in parsed:
        if known is None:
            pieces.append(piece.rows)
        else:
            into = known[len(tokens) : len(tokens) + len(piece.rows)]
            into[:] = piece.rows[: len(into)]
        tokens += piece.tokens
        if len(tokens) * layout.columns * layout.dtype.itemsize > LARGEST:
            raise ProblemError(
                FileTooLarge(
                    str(path), len(tokens) * layout.columns * layout.dtype.itemsize, LARGEST
                )
            )
        if most is not None and len(tokens) >= most:
            break
    if known is not None:
        return known[: len(tokens)], tokens[: len(known)], len(tokens)
    return joined(pieces, len(tokens), layout.columns, layout.dtype), tokens, len(tokens)
