"""What a killed process left on disk, told by the process id in its name."""

import os
from collections.abc import Iterator
from pathlib import Path


def left_behind(folder: Path, prefix: str) -> Iterator[Path]:
    """The entries `prefix`ID-… of `folder` whose process, of that id, is no more."""
    for entry in folder.glob(f"{prefix}*"):
        owner = entry.name.removeprefix(prefix).partition("-")[0]
        if owner.isdigit() and not _is_running(int(owner)):
            yield entry


def _is_running(process: int) -> bool:
    if os.name == "nt":  # there os.kill(process, 0) would end it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
