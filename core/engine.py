"""The engine: a process that trains, told what to do over a pipe.

`python -P -m core.engine` reads commands on standard input and writes reports on standard
output (see `core.messages`), and ends when its input closes. -P keeps a folder named core, where
the user happens to stand, from being run instead.
"""

import gc
import os
import queue
import signal
import threading
import traceback
from collections.abc import Iterator
from io import BufferedReader
from typing import BinaryIO

import msgspec
import torch

from core.active_run import ActiveRun, SupersededError
from core.messages import (
    Acknowledge,
    Build,
    Changed,
    Command,
    MakeChange,
    MessageSplitter,
    Pause,
    Ready,
    Refused,
    Report,
    Run,
    Step,
    Watch,
    pack,
    unpack_command,
)
from core.problems import EngineFailed, ProblemError

READ_SIZE = 2**20


class InputClosedError(Exception):
    """The other side has gone."""


class Inbox:
    """Commands from a stream, read by a thread so that training never waits for them."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._builds_read = self._builds_taken = 0
        self._ended = False
        threading.Thread(target=self._read, name="inbox", daemon=True).start()

    def take(self, wait: float | None) -> Iterator[Command]:
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
            self._builds_taken += isinstance(command, Build)
            yield command
            wait = 0

    def superseded(self) -> bool:
        """Whether another `Build`, or the end, is waiting."""
        return self._ended or self._builds_read > self._builds_taken

    def _read(self) -> None:
        splitter = MessageSplitter()
        try:
            while data := self._stream.read1(READ_SIZE):
                for body in splitter.feed(data):
                    command = unpack_command(body)
                    self._builds_read += isinstance(command, Build)
                    self._commands.put(command)
        except (msgspec.DecodeError, ValueError):
            # Not commands: nothing after this can be trusted, so it counts as the end.
            traceback.print_exc()
        finally:
            self._ended = True
            self._commands.put(None)


class Engine:
    """Carries out commands; between them, lets the run do what is due."""

    def __init__(self, inbox: Inbox, output: BinaryIO) -> None:
        self._inbox = inbox
        self._output = output
        self._run: ActiveRun | None = None
        self._watched = torch.empty(0, dtype=torch.int64)

    def serve(self) -> None:
        """Work until the input closes."""
        capability = torch.backends.cpu.get_cpu_capability()
        try:
            self._send(Ready(str(torch.__version__), capability, torch.get_num_threads()))
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
        except ProblemError as error:
            self._run.stop(error.problem)
        except (RuntimeError, MemoryError, OSError) as error:
            # torch says with these that a step cannot be done: the run stops, the engine stays.
            traceback.print_exc()
            self._run.stop(EngineFailed(_last_line(error)))

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
            self._send(Refused(EngineFailed(_last_line(error)), number, run))

    def _carry_out(self, command: Command) -> None:
        if isinstance(command, Build):
            self._close_run()
            self._run = ActiveRun(command, self._watched, self._send, self._inbox.superseded)
            return
        if isinstance(command, Watch):
            self._watched = torch.tensor(command.ids, dtype=torch.int64)
        run = self._run
        if run is None:
            return
        match command:
            case Step(count):
                run.step(count)
            case Run(steps_per_second):
                run.run(steps_per_second)
            case Pause():
                run.pause()
            case Acknowledge(run=run_number, number=number) if run_number == run.number:
                run.acknowledge(number)
            case Watch():
                run.watch(self._watched)
            case MakeChange(number, change):
                self._send(Changed(run.number, number, run.change(change)))

    def _close_run(self) -> None:
        if self._run is not None:
            self._run.close()
            self._run = None

    def _send(self, report: Report) -> None:
        self._output.write(pack(report))
        self._output.flush()


def _last_line(error: BaseException) -> str:
    return traceback.format_exception_only(error)[-1].strip()


def main() -> None:
    """Keep the message channel for ourselves, then serve."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints goes to standard error, and cannot corrupt the channel
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the window, which ends us
    # One core is left to the window; the thread count is part of what makes bits repeatable.
    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    # torch's own objects live as long as we do; the collector need not look through them.
    gc.freeze()
    commands = os.fdopen(os.dup(0), "rb")
    Engine(Inbox(commands), output).serve()
    # Taking torch down properly takes up to a second, for which a closing window would wait.
    os._exit(0)


if __name__ == "__main__":
    main()
