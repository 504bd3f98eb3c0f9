"""Reads a project: anybody's file, so nothing in it is believed unchecked."""

import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from core.changes import settings_after
from core.corpus import Corpus, parse_sentences
from core.messages import Array, EncodedCorpus
from core.problems import BadProject, NewerProject, ProblemError
from core.progress import Progress
from core.project import description as described
from core.project.archive import ARRAYS, DESCRIPTION, STATE, ArchiveReader, reading
from core.project.changes import events_in
from core.project.checks import Checks
from core.project.contents import KeptState, Project, SavedRun, Text
from core.project.description import DescribedRun, DescribedText, Description
from core.project.hashes import check_machines, hashes_in
from core.project.view import Looked
from core.project.view_arrays import BadViewError, read_view
from core.readers import TokenizerReader
from core.tokenizer_file import LIMIT as TOKENIZER_LIMIT
from core.tokenizer_file import TokenizerFile, tokenizer_of
from core.vocabulary import Vocabulary

Arrays = Mapping[str, NDArray[Any]]
PREFIX = "embedscope-opening-"


def read_project(path: Path, folder: Path, progress: Progress | None = None) -> Project:
    """The project in `path`; the states of run n are then in `folder`/n, which is new.

    `progress` counts bytes. Raises `Cancelled` and `ProblemError`: `NewerProject`, `BadProject`,
    what a vocabulary or settings are refused for, or why the file cannot be read. Then nothing
    stays in `folder`.
    """
    with reading(path, progress) as archive, _whole_or_nothing(folder):
        found = _description(path, archive)
        archive.require_known()
        checks = Checks(str(path))
        arrays = _arrays(archive, folder, checks)
        tokenizers = _Tokenizers(archive, found, checks)
        texts = tuple(
            _text(archive, index, found, arrays, tokenizers, checks)
            for index in range(len(found.texts))
        )
        checks.require(bool(found.runs), DESCRIPTION, "it has no run")
        runs = tuple(
            _run(archive, index, run, texts, arrays, folder, checks)
            for index, run in enumerate(found.runs)
        )
        tokenizers.cut({run.line for run in runs})
        check_machines((found.machine, *found.machines), checks)
        runs = tuple(
            replace(
                run,
                hashes=hashes_in(arrays.get(f"runs/{index}/hashes"), found.machines, run, checks),
            )
            for index, run in enumerate(runs)
        )
        checks.require(0 <= found.current < len(runs), DESCRIPTION, "it has no current run")
        looked, lost = _looked(found, arrays, runs[found.current], texts)
    current = found.current
    return Project(texts, runs, current, found.lists, looked, found.machine, lost)


def _looked(
    found: Description, arrays: Arrays, run: SavedRun, texts: tuple[Text, ...]
) -> tuple[Looked, str]:
    """How it was looked at, and why that is not known, if it is not."""
    _, corpus = settings_after(run.config, texts[run.text].encoded, run.events)
    text = next(each for each in texts if each.encoded is corpus)
    rows, columns = len(text.vocabulary), run.config.table.embedding_dim
    try:
        return read_view(found.view, arrays, rows, columns), ""
    except BadViewError as error:
        return Looked(), " ".join(str(error).split())


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _description(path: Path, archive: ArchiveReader) -> Description:
    content = archive.unpacked(DESCRIPTION)
    try:
        return described.read(content)
    except described.NewerError as newer:
        raise ProblemError(NewerProject(str(path), newer.version, described.VERSION)) from newer
    except (ValueError, msgspec.ValidationError) as error:
        detail = " ".join(str(error).split())
        raise ProblemError(BadProject(str(path), "damaged", DESCRIPTION, detail)) from error


def _arrays(archive: ArchiveReader, folder: Path, checks: Checks) -> Arrays:
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=folder) as temporary:
        target = Path(temporary) / ARRAYS
        archive.extract(ARRAYS, target)
        try:
            return load_file(target)
        except (SafetensorError, KeyError, ValueError, TypeError) as error:
            checks.refuse(ARRAYS, str(error))


