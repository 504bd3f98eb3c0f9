"""Lines of a token and D numbers, parsed a few megabytes at a time on every core.

The token ends at the D-th space from the right, for tokens may hold spaces themselves. Arrow parses
the numbers: exact, strict, and without holding Python's lock, so that pieces go side by side.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.problems import BrokenTable, NotUtf8, ProblemError

SPACE, LINE_END = 32, 10
MOST_THREADS = 8
SHOWN = 40  # characters of what is no number


@dataclass(frozen=True)
class Parsed:
    """Rows (n, D) and their n tokens."""

    rows: NDArray[Any]
    tokens: list[str]


@dataclass(frozen=True)
class Place:
    """Where a piece of text begins: in `path`, at `line` (from 1) and `byte` (from 0)."""

    path: Path
    line: int
    byte: int


def parse_side_by_side(
    pieces: Iterable[bytes], columns: int, dtype: np.dtype[Any], first: Place
) -> Iterator[Parsed]:
    """The rows of `pieces`, which are whole lines, in order; the first begins at `first`.

    Raises `ProblemError` for the first line that is no token and `columns` numbers.
    """
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    pending: deque[Future[Parsed]] = deque()
    line, byte = first.line, first.byte
    pool = ThreadPoolExecutor(threads, thread_name_prefix="numbers")
    try:
        for piece in pieces:
            pending.append(pool.submit(parse, piece, columns, dtype, Place(first.path, line, byte)))
            # Four times as fast as the method of bytes.
            line += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == LINE_END))
            byte += len(piece)
            if len(pending) > threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def parse(piece: bytes, columns: int, dtype: np.dtype[Any], place: Place) -> Parsed:
    """The rows of `piece`, whole lines of a token and `columns` numbers with one space between."""
    parsed = _parse_regular(piece, columns, dtype, place)
    return _parse_any(piece, columns, dtype, place) if parsed is None else parsed


def _parse_regular(piece: bytes, columns: int, dtype: np.dtype[Any], place: Place) -> Parsed | None:
    """As `parse`; None if a line is not quite so, or not at all."""
    if b"\r" in piece:
        piece = piece.replace(b"\r\n", b" \n")  # as long as before
    characters = np.frombuffer(piece, np.uint8)
    # Where a token or a number ends, and which of these are the ends of lines.
    stops = np.flatnonzero((characters == SPACE) | (characters == LINE_END))
    last = np.flatnonzero(characters[stops] == LINE_END)
    begins = np.concatenate(([0], last[:-1] + 1))  # the first stop of each line
    ends = stops[last]
    spaced = characters[np.maximum(ends - 1, 0)] == SPACE  # before the line's end
    token_stop = last - spaced - columns
    if (token_stop < begins).any():
        return None
    starts = np.concatenate(([0], ends[:-1] + 1)).tolist()
    if (token_stop > begins).any() or spaced.any():
        for line in np.flatnonzero(token_stop > begins):
            token, fields = split_line(piece[starts[line] : ends[line]], columns)
            if numbers_in(token, fields):
                return None
        # Only where a token ends counts, not the spaces in it, nor one before the line's end.
        stops = stops[(token_stop[:, np.newaxis] + np.arange(columns + 1)).ravel()]
    by_line = stops.reshape(-1, columns + 1)
    token_ends = by_line[:, 0].tolist()
    try:
        numbers = _numbers(piece, by_line, dtype)
    except pa.ArrowInvalid:
        return None
    tokens = [piece[start:end] for start, end in zip(starts, token_ends, strict=True)]
    return Parsed(numbers, _decoded(tokens, starts, place))


def _numbers(text: bytes, stops: NDArray[np.int64], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The numbers (n, D) that end at `stops` (n, 1 + D) of `text`, the first of which ends a token.

    Raises `ArrowInvalid`. Nothing is copied: for Arrow, `text` is one string for each of `stops`
    and one for what is between them, and null but for the numbers.
    """
    bounds = np.zeros(2 * stops.size + 1, np.int32)
    bounds[1::2] = stops.ravel()
    np.add(bounds[1::2], 1, out=bounds[2::2])
    is_number = np.zeros((*stops.shape, 2), np.bool_)
    is_number[:, 1:, 0] = True
    strings = pa.StringArray.from_buffers(
        2 * stops.size,
        pa.py_buffer(bounds),
        pa.py_buffer(text),
        pa.py_buffer(np.packbits(is_number, bitorder="little")),
    )
    cast = strings.cast(pa.from_numpy_dtype(dtype))
    numbers: NDArray[Any] = np.frombuffer(cast.buffers()[1], dtype, 2 * stops.size)
    return numbers.reshape(is_number.shape)[:, 1:, 0]


