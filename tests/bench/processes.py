"""Benchmarks that need a process of their own: what it prints is its measurement."""

import json
import subprocess
import sys
from typing import Any


def run_module(name: str, *arguments: object) -> dict[str, Any]:
    """Run `tests.bench.NAME` as a program; the JSON object that it prints last."""
    command = [sys.executable, "-m", f"tests.bench.{name}", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(**measured: object) -> None:
    """Print a measurement, for `run_module`."""
    sys.stdout.write(json.dumps(measured) + "\n")
