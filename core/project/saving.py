"""Writes a project: whole, or the file that was there before stays as it is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from core.messages import SetRow
from core.progress import Progress
from core.project.archive import ARRAYS, DESCRIPTION, ArchiveWriter
from core.project.changes import described_event, rows_set
from core.project.contents import Project, SavedRun, Text
from core.project.description import (
    DescribedRun,
    DescribedText,
    Description,
    Mark,
    write,
)
from core.project.hashes import array_of, machines_of
from core.project.view_arrays import arrays_of
from core.tokenizer_file import TokenizerFile
from core.whole_file import refusals_of, whole_bytes

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class _State:
    """A state that is open, so that it stays there although its run may let go of it."""

    name: str
    file: BinaryIO
    size: int


def write_project(path: Path, project: Project, progress: Progress | None = None) -> None:
    """Write `project` to `path`; `progress` counts bytes.

    A state that is gone is left out. Raises `Cancelled` and `ProblemError(FileUnreadable)`; then
    `path` is as it was before.
    """
    description = write(_described(project))
    texts = {
        f"texts/{index}.txt": text.text.encode("utf-8", "surrogatepass")
        for index, text in enumerate(project.texts)
    }
    tokenizers = _tokenizers(project.texts)
    texts |= {f"texts/{index}.tokenizer.json": file.content for index, file in tokenizers.items()}
    arrays = memoryview(save(_arrays(project)))
    with ExitStack() as stack:
        states = list(_open_states(project, stack))
        total = len(description) + sum(map(len, texts.values())) + arrays.nbytes
        total += sum(state.size for state in states)
        with (
            refusals_of(path),
            whole_bytes(path) as file,
            ArchiveWriter(file, total, progress) as archive,
        ):
            archive.pack(DESCRIPTION, description)
            for name, text in texts.items():
                archive.pack(name, text)
            archive.store(ARRAYS, arrays)
            for state in states:
                archive.store_file(state.name, state.file, state.size)


def _open_states(project: Project, stack: ExitStack) -> Iterator[_State]:
    for index, run in enumerate(project.runs):
        for state in run.states:
            with suppress(OSError):
                file = stack.enter_context(state.path.open("rb"))
                size = state.path.stat().st_size
                yield _State(f"runs/{index}/{state.name}", file, size)


def _arrays(project: Project) -> Arrays:
    arrays: Arrays = {}
    machines = machines_of(project.runs)
    for index, text in enumerate(project.texts):
        beginning = f"texts/{index}/"
        arrays[f"{beginning}ids"] = text.encoded.ids.numpy()
        arrays[f"{beginning}offsets"] = text.encoded.offsets.numpy()
        if text.encoded.labels is not None:
            arrays[f"{beginning}labels"] = text.encoded.labels.numpy()
        arrays[f"{beginning}vanished"] = text.vocabulary.vanished
    for index, run in enumerate(project.runs):
        arrays[f"runs/{index}/losses"] = run.losses
        if run.values is not None:
            arrays[f"runs/{index}/values"] = run.values
        rows = rows_set(run.events)
        if rows is not None:
            arrays[f"runs/{index}/rows"] = rows
        if run.hashes:
            arrays[f"runs/{index}/hashes"] = array_of(run.hashes, machines)
    arrays.update(arrays_of(project.looked))
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _tokenizers(texts: Sequence[Text]) -> dict[int, TokenizerFile]:
    """Each tokenizer of `texts` once, by the number of the first text that has it."""
    found: dict[int, TokenizerFile] = {}
    for index, text in enumerate(texts):
        file = text.vocabulary.tokenizer
        if file is not None and all(file is not other for other in found.values()):
            found[index] = file
    return found


def _described(project: Project) -> Description:
    lists = _TokenLists([tuple(text.vocabulary.tokens) for text in project.texts])
    tokenizers = _tokenizers(project.texts)
    return Description(
        _version(project, has_tokenizers=bool(tokenizers)),
        tuple(lists.longest),
        tuple(_described_text(text, lists, tokenizers) for text in project.texts),
        tuple(_described_run(run, project.texts) for run in project.runs),
        project.current,
        project.lists,
        project.looked.view,
        project.machine,
        machines_of(project.runs),
    )


def _version(project: Project, *, has_tokenizers: bool) -> int:
    """The least that can say all of it."""
    if any(isinstance(event.change, SetRow) for run in project.runs for event in run.events):
        return 3
    return 2 if has_tokenizers else 1


class _TokenLists:
    """As a text is edited its vocabulary only grows: one list has those of before in it."""

    def __init__(self, vocabularies: Sequence[tuple[str, ...]]) -> None:
        self.longest: list[tuple[str, ...]] = []
        for tokens in sorted(vocabularies, key=len, reverse=True):
            if self.number(tokens) is None:
                self.longest.append(tokens)

    def number(self, tokens: tuple[str, ...]) -> int | None:
        """The number of the list that begins with `tokens`."""
        beginnings = (each[: len(tokens)] == tokens for each in self.longest)
        return next((index for index, fits in enumerate(beginnings) if fits), None)


def _described_text(
    text: Text, lists: _TokenLists, tokenizers: Mapping[int, TokenizerFile]
) -> DescribedText:
    tokens = tuple(text.vocabulary.tokens)
    number_of_list = lists.number(tokens)
    assert number_of_list is not None, "the lists are of these texts"
    file = text.vocabulary.tokenizer
    return DescribedText(
        number_of_list,
        len(tokens),
        text.vocabulary.config,
        text.encoded.pad_id,
        text.encoded.label_names,
        text.source,
        next((index for index, each in tokenizers.items() if each is file), None),
    )


def _described_run(run: SavedRun, texts: Sequence[Text]) -> DescribedRun:
    return DescribedRun(
        run.config,
        run.text,
        tuple(described_event(event, texts) for event in run.events),
        run.step,
        tuple(Mark(step, name) for step, name in sorted(run.marks.items())),
        run.line,
        run.scenario,
        run.name,
        run.begins,
    )
