"""What a Python that has imported nothing of ours does."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[1]


def run_python(code: str) -> str:
    """What `code` prints in a fresh process; fails with what it said if it fails."""
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def loaded_by(code: str, *names: str) -> set[str]:
    """Which of the modules `names` are loaded in a process once it has run `code`."""
    loaded = run_python(f"{code}\nimport sys\nprint()\nprint(*{{*{names}}} & sys.modules.keys())")
    return set(loaded.split("\n")[-1].split()) & set(names)
