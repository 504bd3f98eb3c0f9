"""word2vec's binary form: a line with the counts, then each token, a space and float32 numbers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.formats.byte_source import PIECE, ByteSource, byte_source
from core.formats.counts_line import Counts, read_counts
from core.formats.finishing import finished
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.tokens_file import check_line
from core.problems import CannotHold, NotUtf8, ProblemError
from core.progress import Progress
from core.whole_file import whole_text

LONGEST_TOKEN = 2**16  # bytes
NUMBER = np.dtype("<f4")


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The one table of `path`, as its first line says. Raises `ProblemError`."""
    with byte_source(path) as source:
        counts = _counts(source)
    return (TensorInfo("", (counts.rows, counts.columns), "float32"),)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path` as float32; raises `ProblemError` and `Cancelled`."""
    with byte_source(path, progress) as source:
        counts = _counts(source)
        most = choice.most_rows
        wanted = counts.rows if most is None else min(most, counts.rows)
        rows = np.empty((wanted, counts.columns), NUMBER)
        tokens = list(_fill(rows, source, counts))
    return finished(path, rows, tokens, choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `table`, its numbers as float32.

    Raises `OSError`, `Cancelled` and `ProblemError(CannotHold)`.
    """
    tokens = table.names()
    with whole_text(path) as file:
        file.buffer.write(f"{table.rows.shape[0]} {table.rows.shape[1]}\n".encode())
        row = 0
        for piece in pieces_of(table.rows, progress):
            for numbers in piece.astype(NUMBER):
                _check(path, tokens[row], row)
                file.buffer.write(tokens[row].encode() + b" " + numbers.tobytes() + b"\n")
                row += 1


def _check(path: Path, token: str, row: int) -> None:
    check_line(path, token, row)
    if " " in token:
        raise ProblemError(CannotHold(str(path), "token-with-space", token, row))


def _counts(source: ByteSource) -> Counts:
    line = bytearray()
    while not line.endswith(b"\n"):
        character = source.read(1)
        if not character or len(line) > 64:
            raise source.broken("damaged", detail="its first line does not say how many rows")
        line += character
    return read_counts(source, bytes(line), smallest=NUMBER.itemsize, least_between=1)


def _fill(rows: NDArray[Any], source: ByteSource, counts: Counts) -> Iterator[str]:
    """Read numbers into `rows` until it is full; their tokens in turn.

    Raises `ProblemError` if the file ends before, or goes on after the last row that it claims.
    """
    size = counts.columns * NUMBER.itemsize
    data = b""
    place, offset = 0, counts.bytes  # in `data`, and of its beginning in the file
    for row in range(len(rows)):
        while (stop := data.find(b" ", place)) < 0 or stop + 1 + size > len(data):
            if stop < 0 and len(data) - place > LONGEST_TOKEN:
                raise source.broken("damaged", detail=f"row {row:,} has no token")
            more = source.read(max(PIECE, size))
            if not more:
                raise source.broken("truncated", row)
            offset += place
            data, place = data[place:] + more, 0
        numbers = np.frombuffer(data, NUMBER, counts.columns, stop + 1)
        rows[row] = numbers
        yield _token(data[place:stop], offset + place, source)
        place = stop + 1 + size
    if len(rows) == counts.rows and (data[place:] + source.read(PIECE)).strip(b"\n"):
        raise source.broken("too-long", counts.rows - 1)


def _token(raw: bytes, start: int, source: ByteSource) -> str:
    token = raw.lstrip(b"\n")  # some end each row so
    try:
        return token.decode()
    except UnicodeDecodeError as error:
        byte = start + len(raw) - len(token) + error.start
        raise ProblemError(NotUtf8(str(source.path), byte)) from error
