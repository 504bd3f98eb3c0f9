"""The padding laboratory: a process of its own that studies what pads do to a model.

`python -P -m core.padding.laboratory` reads commands on standard input and writes reports on
standard output (see `core.padding.messages`), and ends when its input closes. It works on copies
of rows that are sent to it, and knows nothing of the engine.
"""

import gc
import os
import traceback
from collections.abc import Callable
from functools import partial
from typing import BinaryIO

import torch

from core.channel import Inbox, InputClosedError, last_line, open_channel
from core.padding.jobs import ComparisonJob, Job, StudyJob
from core.padding.messages import (
    Command,
    Comparison,
    Ready,
    Refused,
    Report,
    Stop,
    Study,
    pack,
    unpack_command,
)
from core.padding.trainee import Trainee
from core.problems import EngineFailed, ProblemError


class Laboratory:
    """Does the newest study and the newest comparison, a slice of each in turn."""

    def __init__(self, inbox: Inbox[Command], output: BinaryIO) -> None:
        self._inbox = inbox
        self._output = output
        self._jobs: dict[type[Job], Job] = {}
        self._asked: dict[type[Study] | type[Comparison], Study | Comparison] = {}
        self._trained: Trainee | None = None

    def serve(self) -> None:
        """Work until the input closes."""
        try:
            self._send(Ready(str(torch.__version__)))
            while True:
                for command in self._inbox.take(0 if self._jobs else None):
                    self._hear(command)
                self._begin()
                for job in list(self._jobs.values()):
                    self._work(job)
        except (InputClosedError, BrokenPipeError):
            return

    def _hear(self, command: Command) -> None:
        if isinstance(command, Stop):
            self._begin()  # so that what was asked for just before can be stopped
            for job in self._jobs.values():
                if job.number == command.number:
                    job.stop()
        else:
            # Of all that came meanwhile only the newest is done.
            self._asked[type(command)] = command

    def _begin(self) -> None:
        for command in self._asked.values():
            self._answering(command.number, partial(self._begin_job, command))
        self._asked.clear()

    def _begin_job(self, command: Study | Comparison) -> None:
        if isinstance(command, Study):
            self._jobs.pop(StudyJob, None)
            job = StudyJob(command, self._trained)
            self._trained = job.trainee or self._trained
            self._jobs[StudyJob] = job
        else:
            self._jobs.pop(ComparisonJob, None)
            self._jobs[ComparisonJob] = ComparisonJob(command)

    def _work(self, job: Job) -> None:
        def work() -> None:
            report = job.work()
            if report is not None:
                self._send(report)

        if not self._answering(job.number, work) or job.finished:
            del self._jobs[type(job)]

    def _answering(self, number: int, work: Callable[[], None]) -> bool:
        """Do `work`; what goes wrong is told as the answer to `number`. Whether it went well."""
        try:
            work()
        except BrokenPipeError:
            raise
        except ProblemError as error:
            self._send(Refused(number, error.problem))
        except (RuntimeError, ValueError, TypeError, IndexError, MemoryError, OSError) as error:
            # torch and numpy say with these that something cannot be done; the laboratory stays.
            traceback.print_exc()
            self._send(Refused(number, EngineFailed(last_line(error))))
        else:
            return True
        return False

    def _send(self, report: Report) -> None:
        self._output.write(pack(report))
        self._output.flush()


def main() -> None:
    """Keep the message channel for ourselves, then serve."""
    commands, output = open_channel()
    torch.set_num_threads(1)  # the batches are small, and the engine may be training beside us
    # torch's own objects live as long as we do; the collector need not look through them.
    gc.freeze()
    Laboratory(Inbox(commands, unpack_command, Study), output).serve()
    # Taking torch down properly takes up to a second, for which a closing window would wait.
    os._exit(0)


if __name__ == "__main__":
    main()
