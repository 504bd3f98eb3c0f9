"""k-means of a table's rows, found by a process of its own: the window never loads scikit-learn.

The process gets the rows it is to group, all or an even part of them, and answers their centres;
which centre a row is nearest to is then found for every row of any later step (see
`core.colour_values`). Imports only the standard library, msgspec and numpy.
"""

import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import IO, Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.covariance import Rows, usable
from core.messages import LENGTH, Array
from core.problems import ClusteringFailed, ProblemError

COMMAND = (sys.executable, "-P", "-m", "core.clustering")

MOST_ROWS = 20_000
MOST_VALUES = 2**22
"""Of a larger table only a part is grouped: no more rows, nor values, than these."""

FEWEST, MOST = 2, 12
"""How many clusters can be asked for."""


class Grouping(Struct, frozen=True):
    """Group `rows` (n, D) in `count` clusters.

    `before` (j, D) are the centres so far, None to begin anew: a cluster that goes on keeps its
    number. `thorough`: look for better ones from other beginnings too.
    """

    rows: Array
    count: int
    before: Array | None = None
    thorough: bool = True


class Centres(Struct, frozen=True):
    """The centres (k, D); fewer than were asked for where there are not as many different rows."""

    rows: Array


def pack(message: Grouping | Centres) -> bytes:
    """`message` as it goes over the pipe, length first."""
    body = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(body)) + body


def read_body(stream: IO[bytes]) -> bytes | None:
    """The body of the next message; None at the end of `stream`."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


@dataclass(frozen=True, eq=False)
class Part:
    """`rows` (n, D), float32 at the least, taken evenly from the `of` usable rows of a table."""

    rows: NDArray[np.floating[Any]]
    of: int


def part_of(table: Rows) -> Part:
    """A copy of the rows of `table` (V, D) that are grouped: all that are usable, if they are few.

    Of more, as many as may be, evenly spaced by id, the same ones each time.
    """
    ids = np.flatnonzero(usable(table))
    most = max(MOST, min(MOST_ROWS, MOST_VALUES // max(1, table.shape[1])))
    chosen = ids
    if len(ids) > most:
        chosen = ids[np.linspace(0, len(ids) - 1, most).astype(np.intp)]
    dtype = np.promote_types(table.dtype, np.float32)
    return Part(table[chosen].astype(dtype), len(ids))


class ClusteringProcess:
    """The process, from outside; it starts with the first question. One thread asks at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    def centres(
        self,
        rows: NDArray[np.floating[Any]],
        count: int,
        before: NDArray[np.floating[Any]] | None = None,
        *,
        thorough: bool = True,
    ) -> NDArray[np.floating[Any]]:
        """The centres (k, D) of `rows` (n, D), n > 0; see `Grouping`.

        Raises `ProblemError(ClusteringFailed)` if the process ends before it answers.
        """
        known = None if before is None else Array.of(before)
        try:
            answer = self._ask(pack(Grouping(Array.of(rows), count, known, thorough)))
        except (OSError, EOFError, msgspec.DecodeError) as error:
            self._end()
            raise ProblemError(ClusteringFailed(str(error))) from None
        return answer.rows.numpy()

    def close(self) -> None:
        """End the process, from any thread; whoever waits for it gets `ClusteringFailed`."""
        self._closed = True
        self._end()

    def _ask(self, question: bytes) -> Centres:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question)
        process.stdin.flush()
        body = read_body(process.stdout)
        if body is None:
            raise EOFError(f"exit status {process.wait()}")
        return msgspec.msgpack.decode(body, type=Centres)

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise EOFError("closed")
            if self._process is None:
                pipe = subprocess.PIPE
                self._process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe)
            return self._process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