def _decoded(tokens: list[bytes], starts: list[int], place: Place) -> list[str]:
    try:
        return b"\n".join(tokens).decode().split("\n")
    except UnicodeDecodeError:
        for token, start in zip(tokens, starts, strict=True):
            _text(token, start, place)
        raise


def _text(token: bytes, start: int, place: Place) -> str:
    try:
        return token.decode()
    except UnicodeDecodeError as error:
        raise ProblemError(NotUtf8(str(place.path), place.byte + start + error.start)) from error


def _parse_any(piece: bytes, columns: int, dtype: np.dtype[Any], place: Place) -> Parsed:
    """As `parse`, line by line: blank lines and more spaces may be, and what is wrong is named."""
    tokens: list[str] = []
    rows: list[NDArray[Any]] = []
    start = 0
    for number, line in enumerate(piece.split(b"\n")[:-1], place.line):
        if line.strip():
            token, fields = split_line(line, columns)
            tokens.append(_text(token, start, place))
            _check(fields, columns, place.path, number)
            if more := numbers_in(token, fields):
                raise ProblemError(
                    BrokenTable(str(place.path), "ragged", number, columns + more, columns)
                )
            rows.append(_rounded(fields, dtype))
        start += len(line) + 1
    return Parsed(np.array(rows, dtype).reshape(-1, columns), tokens)


def split_line(line: bytes, columns: int) -> tuple[bytes, list[bytes]]:
    """The token of `line`, and what stands where its numbers should be."""
    parts = line.rstrip().rsplit(None, columns)
    if len(parts) == columns and line[:1] == b" ":
        return b"", parts  # the token is the empty one
    return (parts[0], parts[1:]) if parts else (b"", [])


def _check(fields: list[bytes], columns: int, path: Path, line: int) -> None:
    """Raises `ProblemError` if `fields` are not as many numbers."""
    numbers = [as_float(field) for field in fields]
    wrong = [place for place, number in enumerate(numbers) if number is None]
    if len(fields) < columns or (wrong and wrong[-1] == len(wrong) - 1):
        # The line is too short, or the words of its token stand where numbers should be.
        found = len(fields) - len(wrong)
        raise ProblemError(BrokenTable(str(path), "ragged", line, found, columns))
    if wrong:
        text = fields[wrong[0]][:SHOWN].decode(errors="replace")
        raise ProblemError(BrokenTable(str(path), "not-a-number", line, detail=text))


def numbers_in(token: bytes, fields: list[bytes]) -> int:
    """How many words at the end of `token` are numbers of the row, which then has too many.

    "formula 1" may be a token. A number has as many figures after its point as the row's others.
    """
    more = 0
    for word in reversed(token.split()[1:]):
        if as_float(word) is None or _figures(word) < median_low(map(_figures, fields)):
            break
        more += 1
    return more


def _figures(field: bytes) -> int:
    """How many there are after the point of the number `field`, counting its exponent."""
    return len(field.partition(b".")[2])


def _rounded(fields: list[bytes], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The numbers that `fields` write, infinite where `dtype` cannot hold them."""
    try:  # rounded once: Python and numpy go by way of a float64
        texts = pa.array(fields, pa.binary()).cast(pa.string())
        numbers: NDArray[Any] = texts.cast(pa.from_numpy_dtype(dtype)).to_numpy()
    except pa.ArrowInvalid:
        with np.errstate(over="ignore"):
            return np.array([float(field) for field in fields], dtype)
    return numbers


def as_float(field: bytes) -> float | None:
    """The number that `field` writes, None if it writes none."""
    try:
        return None if b"_" in field else float(field)
    except ValueError:
        return None