def _text(
    archive: ArchiveReader,
    index: int,
    description: Description,
    arrays: Arrays,
    tokenizers: "_Tokenizers",
    checks: Checks,
) -> Text:
    told: DescribedText = description.texts[index]
    name = f"texts/{index}.txt"
    try:
        text = archive.unpacked(name).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        checks.refuse(name, str(error))
    corpus = parse_sentences(text)
    encoded = _encoded(f"texts/{index}/", told, corpus, arrays, checks)
    lists = description.token_lists
    checks.require(0 <= told.tokens < len(lists), DESCRIPTION, "a list of tokens is missing")
    tokens = lists[told.tokens]
    checks.require(1 <= told.size <= len(tokens), DESCRIPTION, "tokens are missing")
    vanished = checks.ids(arrays, f"texts/{index}/vanished", told.size, np.int64)
    tokens, sentences, gone = tokens[: told.size], corpus.sentences, vanished.tolist()
    if told.tokenizer is None:
        checks.require(told.vocabulary is not None, DESCRIPTION, "a text has no vocabulary")
        vocabulary = Vocabulary.from_tokens(tokens, told.vocabulary, sentences, gone)
    else:
        file = tokenizers.file(told.tokenizer, tokens)
        with checks.tokenizer(told.tokenizer):
            vocabulary = Vocabulary.of_tokenizer(file, tokens, sentences, gone)
    return Text(text, vocabulary, encoded, told.source)


class _Tokenizers:
    """The tokenizers of a project's texts: one that several texts have is read once."""

    def __init__(self, archive: ArchiveReader, description: Description, checks: Checks) -> None:
        self._archive, self._texts, self._checks = archive, description.texts, checks
        self._files: dict[int, TokenizerFile] = {}

    def file(self, index: int, tokens: Sequence[str]) -> TokenizerFile:
        """The tokenizer of text `index`, whose own tokens are the first of `tokens`."""
        checks = self._checks
        if index not in self._files:
            inside = 0 <= index < len(self._texts)
            checks.require(inside, DESCRIPTION, "a text with a tokenizer is missing")
            with checks.tokenizer(index) as name:
                text = self._archive.unpacked(name, TOKENIZER_LIMIT).decode("utf-8")
                self._files[index] = tokenizer_of(text, name, len(tokens) - 1)
        file = self._files[index]
        same = tuple(tokens[: len(file.tokens)]) == file.tokens
        checks.require(same, f"texts/{index}.tokenizer.json", "its tokens are others")
        return file

    def cut(self, lines: Collection[str]) -> None:
        """Refuse a tokenizer that gives up on one of `lines`: the window will have them cut."""
        for index, file in self._files.items():
            with self._checks.tokenizer(index):
                for line in lines:
                    TokenizerReader(file).encode(line)


def _encoded(
    beginning: str, told: DescribedText, corpus: Corpus, arrays: Arrays, checks: Checks
) -> EncodedCorpus:
    ids = checks.ids(arrays, f"{beginning}ids", told.size, np.int32)
    offsets = checks.offsets(arrays, f"{beginning}offsets", len(ids), len(corpus.sentences))
    labels = None
    if corpus.labels is not None:
        names = len(told.label_names)
        labels = checks.ids(arrays, f"{beginning}labels", names, np.int32)
        fits = len(labels) == len(corpus.sentences)
        checks.require(fits, ARRAYS, "labels and sentences differ in number")
    checks.require(0 <= told.pad_id < told.size, DESCRIPTION, "the pad has no row")
    return EncodedCorpus(
        Array.of(ids),
        Array.of(offsets),
        told.pad_id,
        None if labels is None else Array.of(labels),
        told.label_names,
    )


def _run(
    archive: ArchiveReader,
    index: int,
    told: DescribedRun,
    texts: tuple[Text, ...],
    arrays: Arrays,
    folder: Path,
    checks: Checks,
) -> SavedRun:
    checks.require(0 <= told.text < len(texts), DESCRIPTION, "a text is missing")
    losses = checks.losses(arrays, f"runs/{index}/losses")
    values = arrays.get(f"runs/{index}/values")
    rows = arrays.get(f"runs/{index}/rows")
    events = tuple(events_in(told.events, rows, told.config.table, texts, checks))
    marks = {mark.step: mark.name for mark in told.marks if 0 <= mark.step <= len(losses)}
    run = SavedRun(
        told.config,
        told.text,
        values,
        events,
        told.step,
        losses,
        (),
        marks,
        told.line,
        told.scenario,
        told.name,
        told.begins,
    )
    checks.run(run, texts)
    states = tuple(_states(archive, index, run, texts, folder / str(index), checks))
    checks.room(run, states)
    return replace(run, states=states)


def _states(
    archive: ArchiveReader,
    index: int,
    run: SavedRun,
    texts: tuple[Text, ...],
    folder: Path,
    checks: Checks,
) -> Iterator[KeptState]:
    folder.mkdir()
    for match in archive.names(STATE):
        if int(match[1]) == index:
            state = KeptState(int(match[2]), int(match[3]), folder / Path(match[0]).name)
            archive.extract(match[0], state.path)
            checks.state(match[0], state, run, texts)
            yield state
