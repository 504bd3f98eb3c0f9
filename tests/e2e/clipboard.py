"""The clipboard of a display, by a small program that stays connected to it.

Its standard input takes lines of JSON: a text to put there, or null to be told what is there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

HOUSE = Path(__file__).parents[2]


class Clipboard:
    """Reads and writes what is copied on `display`; `close` ends the program behind it."""

    def __init__(self, display: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.clipboard"],
            cwd=HOUSE,
            env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def text(self) -> str:
        """What is copied now; empty if that is no text."""
        return self._ask(None)

    @text.setter
    def text(self, text: str) -> None:
        self._ask(text)

    def close(self) -> None:
        """End the program."""
        self._program.communicate(timeout=10)

    def _ask(self, question: str | None) -> str:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps(question) + "\n")
        self._program.stdin.flush()
        line = self._program.stdout.readline()
        if not line:
            raise RuntimeError(f"the clipboard's program ended with {self._program.wait()}")
        answer = json.loads(line)
        assert isinstance(answer, str)
        return answer


def main() -> None:
    """Answer line by line until the input ends."""
    app = QGuiApplication([])
    clipboard = app.clipboard()
    for line in sys.stdin:
        text = json.loads(line)
        if text is not None:
            clipboard.setText(text)
        app.processEvents()  # the news that another program has copied something
        sys.stdout.write(json.dumps(clipboard.text()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
