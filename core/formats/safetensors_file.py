"""Writes a table as a safetensors file: one tensor `weight`, the tokens in the metadata."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from core.problems import FileUnreadable, ProblemError

WEIGHT = "weight"
TOKENS = "tokens"


def write_table(
    path: Path, rows: NDArray[np.floating], tokens: Sequence[str], padding_idx: int | None = None
) -> None:
    """Write `rows` (V, D) in their own dtype, and `tokens` (V,) as a JSON list in the metadata.

    The file appears whole or not at all. Raises `ProblemError` with `FileUnreadable`.
    """
    if len(tokens) != len(rows):
        raise ValueError(f"{len(tokens)} tokens for {len(rows)} rows")
    metadata = {TOKENS: json.dumps(list(tokens), ensure_ascii=False)}
    if padding_idx is not None:
        metadata["padding_idx"] = str(padding_idx)
    data = save({WEIGHT: np.ascontiguousarray(rows)}, metadata)
    try:
        _write_whole(path, data)
    except OSError as error:
        raise ProblemError(FileUnreadable(str(path), error.strerror or str(error))) from error


def _write_whole(path: Path, data: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
    try:
        temporary.write_bytes(data)
        # A temporary file is for its owner alone; this one shall be like any new file.
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
