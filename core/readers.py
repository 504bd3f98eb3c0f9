"""How a vocabulary reads text: over words it knows, or over a user's own tokenizer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.problems import TokenizerGaveUp
from core.tokenizer_file import TokenizerFile, faults_as
from core.words import WordSplitter, mend

BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: `text` as it was typed at characters `start` … `end`, and its id.

    `known` is False where the vocabulary lacks it and `id` is therefore the unknown id.
    """

    text: str
    id: int
    known: bool
    start: int
    end: int


class Reader(Protocol):
    """Turns text into tokens and ids; `unk_id` is the id of what it does not know."""

    @property
    def unk_id(self) -> int | None:
        """The id of what is not known, if there is one."""

    def id(self, token: str) -> int | None:
        """The id of `token`, or None."""

    def encode(self, text: str) -> tuple[Token, ...]:
        """The tokens of `text`, with what a person may want to know of each."""

    def encode_many(self, sentences: Sequence[str]) -> Iterator[Sequence[int]]:
        """The ids of each sentence, for corpora."""


class _ChunkIds(dict[str, tuple[int, ...]]):
    """The ids of a chunk's words, cut at its first occurrence and remembered."""

    def __init__(self, reader: "WordReader") -> None:
        super().__init__()
        self._reader = reader

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        ids = self[chunk] = self._reader.chunk_ids(chunk)
        return ids


class WordReader:
    """Reads the words that `splitter` cuts, by their id in `index`, else as `unk_id`."""

    def __init__(self, splitter: WordSplitter, index: Mapping[str, int], unk_id: int) -> None:
        self.splitter = splitter
        self.index = index
        self.unk_id = unk_id

    def id(self, token: str) -> int | None:
        """The id of `token`, or None."""
        return self.index.get(self.splitter.key(token))

    def encode(self, text: str) -> tuple[Token, ...]:
        """The tokens of `text`, with offsets in characters."""
        tokens = []
        for word, (start, end) in self.splitter.spans(text):
            id_ = self.index.get(self.splitter.key(word))
            known = id_ is not None
            tokens.append(Token(word, self.unk_id if id_ is None else id_, known, start, end))
        return tuple(tokens)

    def encode_many(self, sentences: Sequence[str]) -> Iterator[Sequence[int]]:
        """The ids of each sentence; each distinct chunk is looked at once."""
        ids_of = _ChunkIds(self).__getitem__
        for sentence in sentences:
            yield list(chain.from_iterable(map(ids_of, sentence.split())))

    def chunk_ids(self, chunk: str) -> tuple[int, ...]:
        """The ids of the words of `chunk`, which holds no white space."""
        return tuple(self.index.get(key, self.unk_id) for key in self.splitter.keys(chunk))

    def counts(self, found: Mapping[str, int], size: int) -> NDArray[np.int64]:
        """The counts by id, int64 (size,), of the counts by key in `found`."""
        counts = np.zeros(size, np.int64)
        for key, times in found.items():
            counts[self.index.get(key, self.unk_id)] += times
        return counts

    def grown(self, words: Sequence[str], first_id: int) -> "WordReader":
        """A reader that knows `words` too, by ids from `first_id` on."""
        index = {**self.index, **{word: id_ for id_, word in enumerate(words, first_id)}}
        return WordReader(self.splitter, index, self.unk_id)


class TokenizerReader:
    """Reads through the Hugging Face tokenizer of `file`, without adding its special tokens.

    To read a text raises `ProblemError(TokenizerGaveUp)` where the library gives up on it.
    """

    def __init__(self, file: TokenizerFile) -> None:
        self.file = file
        self._tokenizer = file.tokenizer
        self.unk_id = file.unk_id
        self._unk_token = None if file.unk_id is None else self._tokenizer.id_to_token(file.unk_id)

    def id(self, token: str) -> int | None:
        """The id of `token`, or None."""
        id_: int | None = self._tokenizer.token_to_id(token)
        return id_

    def encode(self, text: str) -> tuple[Token, ...]:
        """The tokens of `text`; pieces of one character have that character's offsets."""
        with faults_as(TokenizerGaveUp):
            encoding = self._tokenizer.encode(mend(text), add_special_tokens=False)
        tokens = []
        for id_, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            piece = text[start:end]
            known = id_ != self.unk_id or piece == self._unk_token
            tokens.append(Token(piece, id_, known, start, end))
        return tuple(tokens)

    def encode_many(self, sentences: Sequence[str]) -> Iterator[Sequence[int]]:
        """The ids of each sentence, in blocks that `tokenizers` spreads over the cores."""
        for start in range(0, len(sentences), BLOCK):
            block = [mend(sentence) for sentence in sentences[start : start + BLOCK]]
            with faults_as(TokenizerGaveUp):
                encoded = self._tokenizer.encode_batch_fast(block, add_special_tokens=False)
            for encoding in encoded:
                yield encoding.ids
