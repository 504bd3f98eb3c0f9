"""A process of ours that takes commands and gives reports, for a program that waits for it."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Generic, Self, TypeVar

from core.problems import EngineFailed, ProblemError
from core.wire import MessageSplitter

READ_SIZE = 2**20

R = TypeVar("R")


def command_for(module: str) -> tuple[str, ...]:
    """What starts `module`.

    -P keeps a folder named core, where the user happens to stand, from being run instead.
    """
    return (sys.executable, "-P", "-m", module)


class Child(Generic[R]):
    """One process, which blocks until it answers; use it in a `with` statement."""

    def __init__(self, name: str, command: Sequence[str], unpack: Callable[[bytes], R]) -> None:
        """Start `command`; `unpack` makes a report of a message's body."""
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._name, self._unpack = name, unpack
        self._splitter = MessageSplitter()
        self._reports: list[R] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process by closing its input, and wait for it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def write(self, message: bytes) -> None:
        """Send `message`; raises `ProblemError(EngineFailed)` if the process has gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(message)
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def next_report(self) -> R:
        """The next report; raises `ProblemError(EngineFailed)` if the process has gone."""
        assert self.process.stdout is not None
        while not self._reports:
            data = os.read(self.process.stdout.fileno(), READ_SIZE)
            if not data:
                raise self._gone()
            self._reports += map(self._unpack, self._splitter.feed(data))
        return self._reports.pop(0)

    def _gone(self) -> ProblemError:
        return ProblemError(EngineFailed(f"the {self._name} has ended"))
