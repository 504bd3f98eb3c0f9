"""What every reader ends with: which tensor, whose tokens, and that these belong to the rows."""

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.tokens_file import Tokens, read_tokens
from core.problems import (
    BadTable,
    FileTooLarge,
    ProblemError,
    RepeatedToken,
    TokensDoNotFit,
    UnknownName,
    WhichTensor,
)
from core.vocabulary_config import unused_names

WEIGHT = "weight"
MOST_NAMED = 12  # tensors


def chosen(path: Path, tensors: Sequence[TensorInfo], name: str | None) -> TensorInfo:
    """The table called `name`, else the only one, else the one called "weight".

    Raises `ProblemError` with `UnknownName`, `BadTable`, `WhichTensor` or `FileTooLarge`.
    """
    tables = {each.name: each for each in tensors if each.is_table}
    if name is not None:
        if all(each.name != name for each in tensors):
            raise ProblemError(UnknownName("tensor", name, list(tables)[:MOST_NAMED]))
        if name not in tables:
            raise ProblemError(BadTable(str(path), "not-a-table", name))
        return _bounded(path, tables[name])
    if not tables:
        raise ProblemError(BadTable(str(path), "no-table"))
    if len(tables) > 1 and WEIGHT not in tables:
        named = [f"{each.name} ({each.shape[0]} × {each.shape[1]})" for each in tables.values()]
        raise ProblemError(WhichTensor(str(path), named))
    return _bounded(path, tables[WEIGHT] if WEIGHT in tables else next(iter(tables.values())))


def _bounded(path: Path, table: TensorInfo) -> TensorInfo:
    rows, columns = table.shape
    size = rows * columns * {"float64": 8, "float32": 4}.get(table.dtype, 2)
    if size > LARGEST:
        raise ProblemError(FileTooLarge(str(path), size, LARGEST))
    return table


def finished(
    path: Path,
    rows: NDArray[Any],
    tokens: Sequence[str] | None,
    choice: Choice,
    padding_idx: int | None = None,
) -> OpenedTable:
    """The table of `rows` (V, D) and their tokens, or those of the file chosen instead.

    Raises `ProblemError` with `TokensDoNotFit`, `RepeatedToken` or why the tokens cannot be read.
    """
    if not rows.dtype.isnative:
        rows = rows.astype(rows.dtype.newbyteorder("="))
    named_by = path
    if choice.tokens is not None:
        named_by = choice.tokens
        tokens = _fitted(read_tokens(choice.tokens), len(rows))
    if choice.most_rows is not None:
        rows = rows[: choice.most_rows]
        tokens = None if tokens is None else tokens[: len(rows)]
    if tokens is not None:
        if len(tokens) != len(rows):
            raise ProblemError(TokensDoNotFit(str(named_by), len(tokens), len(rows)))
        rows, tokens = _without_repeated(named_by, rows, tokens, choice)
    is_row = padding_idx is not None and -len(rows) <= padding_idx < len(rows)
    if not is_row and choice.most_rows is None:
        padding_idx = None  # a preview need not reach to it
    rows.flags.writeable = False
    return OpenedTable(rows, None if tokens is None else tuple(tokens), padding_idx)


def _fitted(tokens: Tokens, rows: int) -> Sequence[str]:
    """The tokens for `rows` rows; a model may have more rows than its tokenizer has ids."""
    if tokens.may_be_fewer and len(tokens.tokens) < rows:
        missing = rows - len(tokens.tokens)
        return (*tokens.tokens, *islice(unused_names(set(tokens.tokens)), missing))
    if tokens.title is not None and len(tokens.tokens) + 1 == rows:
        return (tokens.title, *tokens.tokens)
    return tokens.tokens


def _without_repeated(
    path: Path, rows: NDArray[Any], tokens: Sequence[str], choice: Choice
) -> tuple[NDArray[Any], Sequence[str]]:
    if len(set(tokens)) == len(tokens):
        return rows, tokens
    first: dict[str, int] = {}
    for row, token in enumerate(tokens):
        before = first.setdefault(token, row)
        if before != row and choice.duplicates == "refuse":
            raise ProblemError(RepeatedToken(str(path), token, before, row))
    return rows[list(first.values())], tuple(first)
