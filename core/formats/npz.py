"""numpy's .npz: an archive of arrays, of which one may hold the tokens."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from core.formats.byte_source import LEAST_BOUND, MOST_PACKED
from core.formats.finishing import chosen, finished
from core.formats.npy import UNSOUND
from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.tokens_file import tokens_of
from core.problems import BrokenTable, ProblemError, TokensDoNotFit
from core.progress import Progress, report
from core.whole_file import refusals_of

ENDING = ".npy"
TOKEN_NAMES = ("tokens", "words", "vocab", "labels", "itos")
MOST_MEMBERS = 10_000
MOST_TOKENS = 2**28  # bytes of an array of text
PIECE = 2**22  # bytes


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The arrays of `path`. Raises `ProblemError`."""
    with _archive(path) as archive:
        return tuple(_described(archive, member) for member in _members(path, archive))


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path` that is chosen; the tokens are an array of text, or stand beside it.

    Raises `ProblemError` and `Cancelled`.
    """
    with _archive(path) as archive:
        members = {_name(member): member for member in _members(path, archive)}
        arrays = [_described(archive, member) for member in members.values()]
        table = chosen(path, arrays, choice.tensor)
        rows = _numbers(archive, members[table.name], progress)
        tokens = tokens_of(path, choice)
        if tokens is None and choice.tokens is None:
            named = _tokens_name(arrays, len(rows))
            if named is not None:
                tokens = [str(token) for token in _array(archive, members[named])]
            else:
                _check_tokens(path, arrays, len(rows))
    return finished(path, rows, tokens, choice)


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, opened; whatever is wrong with it meanwhile as a problem."""
    try:
        with refusals_of(path), zipfile.ZipFile(path) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,  # a way of packing that Python lacks
        RuntimeError,  # a password
        *UNSOUND,
    ) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ProblemError(BrokenTable(str(path), "damaged", detail=reason)) from error


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [each for each in archive.infolist() if each.filename.endswith(ENDING)][:MOST_MEMBERS]
    for member in found:
        most = max(member.compress_size * MOST_PACKED, LEAST_BOUND)
        if member.file_size > min(most, LARGEST):
            raise ProblemError(BrokenTable(str(path), "bomb", detail=f"{most / 1e6:,.0f} MB"))
    return found


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.removesuffix(ENDING)


def _described(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> TensorInfo:
    with archive.open(member) as file:
        shape, _, dtype = _header(file)
    return TensorInfo(_name(member), shape, dtype.name)


def _header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:  # noqa: ANN401 (a ZipExtFile)
    version = npy_format.read_magic(file)
    if version == (1, 0):
        return npy_format.read_array_header_1_0(file)
    return npy_format.read_array_header_2_0(file)


def _numbers(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, progress: Progress | None
) -> NDArray[Any]:
    """The matrix that `member` holds, if it holds all that its header claims."""
    with archive.open(member) as file:
        shape, by_column, dtype = _header(file)
        size = shape[0] * shape[1] * dtype.itemsize
        if size > member.file_size:
            raise ValueError(f"its header claims {size:,} bytes and it has {member.file_size:,}")
        flat = np.empty(shape[0] * shape[1], dtype)
        _fill(flat, file, progress)
    return flat.reshape(shape[::-1]).T if by_column else flat.reshape(shape)


def _fill(flat: NDArray[Any], file: Any, progress: Progress | None) -> None:  # noqa: ANN401
    raw = flat.view(np.uint8)
    done = 0
    while done < len(raw):
        data = file.read(min(PIECE, len(raw) - done))
        if not data:
            raise EOFError("an array ends in the middle")
        raw[done : done + len(data)] = np.frombuffer(data, np.uint8)
        done += len(data)
        report(progress, done, len(raw))


def _tokens_name(arrays: list[TensorInfo], rows: int) -> str | None:
    """The array of as many texts: the one usually called so, or the only one."""
    texts = [each.name for each in arrays if each.dtype.startswith("str") and each.shape == (rows,)]
    named = next((name for name in TOKEN_NAMES if name in texts), None)
    return named or (texts[0] if len(texts) == 1 else None)


def _check_tokens(path: Path, arrays: list[TensorInfo], rows: int) -> None:
    """Raise `ProblemError` if what must be the tokens of the only table are too few or too many."""
    if sum(each.is_table for each in arrays) > 1:
        return  # they may be the other's
    for each in arrays:
        is_text = each.dtype.startswith("str") and len(each.shape) == 1
        if is_text and each.name in TOKEN_NAMES:
            raise ProblemError(TokensDoNotFit(str(path), each.shape[0], rows))


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    if member.file_size > MOST_TOKENS:
        raise ValueError("its tokens are too large")
    with archive.open(member) as file:
        found: NDArray[Any] = npy_format.read_array(file, allow_pickle=False)
    return found
