"""Where a window keeps what would be lost if it ended now: a folder of its own, locked.

The lock is Qt's: it knows whether the process that took it still runs, and so whether what lies
there was left behind.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from PySide6.QtCore import QLockFile

PREFIX = "window-"


class AutosaveFolder:
    """One window's folder, as long as it holds the lock."""

    def __init__(self, folder: Path, lock: QLockFile) -> None:
        self._folder, self._lock = folder, lock

    @classmethod
    def new(cls, root: Path) -> "AutosaveFolder | None":
        """Another folder in `root`; None if there can be none."""
        folder = root / f"{PREFIX}{token_hex(6)}"
        try:
            root.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds people's texts
            folder.mkdir(mode=0o700)
        except OSError:
            return None
        lock = _lock(folder)
        return cls(folder, lock) if lock.tryLock(0) else None

    @property
    def project(self) -> Path:
        """The project that is saved there now and then."""
        return self._folder / "autosave.embedscope"

    @property
    def source(self) -> Path | None:
        """The project file that it is a newer state of, if it has one."""
        try:
            source = json.loads((self._folder / "source.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return Path(source) if isinstance(source, str) and "\0" not in source else None

    def note_source(self, path: Path | None) -> None:
        """Remember whose newer state it is."""
        text = json.dumps(None if path is None else str(path))
        (self._folder / "source.json").write_text(text, "utf-8")

    def empty(self) -> None:
        """Remove the project that was saved there, and keep the folder for the next."""
        with suppress(OSError):  # then it is only older than need be
            self.project.unlink(missing_ok=True)

    def remove(self) -> None:
        """Remove it and all in it."""
        self._lock.unlock()
        shutil.rmtree(self._folder, ignore_errors=True)

    def leave(self) -> None:
        """Let another window find it."""
        self._lock.unlock()


def left_behind(root: Path) -> Iterator[AutosaveFolder]:
    """The folders in `root` whose windows ended without a word, the newest first; now locked.

    Those with nothing in them are removed.
    """
    found: list[tuple[float, AutosaveFolder]] = []
    for folder in root.glob(f"{PREFIX}*"):
        lock = _lock(folder)
        if not lock.tryLock(0):
            continue  # somebody's, or not to be written
        left = AutosaveFolder(folder, lock)
        try:
            found.append((left.project.stat().st_mtime, left))
        except OSError:
            left.remove()
    found.sort(key=lambda pair: -pair[0])
    return (left for _, left in found)


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / "lock"))
    lock.setStaleLockTime(0)  # only the process counts, however long it has run
    return lock
