"""The tokens of a table that stand in a file of their own, in any of the ways that is done."""

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from core.formats.opened_table import Choice, OpenedTable
from core.problems import BadTokenizer, CannotHold, ProblemError
from core.textfile import read_text
from core.tokenizer_file import LARGEST_ID, read_tokenizer_file
from core.vocabulary_config import unused_names
from core.whole_file import whole_text

LIMIT = 2**30
LARGEST_JSON = 2**28
BESIDE = ".tokens.txt"
TITLES = ("token", "word", "label", "name")


@dataclass(frozen=True)
class Tokens:
    """The tokens of a file, by id.

    `title` is the first line of a list, where it may be the title of a column and may be a token.
    `may_be_fewer` tells of a tokenizer's file: its model's table is often rounded up to more rows.
    """

    tokens: tuple[str, ...]
    title: str | None = None
    may_be_fewer: bool = False


def read_tokens(path: Path) -> Tokens:
    """The tokens in `path`: tokenizer.json, a JSON list or mapping of token to id, or lines.

    Of a line with tabs the first field is the token, and the first line may be a title. Raises
    `ProblemError`.
    """
    text = read_text(path, limit=LIMIT)
    if text.lstrip()[:1] in ("{", "[") and path.suffix.casefold() == ".json":
        return _of_json(path, text)
    # A token may hold any character that is no line end: U+2028, a form feed …
    lines = text.removesuffix("\n").split("\n")
    if any(line.endswith("\r") for line in lines[:1]):
        lines = [line.removesuffix("\r") for line in lines]
    if "\t" not in lines[0] or path.name.endswith(BESIDE):
        return Tokens(tuple(lines), may_be_fewer=path.name == "vocab.txt")
    titles = [title.casefold() for title in lines[0].split("\t")]
    column = next((titles.index(title) for title in TITLES if title in titles), 0)
    fields = [(line.split("\t") + [""] * column)[column] for line in lines]
    return Tokens(tuple(fields[1:]), fields[0])


def _of_json(path: Path, text: str) -> Tokens:
    if len(text) > LARGEST_JSON:
        raise ProblemError(BadTokenizer(str(path), "it is too large"))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProblemError(BadTokenizer(str(path), f"it is no JSON ({error})")) from error
    if isinstance(content, dict) and "model" in content:
        return Tokens(read_tokenizer_file(path).tokens, may_be_fewer=True)
    if isinstance(content, list) and all(isinstance(token, str) for token in content):
        return Tokens(tuple(content))
    if isinstance(content, dict) and content and all(_is_id(id_) for id_ in content.values()):
        if len(set(content.values())) < len(content):
            raise ProblemError(BadTokenizer(str(path), "several tokens have the same id"))
        return Tokens(_by_id(content), may_be_fewer=True)
    raise ProblemError(BadTokenizer(str(path), "it is neither a list of tokens nor token: id"))


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_ID


def _by_id(ids: Mapping[str, int]) -> tuple[str, ...]:
    tokens: list[str | None] = [None] * (max(ids.values()) + 1)
    for token, id_ in ids.items():
        tokens[id_] = token
    names = unused_names(ids)
    return tuple(next(names) if token is None else token for token in tokens)


def tokens_beside(path: Path) -> Path:
    """Where the tokens of `path` are kept, whose format has no place for them."""
    return path.with_suffix(BESIDE)


def tokens_of(path: Path, choice: Choice) -> Sequence[str] | None:
    """The tokens beside `path`, None if there are none or others are chosen."""
    beside = tokens_beside(path)
    if choice.tokens is not None or not beside.is_file():
        return None
    return read_tokens(beside).tokens


def write_beside(path: Path, table: OpenedTable, stack: ExitStack) -> None:
    """Write the tokens of `table` beside `path`; they appear when `stack` ends, or not at all.

    Those of the file that `path` takes the place of would be taken for its own: they go, if it has
    none.
    """
    beside = tokens_beside(path)
    if table.tokens is not None:
        write_list(beside, stack.enter_context(whole_text(beside)), table.tokens)
        return

    def forget(raised: type[BaseException] | None, *_: object) -> None:
        if raised is None:
            beside.unlink(missing_ok=True)

    stack.push(forget)


def write_list(path: Path, file: TextIO, tokens: Sequence[str]) -> None:
    """Write `tokens` to `file`, which will be `path`, one a line.

    Raises `OSError`, and `ProblemError(CannotHold)` for a token that would not be read again.
    """
    for row, token in enumerate(tokens):
        check_line(path, token, row)
        file.write(f"{token}\n")


def check_line(path: Path, token: str, row: int) -> None:
    """Raise `ProblemError(CannotHold)` unless `token` can stand in a line of text."""
    if "\n" in token or "\r" in token or "\0" in token:
        raise ProblemError(CannotHold(str(path), "token-with-line-end", token, row))
    check_whole(path, token, row)


def check_whole(path: Path, token: str, row: int) -> None:
    """Raise `ProblemError(CannotHold)` for a token that UTF-8 cannot write: half a character."""
    if not token.isascii() and any("\ud800" <= character <= "\udfff" for character in token):
        printable = token.encode("utf-8", "replace").decode()
        raise ProblemError(CannotHold(str(path), "half-a-character", printable, row))
