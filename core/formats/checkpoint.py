"""PyTorch checkpoints, read with `weights_only=True` in a process that alone loads torch.

The tokens stand beside them in NAME.tokens.txt, one a line.
"""

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from core.formats.finishing import chosen, finished
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.pieces import pieces_of
from core.formats.tokens_file import tokens_of, write_beside
from core.problems import BrokenTable, FileUnreadable, ProblemError
from core.progress import Progress, report
from core.whole_file import refusals_of, settle, whole_text

PROGRAM = (sys.executable, "-P", "-m", "core.formats.checkpoint_process")
PIECE = 2**20  # bytes
LONGEST_ANSWER = 2**26
PATIENCE = 60  # seconds
SLOWEST = 20e6  # bytes a second


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tensors of `path`, nested names joined by dots. Raises `ProblemError`."""
    _check_archive(path)
    with _process("read", str(path.absolute())) as process:
        return _described(path, process, None)


def read(path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
    """The table of `path` that is chosen; raises `ProblemError` and `Cancelled`.

    Its numbers are mapped from a file without a name.
    """
    _check_archive(path)
    with _process("read", str(path.absolute())) as process:
        table = chosen(path, _described(path, process, progress), choice.tensor)
        into = cast(BinaryIO, process.stdin)
        into.write(json.dumps(table.name).encode() + b"\n")
        into.flush()
        rows = _received(path, process, _answer(path, process, progress), progress)
    return finished(path, rows, tokens_of(path, choice), choice)


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Write a state_dict with one tensor, "weight", as `nn.Embedding` loads it.

    Raises `OSError`, `Cancelled` and `ProblemError`.
    """
    rows = table.rows
    with ExitStack() as stack:
        file = stack.enter_context(whole_text(path))
        process = stack.enter_context(_process("write", *map(str, rows.shape), rows.dtype.name))
        into, out = cast(BinaryIO, process.stdin), cast(BinaryIO, process.stdout)
        try:
            for piece in pieces_of(rows, progress):
                into.write(piece.tobytes())
            into.close()
        except BrokenPipeError:
            pass  # it ended: its status is told below
        while data := out.read(PIECE):
            file.buffer.write(data)
        if process.wait():
            raise ProblemError(FileUnreadable(str(path), f"torch ended ({process.returncode})"))
        settle(file)
        write_beside(path, table, stack)


@contextmanager
def _process(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The process with torch; it is gone in the end."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue  # what was still to be sent is of no use any more
        process.wait()


def _described(
    path: Path, process: "subprocess.Popen[bytes]", progress: Progress | None
) -> tuple[TensorInfo, ...]:
    tensors = _answer(path, process, progress)["tensors"]
    return tuple(TensorInfo(name, tuple(shape), dtype) for name, shape, dtype in tensors)


def _answer(
    path: Path, process: "subprocess.Popen[bytes]", progress: Progress | None
) -> dict[str, Any]:
    line = _line(path, process, progress)
    if not line.endswith(b"\n"):
        how = f"torch ended with status {process.wait()}"
        raise ProblemError(BrokenTable(str(path), "damaged", detail=how))
    answer: dict[str, Any] = json.loads(line)
    if "fault" in answer:
        raise ProblemError(BrokenTable(str(path), answer["fault"], detail=answer["detail"]))
    return answer


def _line(path: Path, process: "subprocess.Popen[bytes]", progress: Progress | None) -> bytes:
    """The next line that the process prints, waited for so that `progress` can stop it."""
    lines: Queue[bytes] = Queue()
    out, size = cast(BinaryIO, process.stdout), path.stat().st_size
    Thread(target=lambda: lines.put(out.readline(LONGEST_ANSWER)), daemon=True).start()
    end = time.monotonic() + PATIENCE + size / SLOWEST
    while time.monotonic() < end:
        report(progress, 0, max(size, 1))  # loading torch takes seconds
        try:
            return lines.get(timeout=0.1)
        except Empty:
            continue
    detail = "torch was still not done after a minute"
    raise ProblemError(BrokenTable(str(path), "damaged", detail=detail))


def _received(
    path: Path,
    process: "subprocess.Popen[bytes]",
    answer: dict[str, Any],
    progress: Progress | None,
) -> NDArray[Any]:
    shape, dtype = (answer["rows"], answer["columns"]), np.dtype(answer["dtype"])
    size = shape[0] * shape[1] * dtype.itemsize
    done = 0
    with refusals_of(Path(tempfile.gettempdir())), tempfile.TemporaryFile() as file:
        while data := cast(BinaryIO, process.stdout).read(PIECE):
            file.write(data)
            done += len(data)
            report(progress, done, size)
        file.flush()
        if done != size:
            raise ProblemError(BrokenTable(str(path), "damaged", detail="torch ended too early"))
        return np.memmap(file, dtype, "r", shape=shape)


def _check_archive(path: Path) -> None:
    """torch stores its files unpacked; what is packed, or there twice, could unpack to anything."""
    with refusals_of(path), path.open("rb") as file:
        if file.read(2) != b"PK":
            return
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise ProblemError(BrokenTable(str(path), "damaged", detail=str(error))) from error
    size = path.stat().st_size
    packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    if packed or sum(member.file_size for member in members) > size:
        raise ProblemError(BrokenTable(str(path), "bomb", detail=f"{size / 1e6:,.1f} MB"))
