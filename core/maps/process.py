"""The process that makes maps: `python -P -m core.maps.process`, told what to do over a pipe.

It reads commands on standard input and writes reports on standard output (see
`core.maps.messages`), and ends when its input closes. Between two jobs it remembers nothing: a map
that goes on brings its points along, so that nothing is lost with a process that is killed.
"""

import os
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from threadpoolctl import threadpool_limits

from core.channel import Inbox, InputClosedError, last_line, open_channel
from core.looking_problems import MapRefused
from core.maps.growing import Drawn, Task, grow
from core.maps.messages import (
    Grow,
    Growing,
    Grown,
    MapCommand,
    MapFailed,
    Report,
    Stage,
    pack,
    unpack_command,
)
from core.maps.rows_file import take_rows
from core.maps.settings import MOST_PER_SECOND
from core.messages import Array
from core.problems import ProblemError
from core.progress import Cancelled

LEAST_SECONDS = 0.05
"""Between two reports of a map: more a person does not see."""


class MapMaker:
    """Carries out one command after the other; a new one ends the work under way."""

    def __init__(self, inbox: Inbox[MapCommand], output: BinaryIO) -> None:
        self._inbox = inbox
        self._output = output

    def serve(self) -> None:
        """Work until the input closes."""
        try:
            while True:
                for command in self._inbox.take(None):
                    if isinstance(command, Grow):
                        self._make(command)
        except (InputClosedError, BrokenPipeError):
            return

    def _make(self, command: Grow) -> None:
        try:
            self._send(self._map(command))
        except ProblemError as error:
            self._send(MapFailed(command.number, error.problem))
        except BrokenPipeError:
            raise
        except (ArithmeticError, ImportError, MemoryError, OSError, RuntimeError, ValueError) as e:
            # What numerical libraries raise where rows do not suit them.
            traceback.print_exc()
            refused = MapRefused("failed", command.settings.method, 0, last_line(e))
            self._send(MapFailed(command.number, refused))

    def _map(self, command: Grow) -> Grown:
        task = Task(
            take_rows(Path(command.path)),
            command.settings,
            command.plane.numpy(),
            None if command.start is None else command.start.numpy(),
            command.scale,
        )
        made = grow(task, _Teller(command.number, self._inbox, self._send).tell)
        return Grown(
            command.number,
            made.done,
            command.settings.iterations,
            made.stopped,
            None if made.points is None else Array.of(made.points),
            made.scale,
            made.neighbours,
            made.left_out,
            made.trust,
        )

    def _send(self, report: Report) -> None:
        self._output.write(pack(report))
        self._output.flush()


class _Teller:
    """Reports how far a map is, not more often than anybody sees."""

    def __init__(
        self, number: int, inbox: Inbox[MapCommand], send: Callable[[Report], None]
    ) -> None:
        self._number, self._inbox, self._send = number, inbox, send
        self._last = -LEAST_SECONDS
        self._stage: Stage | None = None
        self._began = 0.0
        self._never = threading.Event()

    def tell(self, stage: Stage, done: int, total: int, drawn: Drawn | None) -> None:
        """See `core.maps.growing.Listen`."""
        if self._inbox.superseded():
            raise Cancelled
        now = time.monotonic()
        if stage != self._stage:
            self._began = now
        elif stage == "points":
            self._never.wait(max(0.0, self._began + done / MOST_PER_SECOND - now))
            now = time.monotonic()
        if stage == self._stage and now - self._last < LEAST_SECONDS:
            return
        self._last, self._stage = now, stage
        points, scale = (None, 0.0) if drawn is None else (Array.of(drawn.points), drawn.scale)
        self._send(Growing(self._number, stage, done, total, points, scale))


def main() -> None:
    """Keep the message channel for ourselves, then serve."""
    commands, reports = open_channel()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # libraries' advice to whoever calls them
    with threadpool_limits(max(1, (os.cpu_count() or 2) - 1)):  # a core is left to the window
        MapMaker(Inbox(commands, unpack_command, MapCommand), reports).serve()
    os._exit(0)  # taking numba down takes time, for which a closing window would wait


if __name__ == "__main__":
    main()
