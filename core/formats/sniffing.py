"""Tells the format of a file by its first bytes, for names lie and are often missing."""

import codecs
import re
import stat
import zipfile
import zlib
from pathlib import Path

from core.problems import FileUnreadable, IsFolder, NoSuchFile, ProblemError, UnknownFormat

HEAD = 2**16
PACKED = 16  # bytes
PROJECTOR_CONFIG = "projector_config.pbtxt"
GZIP = b"\x1f\x8b"
NUMBER_BYTES = b"0123456789+-.eEnaifNAIFty"  # nan and infinity are numbers too
LEGACY_CHECKPOINT = re.compile(rb"\x80[\x02-\x05].{14}", re.DOTALL)  # a pickle with something in it
EMBEDDINGS = re.compile(rb"\s*embeddings\s*:?\s*\{")
LOOKED_AT = 20  # lines
LONGEST_COUNT = 12  # figures
COUNTS = re.compile(rb"\s*\d+\s+\d+\s*")
CONTROL = bytes([*range(9), *range(14, 32)])


def name_of(path: Path) -> str:
    """The name in `core.formats.registry.FORMATS` of what `path` is.

    Raises `ProblemError` with `NoSuchFile`, `FileUnreadable` or `UnknownFormat`; `IsFolder` of a
    folder without a table.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            found = _of_folder(path)
        elif stat.S_ISREG(mode):  # a named pipe would wait for a writer
            found = _of_file(path)
        else:
            raise ProblemError(NoSuchFile(str(path)))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ProblemError(NoSuchFile(str(path))) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemError(FileUnreadable(str(path), reason)) from error
    except ValueError as error:  # a path with a NUL in it
        raise ProblemError(NoSuchFile(str(path))) from error
    if found is None:
        is_folder = stat.S_ISDIR(mode)
        raise ProblemError(IsFolder(str(path)) if is_folder else UnknownFormat(str(path)))
    return found


def _of_folder(path: Path) -> str | None:
    if (path / PROJECTOR_CONFIG).is_file():
        return "projector"
    return "hugging-face" if (path / "config.json").is_file() else None


def _of_file(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if path.name == PROJECTOR_CONFIG or EMBEDDINGS.match(head):
        return "projector"
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith(b"PK\x03\x04"):
        return _of_archive(path)
    if head.startswith(b"PAR1"):
        return "parquet"
    # Eight bytes of length, below 2^32, then JSON.
    if head[4:9] == b"\0\0\0\0{":
        return "safetensors"
    if head.startswith(GZIP):
        head = _unpacked(head)
    elif LEGACY_CHECKPOINT.match(head):
        return "checkpoint"
    return of_text(head)


def _of_archive(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return {".npz": "npz", ".pt": "checkpoint", ".pth": "checkpoint"}.get(
            path.suffix.casefold()
        )
    if any(name.endswith("/data.pkl") for name in names):
        return "checkpoint"
    return "npz" if any(name.endswith(".npy") for name in names) else None


def _unpacked(head: bytes) -> bytes:
    """The first bytes of what the gzip file that begins with `head` holds."""
    unpacker, found = zlib.decompressobj(wbits=31), b""
    try:  # a little at a time, so that what comes before damage is there
        for start in range(0, len(head), PACKED):
            found += unpacker.decompress(head[start : start + PACKED])
            if len(found) >= HEAD:
                break
    except zlib.error:
        return found
    return found


def of_text(head: bytes) -> str | None:
    """The format of the text, or of the word2vec binary, that begins with `head`."""
    first, _, rest = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    if COUNTS.fullmatch(first):
        return _of_word2vec(int(first.split()[1][:LONGEST_COUNT]), rest)
    if b"\0" in head:
        return None  # nor UTF-16
    fields = first.split()
    if b"\t" in first:
        return "tsv"
    if len(fields) > 1 and all(map(_is_number, fields[1:][-2:])):
        return "csv" if _begin_with_fractions(head) else "glove"
    return "csv" if b"," in first or b";" in first else None


def _of_word2vec(columns: int, rest: bytes) -> str:
    """Text or binary, by what follows the first line."""
    line, line_end, _ = rest.partition(b"\n")
    numbers = line.split()[-columns if line_end else 1 : None if line_end else -1]
    if len(numbers) > 1 and all(map(_is_number, numbers)):
        return "word2vec-text"
    if rest.translate(None, CONTROL) != rest:
        return "word2vec-binary"
    # Numbers in binary may look like any text, but hardly ever like UTF-8.
    return "word2vec-text" if _is_utf8(rest) else "word2vec-binary"


def _begin_with_fractions(head: bytes) -> bool:
    """Whether the first lines hold numbers only: a token may be 7 or even 0.5, but hardly all."""
    begins = [line.split()[0] for line in head.split(b"\n")[:LOOKED_AT] if line.strip()]
    return all(b"." in each and _is_number(each) for each in begins)


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _is_number(field: bytes) -> bool:
    return bool(field) and not field.strip(NUMBER_BYTES)
