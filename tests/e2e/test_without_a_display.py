"""What `make run` does where no window can open."""

import os
import subprocess
from pathlib import Path

from PySide6.QtGui import QImage

HOUSE = Path(__file__).parents[2]
PICTURES = (HOUSE / "build" / "demo" / "start.png", HOUSE / "build" / "demo" / "end.png")


def written(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


def test_make_run_makes_the_demo_instead() -> None:
    before = [written(path) for path in PICTURES]
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in displays}
    # What is set up already is not set up again, however new the files it depends on.
    done = subprocess.run(
        ["make", "--old-file=.venv/ready", "run"],
        cwd=HOUSE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "no display" in done.stdout
    for path, time in zip(PICTURES, before, strict=True):
        assert str(path) in done.stdout or path.name in done.stdout
        assert written(path) > time
        assert not QImage(str(path)).isNull()
