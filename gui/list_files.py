"""Lists of tokens as text files, one token a line: written, and read in a thread."""

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot

from core.problems import ProblemError
from core.progress import Progress
from core.textfile import read_text
from core.whole_file import write_whole
from gui.file_saver import FileSaver


class ListFiles(FileSaver):
    """Saves lists, and makes a list of what a file has.

    `told` carries a sentence about what was done.
    """

    def save(self, name: str, tokens: Sequence[str]) -> None:
        """Let the user choose a file, and write these tokens into it."""
        stem = re.sub(r"\W+", "-", name.lower()).strip("-") or "tokens"
        kinds = self.tr("Text, one token a line (*.txt)")
        path = self._ask_for_path(self.tr("Save tokens"), f"{stem}.txt", kinds)
        if path is None:
            return
        content = "".join(f"{token}\n" for token in tokens).encode()
        try:
            write_whole(path, content)
        except ProblemError as error:
            self.problemRaised.emit(error.problem)
        else:
            self.told.emit(self.tr("Saved {file}.").format(file=path.name))

    def read(self, path: Path) -> None:
        """Make a list of the tokens in `path`, named after it."""
        what = self.tr("Reading {file}").format(file=path.name)
        job = self._background.run(what, partial(_read, path))
        job.succeeded.connect(self._keep)
        job.failed.connect(self._fail)

    @Slot(object)
    def _keep(self, found: tuple[str, tuple[str, ...]]) -> None:
        name, tokens = found
        if not tokens:
            self.told.emit(self.tr("There are no tokens in {name}.").format(name=name))
            return
        lists = self._session.lists
        number = lists.keep(tokens, name)
        made, known = lists.lists[number], len(lists.ids(number))
        count, missing = len(made.tokens), len(made.tokens) - known
        text = self.tr("{n:,} tokens kept as {name}.")
        if count == 1:
            text = self.tr("1 token kept as {name}.")
        if missing:
            text = self.tr("{n:,} tokens kept as {name}; {missing:,} of them not in this table.")
        text = text.format(n=count, name=made.name, missing=missing)
        self.told.emit(text)


def _read(path: Path, progress: Progress) -> tuple[str, tuple[str, ...]]:
    return path.stem, tokens_in(read_text(path, progress))


def tokens_in(text: str) -> tuple[str, ...]:
    """The token on each line, or in the column "token" of a table with commas or tabs between.

    Space around a token, empty lines and what comes again are left out.
    """
    lines = text.splitlines()
    header = lines[0] if lines else ""
    for separator in ",\t":
        names = [name.strip().lower() for name in header.split(separator)]
        if len(names) > 1 and "token" in names:
            column = names.index("token")
            rows = _cells(lines[1:], separator)
            lines = [row[column] for row in rows if len(row) > column]
            break
    stripped = (line.strip() for line in lines)
    return tuple(dict.fromkeys(token for token in stripped if token))


def _cells(lines: Sequence[str], separator: str) -> list[list[str]]:
    """The cells of each line. Between tabs nothing is quoted, and a quote without an end is none.

    A vocabulary may well have `"` as a token.
    """
    if separator == ",":
        with suppress(csv.Error):
            return list(csv.reader(lines, strict=True))
    return [line.split(separator) for line in lines]
