"""Where the keyframes of a session's runs lie: in the temporary folder, as long as it lasts."""

import os
import shutil
import tempfile
from pathlib import Path

from core.left_behind import left_behind

PREFIX = "embedscope-session-"
KEPT_RUNS = 4  # runs whose keyframes stay on disk; older ones are trained again if undone


class KeyframeFolders:
    """A folder for the keyframes of each run, all within one that goes with the session.

    The name says whose it is, so that what a killed session left behind goes when the next begins.
    """

    def __init__(self) -> None:
        for folder in left_behind(Path(tempfile.gettempdir()), PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        self._root = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._runs = 0

    def new(self) -> Path:
        """The folder of another run; the one before the last few is emptied."""
        self._runs += 1
        shutil.rmtree(self._of(self._runs - KEPT_RUNS), ignore_errors=True)
        return self._of(self._runs)

    def remove(self) -> None:
        """Remove them all."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _of(self, run: int) -> Path:
        return self._root / f"run-{run}"
