"""numpy's .npy, mapped; the tokens stand beside it in NAME.tokens.txt, one a line."""

from contextlib import ExitStack
from math import prod
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from core.formats.finishing import chosen, finished
from core.formats.opened_table import LARGEST, Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.tokens_file import tokens_of, write_beside
from core.problems import BrokenTable, FileTooLarge, ProblemError
from core.progress import Progress, report
from core.whole_file import refusals_of, settle, whole_text

UNSOUND = (ValueError, TypeError, OverflowError, EOFError, SyntaxError, TokenError, RecursionError)
"""What numpy raises on a header that is damaged, besides `OSError`: it is Python's own syntax."""


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The one array of `path`. Raises `ProblemError`."""
    rows = _mapped(path)
    return (TensorInfo("", rows.shape, rows.dtype.name),)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table in `path`, mapped, with the tokens beside it. Raises `ProblemError`."""
    rows = _mapped(path)
    chosen(path, [TensorInfo("", rows.shape, rows.dtype.name)], choice.tensor)
    report(progress, rows.nbytes, rows.nbytes)
    return finished(path, rows, tokens_of(path, choice), choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write `path`, and NAME.tokens.txt beside it: both or neither.

    Raises `OSError`, `Cancelled` and `ProblemError(CannotHold)`.
    """
    rows = table.rows
    described = {
        "descr": npy_format.dtype_to_descr(rows.dtype),
        "fortran_order": False,
        "shape": rows.shape,
    }
    with ExitStack() as stack:
        file = stack.enter_context(whole_text(path))
        npy_format.write_array_header_1_0(file.buffer, described)
        for piece in pieces_of(rows, progress):
            file.buffer.write(piece.tobytes())
        settle(file)
        write_beside(path, table, stack)


def _check(path: Path) -> None:
    """Raise `ProblemError` where numpy would speak of mapping and of overflow."""
    with path.open("rb") as file:
        reading = {(1, 0): npy_format.read_array_header_1_0}
        read_header = reading.get(npy_format.read_magic(file), npy_format.read_array_header_2_0)
        try:
            shape, _, dtype = read_header(file)
        except ValueError as error:
            if not file.read(1):
                raise ValueError("it ends in its header") from error
            raise
        if dtype.hasobject:
            detail = "it holds Python's objects, not numbers"
            raise ProblemError(BrokenTable(str(path), "code", detail=detail))
        size = prod(shape) * dtype.itemsize
        room = path.stat().st_size - file.tell()
    if min(shape, default=0) < 0:
        raise ValueError("its header claims fewer rows or columns than none")
    if size > LARGEST:
        raise ProblemError(FileTooLarge(str(path), size, LARGEST))
    if size > room:
        whole = room // (size // shape[0]) if shape else 0
        raise ProblemError(BrokenTable(str(path), "truncated", whole))


def _mapped(path: Path) -> NDArray[Any]:
    try:
        with refusals_of(path):
            # No objects: those are pickled, and pickles can hold code.
            _check(path)
            rows: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except UNSOUND as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ProblemError(BrokenTable(str(path), "damaged", detail=reason)) from error
    return rows
