"""Files of the user's: what is read, and what is said of those that cannot be."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import textfile
from core.problem import Problem
from core.problems import (
    EmptyFile,
    FileTooLarge,
    FileUnreadable,
    IsFolder,
    NoSuchFile,
    NotUtf8,
    ProblemError,
)
from core.progress import Cancelled
from core.textfile import CHUNK, read_text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "text.txt"


def problem_of(path: Path, limit: int = textfile.LIMIT) -> Problem:
    with pytest.raises(ProblemError) as raised:
        read_text(path, limit=limit)
    return raised.value.problem


def test_reads_text_and_drops_the_byte_order_mark(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbfyou\r\n" + "한국어 👩‍👩‍👧\n".encode())

    assert read_text(path) == "you\r\n한국어 👩‍👩‍👧\n"


def test_characters_cut_at_a_chunk_border_are_whole(path: Path) -> None:
    text = "a" * (CHUNK - 1) + "한" * CHUNK
    path.write_text(text, encoding="utf-8")

    assert read_text(path) == text


@pytest.mark.parametrize(
    ("data", "byte"),
    [
        (b"abc\xff", 3),
        (b"\xff\xfea\x00", 0),  # UTF-16
        (b"ab\x00\xff", 2),  # a NUL before the invalid byte
        (b"ab\xed\x95", 2),  # the last character is incomplete
        (b"ab\xed\x95\x00", 2),
        (b"ab\xed\xa0\x80", 2),  # half a surrogate pair
        (b"\xef\xbb\xbfa\xff", 4),  # the byte order mark has bytes too
    ],
)
def test_says_at_which_byte_it_stops_being_utf_8(path: Path, data: bytes, byte: int) -> None:
    path.write_bytes(data)

    assert problem_of(path) == NotUtf8(str(path), byte)


@pytest.mark.parametrize("before", range(CHUNK - 4, CHUNK + 2))
@pytest.mark.parametrize("broken", [b"\xed\x95\xff", b"\xf0\x9f\x91", b"\x00"])
def test_the_byte_is_right_around_a_chunk_border(path: Path, before: int, broken: bytes) -> None:
    path.write_bytes(b"a" * before + broken + b"tail")

    assert problem_of(path) == NotUtf8(str(path), before)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=24))
def test_agrees_with_python_on_any_bytes(
    monkeypatch: pytest.MonkeyPatch, path: Path, data: bytes
) -> None:
    monkeypatch.setattr(textfile, "CHUNK", 3)
    path.write_bytes(data)
    nul = data.find(b"\0")
    try:
        text, byte = (data if nul < 0 else data[:nul]).decode(), nul
    except UnicodeDecodeError as error:
        text, byte = "", error.start

    if byte >= 0:
        assert problem_of(path) == NotUtf8(str(path), byte)
    elif not text.removeprefix("\ufeff").strip():
        assert problem_of(path) == EmptyFile(str(path))
    else:
        assert read_text(path) == text.removeprefix("\ufeff")


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\u3000\r\n"])
def test_a_file_without_a_token_is_empty(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")

    assert problem_of(path) == EmptyFile(str(path))


def test_what_is_not_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "file").write_text("a")

    for path in (tmp_path / "none", pipe, tmp_path / "file" / "in", Path("a\0b")):
        assert problem_of(path) == NoSuchFile(str(path))
    assert problem_of(tmp_path) == IsFolder(str(tmp_path))


def test_what_the_system_refuses(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    path.write_text("a")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    # Not by taking the permission away: the superuser may read all the same.
    monkeypatch.setattr(Path, "open", refuse)
    assert problem_of(path) == FileUnreadable(str(path), "Permission denied")


def test_a_file_over_the_limit_is_not_read(path: Path) -> None:
    path.write_bytes(b"12345")

    assert read_text(path, limit=5) == "12345"
    assert problem_of(path, limit=4) == FileTooLarge(str(path), 5, 4)


def test_a_file_that_grows_over_the_limit_while_it_is_read(path: Path) -> None:
    path.write_bytes(b"a" * CHUNK)

    def grow(done: int, _: int) -> bool:
        if done == 0:
            with path.open("ab") as file:
                file.write(b"a" * CHUNK)
        return True

    with pytest.raises(ProblemError) as raised:
        read_text(path, grow, limit=CHUNK)
    assert raised.value.problem == FileTooLarge(str(path), 2 * CHUNK, CHUNK)


def test_tells_how_far_it_is_in_bytes(path: Path) -> None:
    path.write_bytes(b"a" * (2 * CHUNK + 5))
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> bool:
        seen.append((done, total))
        return True

    read_text(path, note)

    total = 2 * CHUNK + 5
    assert seen == [(0, total), (CHUNK, total), (2 * CHUNK, total), (total, total)]


def test_stops_when_told(path: Path) -> None:
    path.write_bytes(b"a" * (2 * CHUNK))

    with pytest.raises(Cancelled):
        read_text(path, lambda done, _: done < CHUNK)
