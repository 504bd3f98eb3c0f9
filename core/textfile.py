"""Reads a text file of the user's: any UTF-8 up to a size, with progress, and exact complaints."""

import codecs
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.no_file import why_no_file
from core.problems import (
    AnyProblem,
    EmptyFile,
    FileTooLarge,
    FileUnreadable,
    NoSuchFile,
    NotUtf8,
    ProblemError,
)
from core.progress import Progress, report

LIMIT = 100 * 2**20
CHUNK = 2**20
BYTE_ORDER_MARK = "\ufeff"


def read_text(path: Path, progress: Progress | None = None, limit: int = LIMIT) -> str:
    """The text of the UTF-8 file `path`, without a byte order mark.

    `progress` counts bytes. Raises `Cancelled`, and `ProblemError` with `NoSuchFile`,
    `IsFolder`, `FileUnreadable`, `FileTooLarge` (over `limit` bytes), `NotUtf8` or `EmptyFile`. A
    NUL counts as not UTF-8: text has none, and UTF-16 has many.
    """
    try:
        # Opening a named pipe would wait for a writer, so what it is comes first.
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ProblemError(why_no_file(path))
        with path.open("rb") as file:
            text = "".join(_pieces(file, path, status.st_size, progress, limit))
    except OSError as error:
        raise ProblemError(_refusal(error, path)) from error
    except ValueError as error:  # a path with a NUL in it
        raise ProblemError(NoSuchFile(str(path))) from error
    text = text.removeprefix(BYTE_ORDER_MARK)
    if not text or text.isspace():
        raise ProblemError(EmptyFile(str(path)))
    return text


def _refusal(error: OSError, path: Path) -> AnyProblem:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NoSuchFile(str(path))
    return FileUnreadable(str(path), error.strerror or type(error).__name__)


def _pieces(
    file: BinaryIO, path: Path, size: int, progress: Progress | None, limit: int
) -> Iterator[str]:
    if size > limit:
        raise ProblemError(FileTooLarge(str(path), size, limit))
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    while True:
        report(progress, done, max(size, done))
        chunk = file.read(CHUNK)
        yield _decoded(decoder, chunk, done, path)
        if not chunk:
            return
        done += len(chunk)
        if done > limit:  # it grew while it was read
            raise ProblemError(FileTooLarge(str(path), os.fstat(file.fileno()).st_size, limit))


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, offset: int, path: Path) -> str:
    """The text of `chunk`, which begins at byte `offset`; an empty one ends the file."""
    held_back = len(decoder.getstate()[0])
    nul = chunk.find(b"\0")
    try:
        text = decoder.decode(chunk if nul < 0 else chunk[:nul], final=not chunk or nul >= 0)
    except UnicodeDecodeError as error:
        raise ProblemError(NotUtf8(str(path), offset - held_back + error.start)) from error
    if nul >= 0:
        raise ProblemError(NotUtf8(str(path), offset + nul))
    return text
