"""A first look into a table's file: what it holds, and the first rows of one of its tables."""

from dataclasses import dataclass, replace
from pathlib import Path

from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable, TensorInfo
from core.formats.sniffing import name_of
from core.problems import (
    AnyProblem,
    BrokenTable,
    IsFolder,
    ProblemError,
    RepeatedToken,
    TokensDoNotFit,
    UnknownName,
)
from core.progress import Progress

ROWS = 8
WEIGHT = "weight"
CONFIG = "config.json"
COLUMNS = ("csv", "tsv", "parquet")  # formats in which a column has the tokens
FIRST = Choice(most_rows=ROWS, duplicates="first")
SENTENCES_TOO = ("csv", "tsv", "glove", "word2vec-text")  # formats that look like sentences do


@dataclass(frozen=True, eq=False)
class Preview:
    """What was found in `path`, and the first `ROWS` rows read by `choice`.

    `table` is None where another choice is needed; `problem` says why.
    """

    path: Path
    format: str
    tensors: tuple[TensorInfo, ...]
    choice: Choice
    table: OpenedTable | None
    problem: AnyProblem | None = None

    @property
    def tables(self) -> tuple[TensorInfo, ...]:
        """Those of the tensors that can be opened."""
        return tuple(each for each in self.tensors if each.is_table)

    @property
    def chosen(self) -> TensorInfo:
        """The tensor that the rows are of."""
        tables = self.tables
        return next((each for each in tables if each.name == self.choice.tensor), tables[0])


def preview(path: Path, choice: Choice, progress: Progress | None = None) -> Preview:
    """Look into `path`. Raises `ProblemError` with what no other choice would help."""
    name = registry.sniff(path).name
    tensors = registry.describe(path)
    tables = [each for each in tensors if each.is_table]
    if choice.tensor is None and len(tables) > 1:
        # Of a model the table of its words has the most rows, as a rule.
        likely = max(tables, key=lambda each: (each.name == WEIGHT, each.shape[0]))
        choice = replace(choice, tensor=likely.name)
    # A row of the same name further down is told of when all are read.
    first = replace(choice, most_rows=ROWS, duplicates=FIRST.duplicates)
    try:
        table = registry.read(path, first, progress)
    except ProblemError as error:
        if not tables or not _can_be_helped(error.problem, is_csv=name in COLUMNS):
            raise
        return Preview(path, name, tensors, choice, None, error.problem)
    return Preview(path, name, tensors, choice, table)


def _can_be_helped(problem: AnyProblem, *, is_csv: bool) -> bool:
    """Whether another choice could do away with it."""
    if isinstance(problem, BrokenTable):
        return problem.fault in ("no-column", "not-a-number") and is_csv
    return isinstance(problem, RepeatedToken | TokensDoNotFit | UnknownName)


def holds_table(path: Path) -> bool:
    """Whether `path` is a table, by its content, and not sentences; what is no file is neither."""
    try:
        name = name_of(path)
        if name not in SENTENCES_TOO:
            return name in registry.FORMATS
        return len(registry.read(path, FIRST).rows) > 0
    except ProblemError:
        return False


def table_folder(path: Path) -> Path:
    """The folder that `path` stands for, if a folder holds the table; else `path` itself."""
    if path.name != CONFIG:
        return path
    try:
        name_of(path.parent)
    except ProblemError as error:
        if isinstance(error.problem, IsFolder):
            return path
        raise
    return path.parent
