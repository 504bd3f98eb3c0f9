"""Runs a script as Python would, and tells what it printed and what table it ended with."""

from pathlib import Path
from typing import Any

from torch import Tensor

from core.script.writer import Script


def run(script: Script, folder: Path) -> tuple[list[str], Tensor]:
    """(what it printed, its table's weight)."""
    path = folder / "session.py"
    path.write_text(script.text, "utf-8")
    for ending, text in script.beside.items():
        path.with_suffix(ending).write_text(text, "utf-8")
    printed: list[str] = []

    def note(*what: object) -> None:
        printed.append(" ".join(map(str, what)))

    names: dict[str, Any] = {"__file__": str(path), "__name__": "__main__", "print": note}
    exec(compile(script.text, str(path), "exec"), names)
    return printed, names["table"].weight.detach()
