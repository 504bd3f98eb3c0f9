"""Drives the laboratory from a plain program: the command line, a script, a test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from core.messages import MessageSplitter
from core.padding.messages import (
    Command,
    Compared,
    Comparison,
    Ready,
    Refused,
    Report,
    Studied,
    Study,
    pack,
    unpack_report,
)
from core.problems import EngineFailed, ProblemError

LABORATORY = (sys.executable, "-P", "-m", "core.padding.laboratory")


class LaboratoryClient:
    """One laboratory process, which blocks until it answers; use it in a `with` statement."""

    def __init__(self) -> None:
        """Start the laboratory."""
        self.process = subprocess.Popen(LABORATORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._splitter = MessageSplitter()
        self._reports: list[Report] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def study(self, study: Study) -> Studied:
        """The outcome of `study`; raises `ProblemError` if it is refused."""
        self.send(study)
        while not isinstance(report := self.hear(), Studied):
            pass
        return report

    def compare(self, comparison: Comparison) -> Iterator[Compared]:
        """What is told while `comparison` goes on, the finished one as the last."""
        self.send(comparison)
        finished = False
        while not finished:
            report = self.hear()
            if isinstance(report, Compared):
                finished = report.finished
                yield report

    def send(self, command: Command) -> None:
        """Send `command`; raises `ProblemError(EngineFailed)` if the laboratory has gone."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(pack(command))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise ProblemError(EngineFailed("the laboratory has ended")) from None

    def hear(self) -> Report:
        """The next report but the first greeting; a `Refused` raises its `ProblemError`."""
        while isinstance(report := self._next_report(), Ready):
            pass
        if isinstance(report, Refused):
            raise ProblemError(report.problem)
        return report

    def close(self) -> None:
        """End the laboratory by closing its input, and wait for it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _next_report(self) -> Report:
        assert self.process.stdout is not None
        while not self._reports:
            data = os.read(self.process.stdout.fileno(), 2**20)
            if not data:
                raise ProblemError(EngineFailed("the laboratory has ended"))
            self._reports += map(unpack_report, self._splitter.feed(data))
        return self._reports.pop(0)
