"""Files that are there whole or not at all: written under another name, and renamed at the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EISDIR
from io import BufferedWriter, TextIOWrapper
from pathlib import Path

from core.problems import FileUnreadable, ProblemError


@contextmanager
def refusals_of(path: Path) -> Iterator[None]:
    """What the system refuses meanwhile is `ProblemError(FileUnreadable)` of `path`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemError(FileUnreadable(str(path), reason)) from error


@contextmanager
def whole_bytes(path: Path) -> Iterator[BufferedWriter]:
    """A file to write into, which takes the place of `path` if nothing is raised.

    Raises `OSError`; the unfinished file is removed.
    """
    target = Path(os.path.realpath(path))  # what a link leads to, not the link, is replaced
    if target.is_dir():  # told now, for another file may be written together with this one
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR), str(path))
    unfinished = target.with_name(f".embedscope-{os.urandom(6).hex()}.part")
    file = unfinished.open("xb")
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())  # a full disk is told of here at the latest
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@contextmanager
def whole_text(path: Path) -> Iterator[TextIOWrapper]:
    """The same for UTF-8; lines end as they are written."""
    with whole_bytes(path) as file:
        # A token of a user's tokenizer may hold half a character, which no UTF-8 has.
        text = TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
        yield text
        text.flush()
        text.detach()


def settle(*files: TextIOWrapper) -> None:
    """Have all that was written to `files` on the disk before one of several takes its place.

    So a full disk, which raises `OSError`, is told of while all of them can still be given up.
    """
    for file in files:
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`; raises `ProblemError(FileUnreadable)` and leaves what was."""
    with refusals_of(path), whole_bytes(path) as file:
        file.write(content)
