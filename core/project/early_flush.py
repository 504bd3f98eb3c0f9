"""Has the disk begin while a large file is still being written: the end has less to wait for."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from io import BufferedWriter
from typing import Self

EVERY = 16 * 2**20  # bytes

_flush = getattr(os, "fdatasync", os.fsync)  # macOS and Windows lack the former


class EarlyFlush:
    """Flushes `file` in a thread, again and again, until it is left; raises what the disk says."""

    def __init__(self, file: BufferedWriter) -> None:
        self._file = file
        self._pool = ThreadPoolExecutor(1, "early flush")
        self._flushing: Future[None] | None = None
        self._waiting = 0

    def wrote(self, count: int) -> None:
        """Note that `count` more bytes are written."""
        self._waiting += count
        if self._waiting >= EVERY and (self._flushing is None or self._flushing.done()):
            self._waiting = 0
            self._check()
            self._flushing = self._pool.submit(_flush, self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for what is under way: a disk tells of an error only once."""
        self._pool.shutdown()
        if kind is None:
            self._check()

    def _check(self) -> None:
        if self._flushing is not None:
            self._flushing.result()
