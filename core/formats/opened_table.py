"""What reading a table's file gives, and what may be chosen before: the same for every format."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.tokenizer_file import PAD_NAMES, UNK_NAMES

LARGEST = 16 * 2**30
"""Bytes that a table may have in memory or mapped."""

TABLE_DTYPES = ("float16", "bfloat16", "float32", "float64")


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """One tensor of a file: told by its header, without reading it.

    In text and in columns the file is one tensor called "", whose number of rows is -1 where only
    reading all of it would tell.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def is_table(self) -> bool:
        """Whether it can be read: rows and columns of floating-point numbers."""
        rows_and_columns = len(self.shape) == 2 and 0 not in self.shape
        return rows_and_columns and self.dtype in TABLE_DTYPES


@dataclass(frozen=True, slots=True)
class Choice:
    """What is read of a file.

    `tensor`: the name of one of several. `tokens`: a file with the tokens, where the table has
    none or others: tokenizer.json, a list with a token a line (vocab.txt), or a JSON list or
    mapping. `token_column`: the title of the column with the tokens, in CSV, TSV and Parquet.
    `duplicates`: of rows with the same token, keep the first, instead of refusing the file.
    `most_rows`: read no more than so many, for a preview.
    """

    tensor: str | None = None
    tokens: Path | None = None
    token_column: str | None = None
    duplicates: Literal["refuse", "first"] = "refuse"
    most_rows: int | None = None


@dataclass(frozen=True, eq=False)
class OpenedTable:
    """Rows (V, D) in the dtype they were stored in, read-only, and the token of each, if known.

    The rows are mapped where the format allows it: who trains on them copies them first.
    `padding_idx` is what the file itself says; `unk_id` and `pad_id` are recognised by their names.
    bfloat16, which numpy lacks, is widened to float32.
    """

    rows: NDArray[Any]
    tokens: Sequence[str] | None = None
    padding_idx: int | None = None

    @property
    def unk_id(self) -> int | None:
        """The row called `<unk>`, or as other libraries call it."""
        return first_of(UNK_NAMES, self.tokens)

    @property
    def pad_id(self) -> int | None:
        """The row called `<pad>`, or as other libraries call it."""
        return first_of(PAD_NAMES, self.tokens)

    def names(self) -> Sequence[str]:
        """The token of each row, or its id where the rows have none."""
        return [str(id_) for id_ in range(len(self.rows))] if self.tokens is None else self.tokens

    def not_finite(self) -> NDArray[np.int64]:
        """The rows that hold NaN or infinity, ascending: int64 (n,)."""
        found = [
            start + np.flatnonzero(~np.isfinite(self.rows[start : start + 4096]).all(axis=1))
            for start in range(0, len(self.rows), 4096)
        ]
        return np.concatenate(found) if found else np.zeros(0, np.int64)


def first_of(names: Sequence[str], tokens: Sequence[str] | None) -> int | None:
    """The id of the first of `names` that is a token."""
    return next((tokens.index(name) for name in names if name in tokens), None) if tokens else None
