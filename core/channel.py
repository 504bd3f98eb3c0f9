"""A child process's end of the pipe: commands come in, reports go out, and nothing else does."""

import os
import queue
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from io import BufferedReader
from typing import BinaryIO, Generic, TypeVar

import msgspec

from core.wire import MessageSplitter

READ_SIZE = 2**20

C = TypeVar("C")


class InputClosedError(Exception):
    """The other side has gone."""


def open_channel() -> tuple[BufferedReader, BinaryIO]:
    """Keep standard input and output for messages: (where commands come, where reports go).

    Whatever prints goes to standard error from now on, and cannot corrupt the channel; Ctrl+C is
    for the window, which ends us.
    """
    reports = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return os.fdopen(os.dup(0), "rb"), reports


class Inbox(Generic[C]):
    """Commands from a stream, read by a thread so that the work never waits for them."""

    def __init__(
        self, stream: BufferedReader, unpack: Callable[[bytes], C], superseding: type[C]
    ) -> None:
        """`unpack` makes a command of a message's body; each `superseding` one ends the last."""
        self._stream = stream
        self._unpack = unpack
        self._superseding = superseding
        self._commands: queue.SimpleQueue[C | None] = queue.SimpleQueue()
        self._read_so_far = self._taken = 0  # of the superseding ones
        self._ended = False
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self, wait: float | None) -> Iterator[C]:
        """Yield the commands there are, after at most `wait` seconds (None: until one comes).

        Raises `InputClosedError` at the end of the stream.
        """
        while wait != 0 or not self._commands.empty():
            try:
                command = self._commands.get(timeout=wait)
            except queue.Empty:
                return
            if command is None:
                raise InputClosedError
            self._taken += isinstance(command, self._superseding)
            yield command
            wait = 0

    def superseded(self) -> bool:
        """Whether another superseding command, or the end, is waiting."""
        return self._ended or self._read_so_far > self._taken

    def _read(self) -> None:
        splitter = MessageSplitter()
        try:
            while data := self._stream.read1(READ_SIZE):
                for body in splitter.feed(data):
                    command = self._unpack(body)
                    self._read_so_far += isinstance(command, self._superseding)
                    self._commands.put(command)
        except (msgspec.DecodeError, ValueError):
            # Not commands: nothing after this can be trusted, so it counts as the end.
            traceback.print_exc()
        finally:
            self._ended = True
            self._commands.put(None)


def last_line(error: BaseException) -> str:
    """What `error` says, as the last line of its traceback does."""
    return traceback.format_exception_only(error)[-1].strip()
