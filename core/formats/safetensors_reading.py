"""Reads a table from a safetensors file: any one's, so nothing in it is believed unchecked."""

import json
import struct
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from core.formats.safetensors_file import TOKENS, WEIGHT
from core.problems import (
    BadTable,
    FileTooLarge,
    FileUnreadable,
    NoSuchFile,
    ProblemError,
    UnknownName,
    WhichTensor,
)

LARGEST = 16 * 2**30
PADDING_IDX = "padding_idx"
BFLOAT16 = "BF16"  # numpy has no such dtype: read as whole numbers of 16 bits
DTYPES = {"F16": "<f2", BFLOAT16: "<u2", "F32": "<f4", "F64": "<f8"}
PIECE = 2**20  # values widened at a time
HEADER_LENGTH = struct.Struct("<Q")
MOST_NAMED = 12  # tensors


@dataclass(frozen=True, eq=False)
class TableFile:
    """The rows (V, D) of a table, and what the file tells of them.

    `rows` are mapped, read-only. `tokens` and `padding_idx` are None where the file has none, or
    none that can be.
    """

    rows: NDArray[Any]
    tokens: tuple[str, ...] | None = None
    padding_idx: int | None = None


def read_table(path: Path, tensor: str | None = None) -> TableFile:
    """The table in `path`: its only matrix of floats, else the one called `tensor`.

    Of several a file of our own making has one called "weight". Raises `ProblemError` with
    `NoSuchFile`, `FileUnreadable`, `FileTooLarge`, `BadTable`, `WhichTensor` or `UnknownName`.
    """
    try:
        if not path.is_file():
            raise ProblemError(NoSuchFile(str(path)))
        size = path.stat().st_size
        if size > LARGEST:
            raise ProblemError(FileTooLarge(str(path), size, LARGEST))
        # It checks that the header is JSON, and that each tensor lies within the file.
        with safe_open(path, "np") as file:
            name = _chosen(file, path, tensor)
            metadata: Mapping[str, str] = file.metadata() or {}
        rows = _mapped(path, name)
    except SafetensorError as error:
        reason = " ".join(str(error).split())
        raise ProblemError(BadTable(str(path), "not-safetensors", reason)) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemError(FileUnreadable(str(path), reason)) from error
    except ValueError as error:  # a path with a NUL in it
        raise ProblemError(NoSuchFile(str(path))) from error
    return TableFile(rows, _tokens(metadata), _padding_idx(metadata))


def _chosen(file: Any, path: Path, tensor: str | None) -> str:  # noqa: ANN401 (not annotated there)
    """The name of the tensor to read."""
    shapes = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (no mapping)
    tables = {name: each for name, each in shapes.items() if _is_table(each)}
    if tensor is not None:
        if tensor not in shapes:
            raise ProblemError(UnknownName("tensor", tensor, list(tables)[:MOST_NAMED]))
        if tensor not in tables:
            raise ProblemError(BadTable(str(path), "not-a-table", tensor))
        return tensor
    if not tables:
        raise ProblemError(BadTable(str(path), "no-table"))
    if len(tables) > 1 and WEIGHT not in tables:
        raise ProblemError(WhichTensor(str(path), [_named(*each) for each in tables.items()]))
    return WEIGHT if WEIGHT in tables else next(iter(tables))


def _mapped(path: Path, name: str) -> NDArray[Any]:
    """The tensor `name` of the checked file `path`: read when it is looked at, not before."""
    with path.open("rb") as file:
        (length,) = HEADER_LENGTH.unpack(file.read(HEADER_LENGTH.size))
        described = json.loads(file.read(length))[name]
    offset = HEADER_LENGTH.size + length + described["data_offsets"][0]
    shape = tuple(described["shape"])
    kept = np.memmap(path, DTYPES[described["dtype"]], "r", offset, shape)
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


def _is_table(piece: Any) -> bool:  # noqa: ANN401 (not annotated there)
    shape = piece.get_shape()
    return len(shape) == 2 and min(shape) > 0 and piece.get_dtype() in DTYPES


def _named(name: str, piece: Any) -> str:  # noqa: ANN401 (not annotated there)
    rows, columns = piece.get_shape()
    return f"{name} ({rows} × {columns})"


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
    return int(text) if text.removeprefix("-").isdecimal() else None
