"""Drives the laboratory from a plain program: the command line, a script, a test."""

from collections.abc import Iterator

from core.child import Child, command_for
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
from core.problems import ProblemError

LABORATORY = command_for("core.padding.laboratory")


class LaboratoryClient(Child[Report]):
    """One laboratory process, which blocks until it answers; use it in a `with` statement."""

    def __init__(self) -> None:
        """Start the laboratory."""
        super().__init__("laboratory", LABORATORY, unpack_report)

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
        self.write(pack(command))

    def hear(self) -> Report:
        """The next report but the first greeting; a `Refused` raises its `ProblemError`."""
        while isinstance(report := self.next_report(), Ready):
            pass
        if isinstance(report, Refused):
            raise ProblemError(report.problem)
        return report
