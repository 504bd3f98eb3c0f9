"""Drives an engine process from a plain program: the command line, a script, a test."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from core.child import Child, command_for
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
    Ready,
    Refused,
    Report,
    Seek,
    Step,
    Stopped,
    pack,
    unpack_report,
)
from core.problems import ProblemError
from core.rows import MappedRows, RowBuffer

R = TypeVar("R", bound=Report)

ENGINE = command_for("core.engine")


class EngineClient(Child[Report]):
    """One engine process, which blocks until it answers; use it in a `with` statement."""

    def __init__(self) -> None:
        """Start the engine."""
        self._folder = tempfile.TemporaryDirectory(prefix="embedscope-")
        super().__init__("engine", ENGINE, unpack_report)
        self._run = self._changes = 0
        self._mapped: MappedRows | None = None
        self.frame: Frame | None = None
        self.ready = self._wait_for(Ready)

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
        """Show `step`, one that the run has come to, or the one before that can be shown."""
        self.send(Seek(step))
        frame = self._next_frame()
        while not frame.sought:
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
        self.write(pack(command))

    @override
    def close(self) -> None:
        super().close()
        self._folder.cleanup()

    def _next_frame(self) -> Frame:
        frame = self._wait_for(Frame)
        self.send(Acknowledge(frame.run, frame.number))
        self.frame = frame
        return frame

    def _wait_for(self, kind: type[R]) -> R:
        while True:
            report = self.next_report()
            match report:
                case Refused(problem) | Stopped(problem=problem):
                    raise ProblemError(problem)
                case Mapped(path=path):
                    self._mapped = MappedRows.open(Path(path))
                    self._mapped.unlink()
            if isinstance(report, kind):
                return report
