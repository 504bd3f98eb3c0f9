"""A table of somebody's own: what is wanted of its file, and how it becomes something to train."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from core.config import Dtype, Initialisation, OptimizerConfig, RunConfig
from core.corpus import encode_corpus, parse_sentences
from core.formats import registry
from core.formats.opened_table import Choice, OpenedTable
from core.given_rows import LARGEST_SENT, RowsFile
from core.offers import offered_for
from core.progress import Progress, report
from core.tokenizer_file import TokenizerFile, read_tokenizer_file
from core.vocabulary import Vocabulary, VocabularyConfig
from core.vocabulary_config import unused_names
from core.whole_file import refusals_of
from gui.document import Document

TOKENIZER = "tokenizer.json"
LOWEST_RATE = 1e-6
LIVELY = 2.0  # rate × share of the commonest word × squared length of rows; at 100 the loss is Inf
GROWN = 4.0  # the squared length that short rows grow to in training
SAMPLE = 4096  # rows that tell how large the numbers of a fresh row shall be
LINE_TOKENS = 4
# What reading, numbering the tokens and keeping the rows take of the whole.
_SHARES = (0.6, 0.2, 0.2)
_WHOLE = 1000

Special = int | Literal["by name", "added"]
"""Where a special token is: the row, the one of that name, or one that is added at the end."""


@dataclass(frozen=True)
class Wanted:
    """What a person chose to open. `text` are the sentences to train on, which may be none."""

    choice: Choice = field(default_factory=Choice)
    unk: Special = "by name"
    pad: Special = "by name"
    frozen: bool = False
    text: str = ""


@dataclass(frozen=True, eq=False)
class ReadTable:
    """A table that was read: its rows (n, D), and all that a run on it begins with.

    The vocabulary has a token for each row, and after them those that were added. `values_file` is
    where the rows are, if they are too many for the pipe to the engine.
    """

    document: Document
    rows: NDArray[Any]
    values_file: RowsFile | None
    config: RunConfig
    line: str
    source: Path
    added: tuple[str, ...]


def load_table(path: Path, wanted: Wanted, folder: Path, progress: Progress) -> ReadTable:
    """Read `path` as `wanted`; rows that cannot be mapped where they are go into `folder`.

    `progress(done, total)` is told in thousandths of the whole. Raises `ProblemError`, and
    `Cancelled` when `progress` says False.
    """

    def part(number: int) -> Progress:
        start, share = sum(_SHARES[:number]), _SHARES[number]

        def tell(done: int, total: int) -> bool:
            return progress(round(_WHOLE * (start + share * done / max(total, 1))), _WHOLE)

        return tell

    opened = registry.read(path, wanted.choice, part(0))
    corpus = parse_sentences(wanted.text)
    vocabulary = _vocabulary(path, opened, wanted, corpus.sentences)
    document = Document(
        wanted.text, corpus, vocabulary, encode_corpus(corpus, vocabulary, part(1)), path
    )
    rows, file = _kept(opened.rows, folder, part(2))
    added = tuple(vocabulary.tokens[len(rows) :])
    labelled = corpus.labels is not None
    config = _config(opened, vocabulary, frozen=wanted.frozen, labelled=labelled)
    line = _line(vocabulary, corpus.sentences, len(rows))
    report(progress, _WHOLE, _WHOLE)
    return ReadTable(document, rows, file, config, line, path, added)


# ── tokens ────────────────────────────────────────────────────────────────────────────────────


def _vocabulary(
    path: Path, opened: OpenedTable, wanted: Wanted, sentences: Sequence[str]
) -> Vocabulary:
    """The file's tokens and the special ones; other words of the sentences are unknown to it."""
    tokens = opened.tokens
    if tokens is None:
        tokens = [str(row) for row in range(len(opened.rows))]
    tokenizer = _tokenizer(path, wanted.choice)
    if tokenizer is not None and tuple(tokens[: len(tokenizer.tokens)]) == tokenizer.tokens:
        return Vocabulary.of_tokenizer(tokenizer, tokens, sentences)
    unk = opened.unk_id if wanted.unk == "by name" else wanted.unk
    pad = wanted.pad
    if pad == "by name":
        by_name = opened.pad_id if opened.padding_idx is None else opened.padding_idx
        pad = "added" if by_name is None else by_name % len(tokens)
    unk = "added" if unk is None else unk
    names = list(tokens)
    places = {}
    for special, place in (("<unk>", unk), ("<pad>", pad)):
        if isinstance(place, int):
            places[special] = place
        else:
            places[special] = len(names)
            names.append(_free(special, tokens))
    unk_id, pad_id = places["<unk>"], places["<pad>"]
    config = VocabularyConfig(
        unk_id=unk_id, pad_id=pad_id, unk_token=names[unk_id], pad_token=names[pad_id]
    )
    return Vocabulary.from_tokens(names, config, sentences)


