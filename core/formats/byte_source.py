"""The bytes of a file, unpacked if they are gzip's, and no more of them than a table would be."""

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.formats.sniffing import GZIP, HEAD
from core.problems import BrokenTable, ProblemError, TableFault
from core.progress import Progress, report
from core.whole_file import refusals_of

PIECE = 2**19  # bytes: what fits into a core's cache is parsed twice as fast
LONGEST_LINE = 2**24
# Numbers written as text pack to a third or so; zeros alone would pack to a thousandth.
MOST_PACKED = 200
LEAST_BOUND = 2**26


class ByteSource:
    """Reads `path` from its beginning; `size` is what it takes on the disk."""

    def __init__(self, path: Path, raw: BinaryIO, progress: Progress | None) -> None:
        self.path = path
        self.size = os.fstat(raw.fileno()).st_size
        self.is_packed = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
        self._raw = raw
        self._file = gzip.GzipFile(fileobj=raw) if self.is_packed else raw
        self._progress = progress
        self._read = 0

    @property
    def most(self) -> int:
        """How many bytes it can have."""
        return max(self.size * MOST_PACKED, LEAST_BOUND) if self.is_packed else self.size

    def read(self, count: int) -> bytes:
        """At most `count` bytes, none at the end. Raises `ProblemError`, `Cancelled`, `OSError`."""
        try:
            data = self._file.read(count)
        except EOFError as error:
            raise self.broken("damaged", detail="it ends in the middle") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise self.broken("damaged", detail=str(error)) from error
        self._read += len(data)
        if self.is_packed and self._read > self.most:
            raise self.broken("bomb", detail=f"{self.most / 1e6:,.0f} MB")
        report(self._progress, self._raw.tell(), max(self.size, 1))
        return data

    def broken(
        self,
        fault: TableFault,
        place: int | None = None,
        *,
        found: int = 0,
        wanted: int = 0,
        detail: str = "",
    ) -> ProblemError:
        """A problem with this file, to raise."""
        return ProblemError(BrokenTable(str(self.path), fault, place, found, wanted, detail))


@contextmanager
def byte_source(path: Path, progress: Progress | None = None) -> Iterator[ByteSource]:
    """`path` opened; `progress` counts bytes on the disk. Raises `ProblemError`."""
    with refusals_of(path), path.open("rb") as raw:
        yield ByteSource(path, raw, progress)


def first_lines(source: ByteSource) -> bytes:
    """The beginning of `source`: at least two whole lines, if there are so many in it."""
    head = source.read(HEAD)
    while head.count(b"\n") < 2 and len(head) < LONGEST_LINE and (more := source.read(HEAD)):
        head += more
    return head


def whole_lines(source: ByteSource, begun: bytes = b"") -> Iterator[bytes]:
    """The rest of `source` in pieces of whole lines; `begun` is what was read of it already.

    Raises `ProblemError` for a line that is longer than any row.
    """
    pending = [begun]
    while chunk := source.read(PIECE):
        end = chunk.rfind(b"\n") + 1
        if end:
            yield b"".join((*pending, chunk[:end]))
            pending = [chunk[end:]]
            continue
        pending.append(chunk)
        if sum(map(len, pending)) > LONGEST_LINE:
            raise source.broken("damaged", detail=f"a line is longer than {LONGEST_LINE:,} bytes")
    rest = b"".join(pending)
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"
