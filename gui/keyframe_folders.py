"""Where the keyframes of a session's runs lie: in the temporary folder, as long as it lasts."""

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from core.left_behind import left_behind
from core.state_hashes import copy_hashes

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
        self._kept: set[Path] = set()

    def new(self) -> Path:
        """The folder of another run; the one before the last few is emptied."""
        self._runs += 1
        for run in range(1, self._runs - KEPT_RUNS + 1):
            if self._of(run) not in self._kept:
                shutil.rmtree(self._of(run), ignore_errors=True)
        return self._of(self._runs)

    def keep(self, folders: Iterable[Path]) -> None:
        """Leave these as they are, however old, from now on."""
        self._kept = set(folders)

    def fork(self, folder: Path, step: int, events: int) -> Path:
        """The folder of a run that is that of `folder` up to `step`, and shares its keyframes."""
        forked = self.new()
        forked.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.safetensors"):
            steps, changes = map(int, path.stem.split("-"))
            if steps <= step and changes <= events:
                with suppress(OSError):  # without it the way is longer, and no other
                    os.link(path, forked / path.name)
        with suppress(OSError):
            copy_hashes(folder, forked, step, events)
        return forked

    def remove(self) -> None:
        """Remove them all."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _of(self, run: int) -> Path:
        return self._root / f"run-{run}"
