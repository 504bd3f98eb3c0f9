"""Drives an engine process from a plain program: the command line, a script, a test."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.config import RunConfig
from core.messages import (
    Acknowledge,
    Array,
    Build,
    Change,
    Changed,
    Command,
    EncodedCorpus,
    Event,
    Frame,
    MakeChange,
    Mapped,
    MessageSplitter,
    Ready,
    Refused,
    Report,
    Seek,
    Step,
    Stopped,
    pack,
    unpack_report,
)
from core.problems import EngineFailed, ProblemError
from core.rows import MappedRows, RowBuffer

R = TypeVar("R", bound=Report)

ENGINE = (sys.executable, "-P", "-m", "core.engine")


class EngineClient:
    """One engine process, which blocks until it answers; use it in a `with` statement."""

    def __init__(self) -> None:
        """Start the engine."""
        self._folder = tempfile.TemporaryDirectory(prefix="embedscope-")
        self.process = subprocess.Popen(ENGINE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._splitter = MessageSplitter()
        self._reports: list[Report] = []
        self._run = self._changes = 0
        self._mapped: MappedRows | None = None
        self.frame: Frame | None = None
        self.ready = self._wait_for(Ready)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def build(
        self,
        config: RunConfig,
        corpus: EncodedCorpus,
        values: NDArray[Any] | None = None,
        events: tuple[Event, ...] = (),
        step: int = 0,
        keyframes: Path | None = None,
    ) -> Frame:
        """Build a run and bring it to `step`; raises `ProblemError` if the engine refuses it.

        Its keyframes go to `keyframes`, which is its own, or to a folder that goes with us.
        """
        self._run += 1
        given = None if values is None else Array.of(values)
        folder = keyframes or Path(self._folder.name) / str(self._run)
        self.send(Build(self._run, config, corpus, str(folder), given, events, step))
        return self._next_frame()

    def train(self, steps: int) -> Iterator[Frame]:
        """Do `steps` steps; yields a frame now and then, and the last step's as the last.

        A run that stops by itself raises its `ProblemError`.
        """
        assert self.frame is not None
        goal = self.frame.step + steps
        self.send(Step(steps))
        while self.frame.step < goal:
            yield self._next_frame()

    def change(self, change: Change) -> Event:
        """Make `change`; raises `ProblemError` if it is refused. Returns it with its step."""
        self._changes += 1
        self.send(MakeChange(self._changes, change))
        event = Event(self._wait_for(Changed).step, change)
        self._next_frame()
        return event

    def seek(self, step: int) -> Frame:
        """Show `step`, one that the run has come to."""
        self.send(Seek(step))
        frame = self._next_frame()
        while frame.step != step:
            frame = self._next_frame()
        return frame

    def buffer(self) -> RowBuffer:
        """The rows of the last frame, and what happened to them."""
        assert self.frame is not None
        assert self._mapped is not None
        return self._mapped.buffers[self.frame.buffer]

    def rows(self) -> NDArray[Any]:
        """A copy of the table (V, D) of the last frame."""
        return np.array(self.buffer().rows)

    def send(self, command: Command) -> None:
        """Send `command`; raises `ProblemError(EngineFailed)` if the engine has gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(pack(command))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise ProblemError(EngineFailed("the engine has ended")) from None

    def close(self) -> None:
        """End the engine by closing its input, and wait for it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self._folder.cleanup()

    def _next_frame(self) -> Frame:
        frame = self._wait_for(Frame)
        self.send(Acknowledge(frame.run, frame.number))
        self.frame = frame
        return frame

    def _wait_for(self, kind: type[R]) -> R:
        while True:
            report = self._next_report()
            match report:
                case Refused(problem) | Stopped(problem=problem):
                    raise ProblemError(problem)
                case Mapped(path=path):
                    self._mapped = MappedRows.open(Path(path))
                    self._mapped.unlink()
            if isinstance(report, kind):
                return report

    def _next_report(self) -> Report:
        assert self.process.stdout is not None
        while not self._reports:
            data = os.read(self.process.stdout.fileno(), 2**20)
            if not data:
                raise ProblemError(EngineFailed("the engine has ended"))
            self._reports += map(unpack_report, self._splitter.feed(data))
        return self._reports.pop(0)
