"""The first line of word2vec's files: how many rows and columns, if the file has room for them."""

from dataclasses import dataclass

from core.formats.byte_source import ByteSource
from core.formats.opened_table import LARGEST
from core.problems import FileTooLarge, ProblemError

LONGEST = 12  # figures


@dataclass(frozen=True)
class Counts:
    """How many `rows` and `columns`, and how many `bytes` the line takes."""

    rows: int
    columns: int
    bytes: int


def is_counts(line: bytes) -> bool:
    """Whether `line` is two whole numbers."""
    fields = line.split()
    return len(fields) == 2 and all(field.isdigit() for field in fields)


def read_counts(source: ByteSource, line: bytes, smallest: int, least_between: int) -> Counts:
    """The counts in `line`, where a number takes `smallest` bytes and a row `least_between` more.

    Raises `ProblemError` if the file cannot hold so much, or a table may not be so large.
    """
    if not is_counts(line):
        raise source.broken("damaged", detail="its first line does not say how many rows")
    fields = line.split()
    claim = " × ".join(field[: 2 * LONGEST].decode() for field in fields)
    if any(len(field) > LONGEST for field in fields):
        raise source.broken("impossible-claim", detail=claim)
    rows, columns = map(int, fields)
    if not rows or not columns or rows * (columns * smallest + least_between) > source.most:
        raise source.broken("impossible-claim", detail=claim)
    if rows * columns * 4 > LARGEST:
        raise ProblemError(FileTooLarge(str(source.path), rows * columns * 4, LARGEST))
    return Counts(rows, columns, len(line))
