"""Every format that tables are kept in: which one a file is, told by its content, and its module.

A format is a module with `describe` and `read`, and `write` if it can be saved. It is imported when
it is needed, for some bring large libraries along.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.sniffing import name_of
from core.problems import ProblemError, UnknownEnding
from core.progress import Progress
from core.whole_file import refusals_of


class Reader(Protocol):
    """What the module of every format has. All raise `ProblemError`, `read` also `Cancelled`."""

    def describe(self, path: Path) -> tuple[TensorInfo, ...]:
        """The tensors of `path`, in little time and memory, whatever the file claims."""

    def read(self, path: Path, choice: Choice, progress: Progress | None = None) -> OpenedTable:
        """The table of `path` that is chosen; `progress` counts bytes."""


Writer = Callable[[Path, OpenedTable, Progress | None], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, the modules that read and write it, and the endings it is saved under.

    `dtypes` are those it keeps; what has another is written as float32.
    """

    name: str
    reading: str
    writing: str = ""
    endings: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ("float16", "float32", "float64")

    def kept(self, dtype: np.dtype[Any]) -> str:
        """The dtype that numbers of `dtype` have once they are saved."""
        return dtype.name if dtype.name in self.dtypes else "float32"

    def reader(self) -> Reader:
        """The module that reads it, imported now if it was not."""
        return cast(Reader, import_module(self.reading))

    def writer(self) -> Writer:
        """What writes it."""
        return cast(Writer, import_module(self.writing).write)


FORMATS = {
    each.name: each
    for each in (
        Format(
            "safetensors",
            "core.formats.safetensors_reading",
            "core.formats.safetensors_file",
            (".safetensors",),
        ),
        Format(
            "word2vec-text",
            "core.formats.vectors_text",
            "core.formats.vectors_text",
            (".vec",),
        ),
        Format(
            "word2vec-binary",
            "core.formats.word2vec_binary",
            "core.formats.word2vec_binary",
            (".bin",),
            ("float32",),
        ),
        Format("glove", "core.formats.vectors_text"),
        Format("csv", "core.formats.delimited", "core.formats.delimited", (".csv",)),
        Format("tsv", "core.formats.delimited"),
        Format("parquet", "core.formats.parquet", "core.formats.parquet", (".parquet",)),
        Format("checkpoint", "core.formats.checkpoint", "core.formats.checkpoint", (".pt", ".pth")),
        Format("npz", "core.formats.npz"),
        Format("projector", "core.formats.projector", "core.formats.projector", (".pbtxt",)),
        Format("hugging-face", "core.formats.hugging_face"),
        Format("npy", "core.formats.npy", "core.formats.npy", (".npy",)),
    )
}


def sniff(path: Path) -> Format:
    """The format of the file or folder `path`, told by its content.

    Raises `ProblemError` with `NoSuchFile`, `FileUnreadable` or `UnknownFormat`.
    """
    return FORMATS[name_of(path)]


def describe(path: Path) -> tuple[TensorInfo, ...]:
    """The tensors of `path`: at least one, though perhaps none that is a table."""
    return sniff(path).reader().describe(path)


def read(path: Path, choice: Choice | None = None, progress: Progress | None = None) -> OpenedTable:
    """The chosen table of `path`; `progress` counts bytes, and stops the reading by False.

    Raises `Cancelled`, and `ProblemError` with what is wrong with the file, and where.
    """
    return sniff(path).reader().read(path, choice or Choice(), progress)


def endings() -> tuple[str, ...]:
    """What a table can be saved under, the longest first: ".npy" and so on."""
    found = [ending for each in FORMATS.values() for ending in each.endings]
    return tuple(sorted(found, key=len, reverse=True))


def writer_of(path: Path) -> Format:
    """The format that `path` is saved in, told by its ending.

    Raises `ProblemError(UnknownEnding)`.
    """
    name = path.name.casefold()
    for ending in endings():
        if name.endswith(ending):
            return next(each for each in FORMATS.values() if ending in each.endings)
    raise ProblemError(UnknownEnding(str(path), list(endings())))


def write(path: Path, table: OpenedTable, progress: Progress | None = None) -> None:
    """Save `table` in the format of `path`'s ending; the file appears whole or not at all.

    Raises `Cancelled`, and `ProblemError` with `UnknownEnding`, `FileUnreadable` or what the format
    cannot hold.
    """
    write_as = writer_of(path).writer()
    with refusals_of(path):
        write_as(path, table, progress)
