"""An engine process at the other end of a bare pipe."""

import subprocess
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from core.client import ENGINE
from core.messages import (
    Acknowledge,
    Build,
    Changed,
    Frame,
    MakeChange,
    Ready,
    Report,
    SetBatchSize,
    Watch,
    pack,
    unpack_report,
)
from core.wire import MessageSplitter
from tests.core.corpora import corpus, run_config

R = TypeVar("R", bound=Report)


class Wire:
    """An engine at the other end of a pipe, without any help."""

    def __init__(self, command: tuple[str, ...] = ENGINE) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        self.heard: list[Report] = []
        self._splitter = MessageSplitter()
        self._unheard: list[Report] = []
        self.run = 0
        self.wait_for(Ready)

    def send(self, *commands: object) -> None:
        self.write(b"".join(map(pack, commands)))  # type: ignore[arg-type] - commands

    def write(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def hear(self) -> Report:
        while not self._unheard:
            data = self.process.stdout.read1(2**16)
            assert data, self.process.stderr.read().decode()
            self._unheard += map(unpack_report, self._splitter.feed(data))
        self.heard.append(self._unheard.pop(0))
        return self.heard[-1]

    def wait_for(self, kind: type[R]) -> R:
        while not isinstance(report := self.hear(), kind):
            pass
        return report

    def build(self, folder: Path, step: int = 0) -> None:
        """Ask for a run; what was heard of another is forgotten."""
        self.run += 1
        self.heard.clear()
        keyframes = str(folder / str(self.run))
        self.send(Watch(()), Build(self.run, run_config(), corpus(), keyframes, step=step))

    def first_frame(self) -> Frame:
        """The whole frame that the run begins with."""
        while (frame := self.wait_for(Frame)).run != self.run:
            pass
        return frame

    def acknowledge(self, frame: Frame) -> None:
        self.send(Acknowledge(frame.run, frame.number))

    def close(self) -> None:
        """Let the engine end as it does, so that no mapped file stays behind."""
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def steps_done(self) -> int:
        """How many steps are done, asked by a change that changes nothing."""
        self.send(MakeChange(99, SetBatchSize(8)))
        return self.wait_for(Changed).step

    def end(self) -> str:
        """Close the engine's input, wait for it, and return what it said on standard error."""
        said = self.process.communicate()[1].decode()
        assert self.process.returncode == 0, said
        return said
