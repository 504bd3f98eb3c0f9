"""Writes a script, or a notebook, with the files that it reads beside it."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from core.formats.safetensors_file import write_table
from core.script.history import History
from core.script.notebook import notebook
from core.script.writer import write_script
from core.whole_file import write_whole

NOTEBOOK = ".ipynb"


def write_files(path: Path, history: History, table: NDArray[Any] | None) -> list[Path]:
    """Write the script to `path` and what it needs beside it; returns all files written.

    `table` (V, D) is what the script compares its own with at its end. Raises `ProblemError`.
    """
    script = write_script(history)
    written = []
    for ending, text in script.beside.items():
        written.append(path.with_suffix(ending))
        write_whole(written[-1], text.encode())
    for ending, rows in (
        (".values.safetensors", history.values if script.needs_values else None),
        (".safetensors", table),
    ):
        if rows is not None:
            written.append(path.with_suffix(ending))
            write_table(written[-1], rows, [str(id_) for id_ in range(len(rows))])
    is_notebook = path.suffix.lower() == NOTEBOOK
    text = notebook(script, path.name) if is_notebook else script.text
    write_whole(path, text.encode())
    return [path, *written]
