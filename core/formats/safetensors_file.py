"""Writes a table as a safetensors file: one tensor `weight`, the tokens in the metadata."""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from core.formats.opened_table import OpenedTable
from core.formats.pieces import pieces_of
from core.progress import Progress
from core.whole_file import refusals_of, whole_text

WEIGHT = "weight"
TOKENS = "tokens"
ALIGNMENT = 8  # bytes that the header's length is a multiple of
DTYPES = {"float16": "F16", "float32": "F32", "float64": "F64"}


def write_table(
    path: Path, rows: NDArray[Any], tokens: Sequence[str], padding_idx: int | None = None
) -> None:
    """Write `rows` (V, D) in their own dtype, and `tokens` (V,) as a JSON list in the metadata.

    The file appears whole or not at all. Raises `ProblemError` with `FileUnreadable`.
    """
    if len(tokens) != len(rows):
        raise ValueError(f"{len(tokens)} tokens for {len(rows)} rows")
    with refusals_of(path):
        write(path, OpenedTable(rows, tokens, padding_idx))


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `table`, without a copy of it in memory; raises `OSError` and `Cancelled`."""
    header = _header(table)
    with whole_text(path) as file:
        file.buffer.write(struct.pack("<Q", len(header)) + header)
        for piece in pieces_of(table.rows, progress):
            file.buffer.write(piece.astype(piece.dtype.newbyteorder("<"), copy=False).tobytes())


def _header(table: OpenedTable) -> bytes:
    metadata = {}
    if table.tokens is not None:
        # Half a character, which a user's tokenizer may have, is written as an escape of JSON.
        listed = json.dumps(list(table.tokens), ensure_ascii=False)
        metadata[TOKENS] = listed if _is_utf8(listed) else json.dumps(list(table.tokens))
    if table.padding_idx is not None:
        metadata["padding_idx"] = str(table.padding_idx)
    rows = table.rows
    described = {
        "__metadata__": metadata,
        WEIGHT: {
            "dtype": DTYPES[rows.dtype.name],
            "shape": list(rows.shape),
            "data_offsets": [0, rows.nbytes],
        },
    }
    if not metadata:
        del described["__metadata__"]
    header = json.dumps(described, ensure_ascii=False).encode()
    return header + b" " * (-len(header) % ALIGNMENT)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