def _free(name: str, tokens: Sequence[str]) -> str:
    """`name`, or where a token has it another like it."""
    if name not in tokens:
        return name
    return next(unused_names(tokens)).replace(" ", "-")


def _tokenizer(path: Path, choice: Choice) -> TokenizerFile | None:
    """The tokenizer that the tokens came from, if they did: it splits words in its own way."""
    file = choice.tokens
    if file is None and path.is_dir() and (path / TOKENIZER).is_file():
        file = path / TOKENIZER
    if file is None or file.suffix.casefold() != ".json":
        return None
    with file.open("rb") as opened:
        if b'"model"' not in opened.read():
            return None
    return read_tokenizer_file(file)


def _line(vocabulary: Vocabulary, sentences: Sequence[str], rows: int) -> str:
    """What is typed to begin with: of the sentences if there are any, else the first words."""
    if sentences:
        tokens = vocabulary.encode(sentences[0])[: 2 * LINE_TOKENS]
        return sentences[0][: tokens[-1].end] if tokens else ""
    words = []
    for id_ in range(min(rows, SAMPLE)):
        token = vocabulary.token(id_)
        if token.isalnum() and not token.isdigit():
            words.append(token)
        if len(words) == LINE_TOKENS:
            break
    return " ".join(words)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────


def _kept(
    rows: NDArray[Any], folder: Path, progress: Progress
) -> tuple[NDArray[Any], RowsFile | None]:
    """(`rows`, where they are): mapped where they were read from, or from a file of our own."""
    if rows.nbytes <= LARGEST_SENT:
        return np.array(rows), None
    file = RowsFile.of(rows)
    if file is None:
        with refusals_of(folder):
            file = RowsFile.written(rows, folder, progress)
        rows = file.rows()  # so that the memory they were read into is free again
        rows.flags.writeable = False
    return rows, file


def _config(
    opened: OpenedTable, vocabulary: Vocabulary, *, frozen: bool, labelled: bool
) -> RunConfig:
    """The settings that suit the size, with the table as it was read."""
    offered = offered_for(len(vocabulary), opened.rows.shape[1], labelled=labelled)
    spread = _spread(opened.rows)
    dtypes: dict[str, Dtype] = {"float16": "float16", "float64": "float64"}
    table = replace(
        offered.table,
        padding_idx=vocabulary.pad_id,
        dtype=dtypes.get(opened.rows.dtype.name, "float32"),
        initialisation=Initialisation("given", spread),
        frozen=frozen,
    )
    length = opened.rows.shape[1] * spread**2
    optimizer = _gentler(offered.optimizer, length, vocabulary.counts)
    return replace(offered, table=table, optimizer=optimizer)


def _gentler(
    optimizer: OptimizerConfig, length: float, counts: NDArray[np.int64]
) -> OptimizerConfig:
    """`optimizer` with a rate for rows of about this squared length, and words that come so often.

    What is offered is for fresh rows, which are short, and for texts as rich in words as the table.
    SGD at that rate has no finite loss after a dozen steps on a usual file with a few sentences,
    whose every step moves the same long rows. Adagrad finds its own pace.
    """
    if optimizer.name != "sgd":
        return optimizer
    total = int(counts.sum())
    share = int(counts.max()) / total if total else 1.0
    rate = min(optimizer.rate, LIVELY / (share * max(length, GROWN)))
    return replace(optimizer, rate=max(LOWEST_RATE, float(f"{rate:.1g}")))


def _spread(rows: NDArray[Any]) -> float:
    """The standard deviation of the numbers, of which fresh rows shall be too."""
    stride = max(1, len(rows) // SAMPLE)
    sample = rows[::stride].astype(np.float64)
    spread = float(np.std(sample[np.isfinite(sample)])) if np.isfinite(sample).any() else 0.0
    return float(f"{spread:.3g}") if 0 < spread < np.finfo(np.float32).max else 0.1
