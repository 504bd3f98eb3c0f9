"""The real program, started as a person would start it, on a screen of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.e2e.screen import Screen, Window
from tests.e2e.waiting import wait_until

T = TypeVar("T")

COMMAND = Path(sys.executable).with_name("embedscope")


class Program:
    """One running `embedscope`; what it says goes to `folder`/said.txt."""

    def __init__(self, screen: Screen, folder: Path, *arguments: str) -> None:
        self.screen = screen
        self._said = folder / "said.txt"
        environment = os.environ | {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb"}
        environment.pop("WAYLAND_DISPLAY", None)
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [COMMAND, *arguments],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """All it has printed so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def wait_for_window(self, title: str = "Embedscope", timeout: float = 60.0) -> Window:
        """Its window, once it is on the screen."""
        return self.screen.wait_for_window(title, timeout, self.process)

    def wait_until(self, predicate: Callable[[], T], timeout: float = 30.0, *, what: str = "") -> T:
        """As `tests.e2e.waiting.wait_until`; fails at once if the program ends."""
        return wait_until(predicate, timeout, what=what, program=self.process)

    def children(self, word: str) -> list[int]:
        """The ids of its child processes whose command line has `word` in it."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
                continue
            if parent == self.process.pid and word in command:
                found.append(int(entry.name))
        return found

    def wait_for_end(self, timeout: float = 20.0) -> int:
        """Its exit status, once it has ended by itself."""
        return self.process.wait(timeout)

    def end(self) -> None:
        """Make sure that it has ended, gently first."""
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                self.process.send_signal(signal_number)
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    continue
