"""Reads a table from a safetensors file: any one's, so nothing in it is believed unchecked."""

import json
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from core.formats.finishing import chosen, finished
from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.safetensors_file import TOKENS
from core.no_file import why_no_file
from core.problems import BadTable, FileTooLarge, FileUnreadable, NoSuchFile, ProblemError
from core.progress import Progress, report

PADDING_IDX = "padding_idx"
BFLOAT16 = "BF16"  # numpy has no such dtype: read as whole numbers of 16 bits
DTYPES = {"F16": "<f2", BFLOAT16: "<u2", "F32": "<f4", "F64": "<f8"}
NAMES = {"F16": "float16", BFLOAT16: "bfloat16", "F32": "float32", "F64": "float64"}
PIECE = 2**20  # values widened at a time
LONGEST_ID = 12  # figures
HEADER_LENGTH = struct.Struct("<Q")


def read_table(path: Path, tensor: str | None = None) -> OpenedTable:
    """The table in `path`: its only matrix of floats, else the one called `tensor`.

    Of several a file of our own making has one called "weight". Raises `ProblemError` with
    `NoSuchFile`, `IsFolder`, `FileUnreadable`, `FileTooLarge`, `BadTable`, `WhichTensor` or
    `UnknownName`.
    """
    with _checked(path) as file:
        name = chosen(path, _described(file), tensor).name
        metadata: Mapping[str, str] = file.metadata() or {}
        rows = _mapped(path, name)
    return OpenedTable(rows, _tokens(metadata), _padding_idx(metadata))


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tensors of `path`. Raises `ProblemError`."""
    with _checked(path) as file:
        return _described(file)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path` that is chosen, mapped. Raises `ProblemError`."""
    with _checked(path) as file:
        table = chosen(path, _described(file), choice.tensor)
        metadata: Mapping[str, str] = file.metadata() or {}
        rows = _mapped(path, table.name, choice.most_rows)
    report(progress, rows.nbytes, rows.nbytes)
    tokens = _tokens(metadata)
    if tokens is not None and len(tokens) != table.shape[0]:
        tokens = None  # they are another tensor's
    return finished(path, rows, tokens, choice, _padding_idx(metadata))


@contextmanager
def _checked(path: Path) -> Iterator[Any]:
    """`path`, opened, with its header found sound; what goes wrong meanwhile as a problem."""
    try:
        if not path.is_file():
            raise ProblemError(why_no_file(path))
        size = path.stat().st_size
        if size > LARGEST:
            raise ProblemError(FileTooLarge(str(path), size, LARGEST))
        # It checks that the header is JSON, and that each tensor lies within the file.
        with safe_open(path, "np") as file:
            yield file
    except SafetensorError as error:
        reason = " ".join(str(error).split())
        raise ProblemError(BadTable(str(path), "not-safetensors", reason)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemError(FileUnreadable(str(path), reason)) from error
    except ValueError as error:  # a path with a NUL in it
        raise ProblemError(NoSuchFile(str(path))) from error


def _described(file: Any) -> tuple[TensorInfo, ...]:  # noqa: ANN401 (not annotated there)
    pieces = ((name, file.get_slice(name)) for name in file.keys())  # noqa: SIM118 (no mapping)
    return tuple(
        TensorInfo(
            name, tuple(piece.get_shape()), NAMES.get(piece.get_dtype(), str(piece.get_dtype()))
        )
        for name, piece in pieces
    )


def _mapped(path: Path, name: str, most_rows: int | None = None) -> NDArray[Any]:
    """The tensor `name` of the checked file `path`: read when it is looked at, not before."""
    with path.open("rb") as file:
        (length,) = HEADER_LENGTH.unpack(file.read(HEADER_LENGTH.size))
        described = json.loads(file.read(length))[name]
    offset = HEADER_LENGTH.size + length + described["data_offsets"][0]
    shape = tuple(described["shape"])
    kept = np.memmap(path, DTYPES[described["dtype"]], "r", offset, shape)[:most_rows]
    return _widened(kept) if described["dtype"] == BFLOAT16 else kept


def _widened(kept: NDArray[Any]) -> NDArray[np.float32]:
    """bfloat16 as float32, which begins with the same 16 bits; in a file without a name.

    In a file, so that a table larger than the memory can be read.
    """
    with tempfile.TemporaryFile(prefix="embedscope-") as file:
        wide = np.memmap(file, "<f4", "w+", shape=kept.shape)
    size = max(1, PIECE // kept.shape[1])
    for start in range(0, len(kept), size):
        piece = kept[start : start + size].astype("<u4") << 16
        wide[start : start + size] = piece.view("<f4")
    return wide


def _tokens(metadata: Mapping[str, str]) -> tuple[str, ...] | None:
    try:
        tokens = json.loads(metadata.get(TOKENS, "null"))
    except ValueError:
        return None
    if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
        return None
    return tuple(tokens)


def _padding_idx(metadata: Mapping[str, str]) -> int | None:
    text = metadata.get(PADDING_IDX, "")
    return int(text) if text.removeprefix("-").isdecimal() and len(text) <= LONGEST_ID else None
