"""The zip that a project is: written in one go, and read as if by an enemy.

Its first part says by its name and content what the file is, at the same place in every project.
Arrays and states are stored as they are, so that they are written and read at the speed of the
disk; only the description and the texts are packed.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import IO, BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from core.no_file import why_no_file
from core.problems import (
    BadProject,
    FileTooLarge,
    FileUnreadable,
    ProblemError,
    ProjectReason,
)
from core.progress import Progress, report
from core.project.early_flush import EarlyFlush
from core.whole_file import refusals_of

SUFFIX = ".embedscope"
KIND, KIND_CONTENT = "mimetype", b"application/x-embedscope"
DESCRIPTION, ARRAYS = "project.json", "arrays.safetensors"
TEXT = re.compile(r"texts/(0|[1-9]\d{0,5})\.(txt|tokenizer\.json)")
STATE = re.compile(r"runs/(0|[1-9]\d{0,3})/(\d{12})-(\d{6})\.safetensors")
BEGINNING = b"PK\x03\x04"
KIND_AT = 30  # bytes: of the name of the first part, which its content follows

LARGEST = 64 * 2**30
LARGEST_PACKED = 256 * 2**20  # of a description or a text, unpacked
LARGEST_LISTING = 2**20  # of the list of parts
PACKED_TO = 30  # times smaller, as no text of a person's is
FREE = 32 * 2**20
"""What all parts of a file together may have more than that: so much a small file can unpack to."""

CHUNK = 2**20
LEVEL = 1  # of packing: as quick as the disk
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_WHERE_64 = struct.Struct("<4sLQL")


def is_project(path: Path) -> bool:
    """Whether `path` begins as projects do, or is called like one."""
    if path.suffix == SUFFIX:
        return True
    try:
        if not path.is_file():  # a named pipe would wait for a writer
            return False
        with path.open("rb") as file:
            start = file.read(KIND_AT + len(KIND) + len(KIND_CONTENT))
    except (OSError, ValueError):
        return False
    return start.startswith(BEGINNING) and start[KIND_AT:] == KIND.encode() + KIND_CONTENT


class ArchiveWriter:
    """Writes the parts one after another into `file`; `progress` counts bytes of `total`."""

    def __init__(self, file: BufferedWriter, total: int, progress: Progress | None = None) -> None:
        self._zip = ZipFile(file, "w", ZIP_STORED)
        self._flush = EarlyFlush(file)
        self._progress, self._done, self._total = progress, 0, total
        self._free = FREE
        self._zip.writestr(_info(KIND), KIND_CONTENT)

    def pack(self, name: str, content: bytes) -> None:
        """Add `content`, packed, unless it would look like a bomb then."""
        way = ZIP_DEFLATED
        if len(content) > self._free:
            excess = len(content) - PACKED_TO * len(zlib.compress(content, LEVEL))
            way = ZIP_STORED if excess > self._free else ZIP_DEFLATED
        info = _info(name)
        self._zip.writestr(info, content, way, LEVEL)
        self._free -= _excess(info)
        self._tell(len(content))

    def store(self, name: str, content: memoryview) -> None:
        """Add `content` as it is."""
        with self._zip.open(_sized(name, content.nbytes), "w") as part:
            for start in range(0, content.nbytes, CHUNK):
                part.write(content[start : start + CHUNK])
                self._tell(min(CHUNK, content.nbytes - start))

    def store_file(self, name: str, source: BinaryIO, size: int) -> None:
        """Add the `size` bytes of `source`."""
        with self._zip.open(_sized(name, size), "w") as part:
            while chunk := source.read(CHUNK):
                part.write(chunk)
                self._tell(len(chunk))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Write the list of the parts."""
        with self._flush:
            self._zip.close()

    def _tell(self, more: int) -> None:
        self._flush.wrote(more)
        self._done += more
        report(self._progress, self._done, max(self._total, self._done))


def _info(name: str) -> ZipInfo:
    # The same project is the same bytes: no time, and the rights of any new file.
    info = ZipInfo(name)
    info.external_attr = 0o644 << 16
    return info


def _excess(info: ZipInfo) -> int:
    """What a part has more than a text of its packed size should have."""
    return max(0, info.file_size - PACKED_TO * info.compress_size)


def _sized(name: str, size: int) -> ZipInfo:
    info = _info(name)
    info.file_size = size
    return info


