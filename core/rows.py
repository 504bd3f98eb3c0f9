"""The rows that both processes see: one mapped file with two buffers that flip.

The engine writes only the buffer that is not on screen, and the window reads only the other, so
no picture ever mixes two steps and the window copies nothing. A mapped file, not
`multiprocessing.shared_memory`, whose tracker on Python 3.11 unlinks what another process still
uses. Imports only the standard library, msgspec and numpy.
"""

import mmap
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.left_behind import left_behind
from core.problems import ProblemError, TooMuchMemory

PREFIX = "embedscope-rows-"
ALIGNMENT = 4096
DTYPES = ("<f2", "<f4", "<f8")
SHARED_MEMORY = Path("/dev/shm")


class Header(Struct, frozen=True):
    """The start of the file: the shape and dtype of the table."""

    rows: int
    dimension: int
    dtype: str
    version: int = 1


@dataclass(frozen=True)
class RowBuffer:
    """One buffer: the table, and what happened to which row since the frame before.

    `rows` (V, D) in the table's dtype; `moved_ids` int32 (V,) and `moved_by` float32 (V,) run in
    parallel, as do `touched_ids` int32 (V,) and `gradient_norms` float32 (V,). How many of their
    entries count stands in the `Frame` message. `gradient_norms` are those of the frame's own
    step, 0 for a row that got its gradient in a step before it.
    """

    rows: NDArray[Any]
    moved_ids: NDArray[np.int32]
    moved_by: NDArray[np.float32]
    touched_ids: NDArray[np.int32]
    gradient_norms: NDArray[np.float32]

    def note_touched(self, ids: NDArray[np.int64], norms: NDArray[np.float32]) -> None:
        """Write which rows got a gradient, and the norms (n,) of those of this step."""
        self.touched_ids[: len(ids)] = ids
        self.gradient_norms[: len(ids)] = norms


class MappedRows:
    """Two `RowBuffer`s in one mapped file."""

    def __init__(self, path: Path, header: Header, mapping: mmap.mmap) -> None:
        self.path = path
        self.header = header
        self._mapping = mapping
        size = _buffer_size(header)
        self.buffers = tuple(_buffer(mapping, header, ALIGNMENT + n * size) for n in range(2))

    @classmethod
    def create(cls, rows: int, dimension: int, dtype: str) -> "MappedRows":
        """Reserve a new file for a table of (`rows`, `dimension`), in memory where it fits.

        Raises `ProblemError(TooMuchMemory)` if neither tmpfs nor the temporary folder has room.
        """
        header = Header(rows, dimension, np.dtype(dtype).str)
        size = ALIGNMENT + 2 * _buffer_size(header)
        for folder in (SHARED_MEMORY, Path(tempfile.gettempdir())):
            path = _reserve(folder, size)
            if path is not None:
                break
        else:
            raise ProblemError(TooMuchMemory("mapped rows", size, _room(folder)))
        mapping = _map(path, mmap.ACCESS_WRITE)
        body = msgspec.msgpack.encode(header)
        mapping[: len(body) + 2] = len(body).to_bytes(2, "little") + body
        return cls(path, header, mapping)

    @classmethod
    def open(cls, path: Path) -> "MappedRows":
        """Map a file that an engine made, to read; raises `ValueError` if it is not one."""
        mapping = _map(path, mmap.ACCESS_READ)
        length = int.from_bytes(mapping[:2], "little")
        header = msgspec.msgpack.decode(mapping[2 : 2 + length], type=Header)
        if header.dtype not in DTYPES or min(header.rows, header.dimension) < 1:
            raise ValueError(header)
        expected = ALIGNMENT + 2 * _buffer_size(header)
        if len(mapping) != expected:
            raise ValueError(header)
        return cls(path, header, mapping)

    @classmethod
    def taken(cls, path: Path) -> "MappedRows | None":
        """The same, and its name is taken away; None if it has gone or is not one."""
        try:
            mapped = cls.open(path)
        except (OSError, ValueError):
            return None
        mapped.unlink()  # both sides hold it now; nothing stays behind, whoever dies
        return mapped

    def unlink(self) -> None:
        """Take the file's name away; the memory goes when the last process lets go of it."""
        try:
            self.path.unlink(missing_ok=True)
        except PermissionError:
            # Windows keeps the name of a mapped file; the engine removes it as it ends.
            return


def _map(path: Path, access: int) -> mmap.mmap:
    with path.open("r+b" if access == mmap.ACCESS_WRITE else "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=access)


def _aligned(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _parts(header: Header) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
    per_row = (header.rows,)
    return [
        (np.dtype(header.dtype), (header.rows, header.dimension)),
        (np.dtype("<i4"), per_row),
        (np.dtype("<f4"), per_row),
        (np.dtype("<i4"), per_row),
        (np.dtype("<f4"), per_row),
    ]


def _part_size(dtype: np.dtype[Any], shape: tuple[int, ...]) -> int:
    return _aligned(dtype.itemsize * int(np.prod(shape, dtype=np.int64)))


def _buffer_size(header: Header) -> int:
    return sum(_part_size(dtype, shape) for dtype, shape in _parts(header))


def _buffer(mapping: mmap.mmap, header: Header, offset: int) -> RowBuffer:
    arrays = []
    for dtype, shape in _parts(header):
        arrays.append(np.ndarray(shape, dtype, mapping, offset))
        offset += _part_size(dtype, shape)
    return RowBuffer(*arrays)


def _room(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _reserve(folder: Path, size: int) -> Path | None:
    """A new file of `size` bytes in `folder`, all of it reserved, or None if there is no room.

    A mapped file larger than its tmpfs is made without a word and kills the process at the first
    write, hence `posix_fallocate`.
    """
    if not folder.is_dir():
        return None
    for path in left_behind(folder, PREFIX):
        with suppress(OSError):  # somebody else's
            path.unlink()
    try:
        descriptor, name = tempfile.mkstemp(prefix=f"{PREFIX}{os.getpid()}-", dir=folder)
    except OSError:
        return None
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(descriptor, 0, size)
        else:
            os.truncate(descriptor, size)
    except OSError:
        Path(name).unlink()
        return None
    finally:
        os.close(descriptor)
    return Path(name)
