"""The mapped file: what the engine writes is what the window reads, and nothing else is taken."""

import errno
import os
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core import rows
from core.problems import ProblemError, TooMuchMemory
from core.rows import Header, MappedRows


@pytest.fixture(autouse=True)
def own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the shared memory of the machine."""
    monkeypatch.setattr(rows, "SHARED_MEMORY", tmp_path)
    return tmp_path


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_what_is_written_is_read(dtype: str) -> None:
    made = MappedRows.create(5, 3, dtype)
    opened = MappedRows.open(made.path)
    made.unlink()
    assert opened.header == Header(5, 3, np.dtype(dtype).str)
    for number, (writer, reader) in enumerate(zip(made.buffers, opened.buffers, strict=True)):
        assert writer.rows.shape == reader.rows.shape == (5, 3)
        for field in ("rows", "moved_ids", "moved_by", "touched_ids", "gradient_norms"):
            array = getattr(writer, field)
            array[...] = np.arange(array.size).reshape(array.shape) + 7 * number
            assert getattr(reader, field).dtype == array.dtype
    # All is written before anything is read: no part may lie over another.
    for number, reader in enumerate(opened.buffers):
        for field in ("rows", "moved_ids", "moved_by", "touched_ids", "gradient_norms"):
            array = getattr(reader, field)
            expected = np.arange(array.size).reshape(array.shape) + 7 * number
            np.testing.assert_array_equal(array, expected)


def test_the_window_cannot_write() -> None:
    opened = MappedRows.open(MappedRows.create(2, 2, "float32").path)
    with pytest.raises(ValueError, match="read-only"):
        opened.buffers[0].rows[0, 0] = 1.0


def test_the_file_is_reserved_and_unlinked(own_memory: Path) -> None:
    made = MappedRows.create(1000, 8, "float32")
    (path,) = own_memory.iterdir()
    stat = path.stat()
    assert stat.st_blocks * 512 >= stat.st_size >= 2 * 1000 * 8 * 4
    made.unlink()
    made.unlink()
    assert not list(own_memory.iterdir())
    made.buffers[1].rows[:] = 3.0  # the memory is there until the last process lets go
    assert made.buffers[1].rows.sum() == 24_000


def test_the_temporary_folder_takes_what_memory_cannot(
    own_memory: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(rows.tempfile, "gettempdir", lambda: str(elsewhere))
    reserve = os.posix_fallocate

    def full(descriptor: int, offset: int, size: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").readlink().parent == own_memory:
            raise OSError(errno.ENOSPC, "No space left on device")
        reserve(descriptor, offset, size)

    monkeypatch.setattr(os, "posix_fallocate", full)
    made = MappedRows.create(4, 2, "float32")
    assert made.path.parent == elsewhere
    assert not list(own_memory.iterdir())


def test_no_room_at_all_is_said_before_anything_is_written(
    own_memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows.tempfile, "gettempdir", lambda: str(own_memory))

    def full(*_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(ProblemError) as raised:
        MappedRows.create(1000, 4, "float32")
    problem = raised.value.problem
    assert isinstance(problem, TooMuchMemory)
    # Two buffers of 1,000 rows: 16,000 bytes of values and four times 4,000 beside them, in pages.
    assert problem.needed == 4096 + 2 * (4 * 4096 + 4 * 4096)
    assert problem.available > 0
    assert not list(own_memory.iterdir())


def with_header(header: bytes, size: int) -> bytes:
    return (len(header).to_bytes(2, "little") + header).ljust(size, b"\0")


def encoded(header: Header, size: int) -> bytes:
    return with_header(msgspec.msgpack.encode(header), size)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"\0" * 8192,
        b"\xff" * 8192,
        with_header(b"not msgpack", 8192),
        encoded(Header(2, 2, "<f4"), 8192),
        encoded(Header(2, 2, "<f4"), 11 * 4096 + 1),
        encoded(Header(2, 2, "<f4"), 11 * 4096 - 1),
        encoded(Header(2, 2, "<i4"), 11 * 4096),
        encoded(Header(2, 2, "nonsense"), 11 * 4096),
        encoded(Header(0, 2, "<f4"), 4096),
        encoded(Header(-2, 2, "<f4"), 4096),
    ],
)
def test_what_is_not_such_a_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.rows"
    path.write_bytes(content)
    with pytest.raises(ValueError):  # noqa: PT011 - msgspec's and ours, of any text
        MappedRows.open(path)


def test_a_file_cut_short_is_refused() -> None:
    path = MappedRows.create(2, 2, "float32").path
    MappedRows.open(path)
    os.truncate(path, path.stat().st_size - 1)
    with pytest.raises(ValueError, match="Header"):
        MappedRows.open(path)