class ArchiveReader:
    """The parts of `path`, each of them known by its name; see `reading`."""

    def __init__(self, path: Path, archive: ZipFile, progress: Progress | None) -> None:
        self._path, self._zip = path, archive
        self._progress, self._done, self._free = progress, 0, FREE
        self._parts = {info.filename: info for info in archive.infolist()}
        self._total = sum(info.compress_size for info in archive.infolist())

    def names(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """The parts whose names are all of `pattern`, in their order."""
        return [match for name in self._parts if (match := pattern.fullmatch(name))]

    def require_known(self) -> None:
        """Refuse a part that no project has: its name may lead out of any folder."""
        for name in self._parts:
            known = name in (KIND, DESCRIPTION, ARRAYS)
            if not (known or TEXT.fullmatch(name) or STATE.fullmatch(name)):
                raise ProblemError(BadProject(str(self._path), "stranger", name))

    def unpacked(self, name: str, most: int | None = None) -> bytes:
        """The content of the part `name`, which may be packed: at most so many bytes.

        No more is unpacked than it claims to have: a lie comes out with the checksum.
        """
        with self._opened(name) as (part, info):
            excess = _excess(info)
            if info.file_size > (most or LARGEST_PACKED) or excess > self._free:
                self._refuse("too-large", name)
            self._free -= excess
            content = part.read(info.file_size + 1)
            self._tell(info.compress_size)
            return content

    def extract(self, name: str, target: Path) -> None:
        """Write the part `name`, which must be stored as it is, into `target`."""
        with self._opened(name) as (part, info):
            if info.compress_type != ZIP_STORED or info.compress_size != info.file_size:
                self._refuse("damaged", name)
            with refusals_of(target.parent), target.open("xb") as file:
                while chunk := part.read(CHUNK):
                    file.write(chunk)
                    self._tell(len(chunk))

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[IO[bytes], ZipInfo]]:
        info = self._parts.get(name)
        if info is None:
            raise ProblemError(BadProject(str(self._path), "missing", name))
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others unpack without end
            self._refuse("damaged", name)
        try:
            with self._zip.open(info) as part:
                yield part, info
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            # NotImplementedError: a way of packing that is not known; RuntimeError: encrypted.
            detail = " ".join(str(error).split())
            raise ProblemError(BadProject(str(self._path), "damaged", name, detail)) from error

    def _refuse(self, reason: ProjectReason, name: str) -> None:
        raise ProblemError(BadProject(str(self._path), reason, name))

    def _tell(self, more: int) -> None:
        self._done += more
        report(self._progress, self._done, max(self._total, self._done))


@contextmanager
def reading(path: Path, progress: Progress | None = None) -> Iterator[ArchiveReader]:
    """The archive `path`, while it is read; `progress` counts its bytes.

    Raises `ProblemError` with `NoSuchFile`, `IsFolder`, `FileTooLarge`, `FileUnreadable` or
    `BadProject`.
    """
    try:
        if "\0" in str(path) or not path.is_file():
            raise ProblemError(why_no_file(path))
        size = path.stat().st_size
        if size > LARGEST:
            raise ProblemError(FileTooLarge(str(path), size, LARGEST))
        with path.open("rb") as file:
            if file.read(len(BEGINNING)) != BEGINNING:
                raise ProblemError(BadProject(str(path), "not-a-project"))
            _check_listing(path, file, size)
            with _opened_zip(path, file) as archive:
                _check_parts(path, archive, size)
                yield ArchiveReader(path, archive, progress)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemError(FileUnreadable(str(error.filename or path), reason)) from error


def _opened_zip(path: Path, file: BinaryIO) -> ZipFile:
    try:
        return ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        detail = " ".join(str(error).split())
        raise ProblemError(BadProject(str(path), "damaged", "", detail)) from error


def _check_listing(path: Path, file: BinaryIO, size: int) -> None:
    """Refuse a list of parts that would take long to read: `ZipFile` reads it whole."""
    tail = min(size, 2**16 + _END.size + _WHERE_64.size + _END_64.size)
    file.seek(size - tail)
    end = file.read(tail)
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or at + _END.size > tail:
        raise ProblemError(BadProject(str(path), "damaged"))  # it was cut off
    length = _END.unpack_from(end, at)[5]
    before = end[:at]
    if before[-_WHERE_64.size :].startswith(b"PK\x06\x07"):
        record = before[-_WHERE_64.size - _END_64.size : -_WHERE_64.size]
        if len(record) < _END_64.size:
            raise ProblemError(BadProject(str(path), "damaged"))
        length = _END_64.unpack(record)[8]
    if length > LARGEST_LISTING:
        raise ProblemError(BadProject(str(path), "too-large"))


def _check_parts(path: Path, archive: ZipFile, size: int) -> None:
    """Refuse parts of one name, and parts that claim more than the file has."""
    parts = archive.infolist()
    if len({info.filename for info in parts}) < len(parts):
        raise ProblemError(BadProject(str(path), "damaged"))
    if sum(info.compress_size for info in parts) > size:
        raise ProblemError(BadProject(str(path), "damaged"))
