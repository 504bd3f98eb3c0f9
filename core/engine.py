"""The engine: a process that trains, told what to do over a pipe.

`python -P -m core.engine` reads commands on standard input and writes reports on standard
output (see `core.messages`), and ends when its input closes. -P keeps a folder named core, where
the user happens to stand, from being run instead.
"""

import gc
import os
import traceback
from typing import BinaryIO

import torch

from core.active_run import ActiveRun
from core.channel import Inbox, InputClosedError, last_line, open_channel
from core.keeping import keep
from core.messages import (
    Acknowledge,
    Build,
    Changed,
    Command,
    Explain,
    Keep,
    MakeChange,
    Pause,
    Ready,
    Refused,
    Report,
    Run,
    Seek,
    Step,
    Watch,
    pack,
    unpack_command,
)
from core.problems import EngineFailed, ProblemError
from core.replays import this_machine
from core.way import SupersededError


class Engine:
    """Carries out commands; between them, lets the run do what is due."""

    def __init__(self, inbox: Inbox[Command], output: BinaryIO) -> None:
        self._inbox = inbox
        self._output = output
        self._run: ActiveRun | None = None
        self._watched = torch.empty(0, dtype=torch.int64)
        self._explained: tuple[int, ...] = ()

    def serve(self) -> None:
        """Work until the input closes."""
        here = this_machine()
        try:
            self._send(Ready(here.torch, here.cpu_capability, here.threads, here.platform))
            while True:
                for command in self._inbox.take(self._run.wait() if self._run else None):
                    self._handle(command)
                self._work()
        except (InputClosedError, BrokenPipeError):
            self._close_run()

    def _work(self) -> None:
        if self._run is None:
            return
        try:
            self._run.work()
        except BrokenPipeError:
            raise
        except SupersededError:
            return
        except ProblemError as error:
            self._run.stop(error.problem)
        except (RuntimeError, MemoryError, OSError) as error:
            # torch says with these that a step cannot be done: the run stops, the engine stays.
            traceback.print_exc()
            self._run.stop(EngineFailed(last_line(error)))

    def _handle(self, command: Command) -> None:
        number = command.number if isinstance(command, MakeChange) else None
        run = command.run if isinstance(command, Build) else None
        try:
            self._carry_out(command)
        except ProblemError as error:
            self._send(Refused(error.problem, number, run))
        except SupersededError:
            return
        except BrokenPipeError:
            raise
        except (RuntimeError, MemoryError, OSError) as error:
            traceback.print_exc()
            self._send(Refused(EngineFailed(last_line(error)), number, run))

    def _carry_out(self, command: Command) -> None:
        match command:
            case Build():
                self._close_run()
                self._run = ActiveRun(command, self._watched, self._send, self._inbox.superseded)
                self._run.explain(self._explained)
                return
            case Watch(ids):
                self._watched = torch.tensor(ids, dtype=torch.int64)
            case Explain(ids):
                self._explained = ids
        if self._run is not None:
            self._tell(self._run, command)

    def _tell(self, run: ActiveRun, command: Command) -> None:
        match command:
            case Step(count):
                run.step(count)
            case Run(steps_per_second):
                run.run(steps_per_second)
            case Seek(step, forward):
                run.seek(step, forward=forward)
            case Pause():
                run.pause()
            case Acknowledge(run=run_number, number=number) if run_number == run.number:
                run.acknowledge(number)
            case Watch():
                run.watch(self._watched)
            case Explain(ids):
                run.explain(ids)
            case Keep(path):
                self._send(keep(run.moment(), path))
            case MakeChange(number, change):
                self._send(Changed(run.number, number, run.change(change)))

    def _close_run(self) -> None:
        if self._run is not None:
            self._run.close()
            self._run = None

    def _send(self, report: Report) -> None:
        self._output.write(pack(report))
        self._output.flush()


def main() -> None:
    """Keep the message channel for ourselves, then serve."""
    commands, output = open_channel()
    # One core is left to the window; the thread count is part of what makes bits repeatable.
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    # torch's own objects live as long as we do; the collector need not look through them.
    gc.freeze()
    Engine(Inbox(commands, unpack_command, Build), output).serve()
    # Taking torch down properly takes up to a second, for which a closing window would wait.
    os._exit(0)


if __name__ == "__main__":
    main()
