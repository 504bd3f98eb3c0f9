"""Tokens and their ids: which row of the table belongs to which token.

A vocabulary never changes. Edited sentences give another one, in which every token keeps its id, so
that no trained row is lost or renumbered; to undo an edit is to go back to the vocabulary before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from core.problems import DuplicateToken, IdOutOfRange, ProblemError
from core.progress import Progress, report
from core.readers import Reader, Token, TokenizerReader, WordReader
from core.token_finder import TokenFinder
from core.tokenizer_file import TokenizerFile, read_tokenizer_file
from core.vocabulary_config import (
    LARGEST_SPECIAL_ID,
    VocabularyConfig,
    check_given,
    choose,
    place,
    splitter_of,
)
from core.words import WordSplitter

__all__ = ["Token", "Vocabulary", "VocabularyConfig"]

REPORT_EVERY = 4096
MOST_UNUSED = 1024  # ids without a token, to keep the special ones where they were


class Vocabulary:
    """Token ↔ id, and how often each occurs in the sentences; the class methods make one."""

    def __init__(
        self,
        tokens: tuple[str, ...],
        reader: Reader,
        counts: NDArray[np.int64],
        occurred: NDArray[np.bool_],
        config: VocabularyConfig | None,
        pad_id: int | None,
        finder: TokenFinder | None = None,
    ) -> None:
        counts.flags.writeable = False
        self._tokens = tokens
        self._reader = reader
        self._counts = counts
        self._occurred = occurred
        self._config = config
        self._pad_id = pad_id
        self._finder = finder or TokenFinder(tokens)

    # ── making one ────────────────────────────────────────────────────────────────────────────

    @classmethod
    def build(
        cls,
        sentences: Sequence[str],
        config: VocabularyConfig | None = None,
        progress: Progress | None = None,
    ) -> "Vocabulary":
        """The vocabulary of `sentences`: words by first appearance, around the special ids.

        `progress` counts sentences. Raises `Cancelled`, and `ProblemError` for a bad `config`.
        """
        config = config or VocabularyConfig()
        splitter = splitter_of(config)
        found = splitter.count(sentences, progress)
        taken = {splitter.key(config.unk_token), splitter.key(config.pad_token)}
        room = None if config.maximum_size is None else config.maximum_size - len(taken)
        words = choose(found, taken, config.minimum_count, room)
        return cls._of_words(place(words, config), config, splitter, found)

    @classmethod
    def from_tokens(
        cls,
        tokens: Sequence[str],
        config: VocabularyConfig | None = None,
        sentences: Sequence[str] = (),
        vanished: Sequence[int] = (),
        progress: Progress | None = None,
    ) -> "Vocabulary":
        """A given list of tokens, numbered as they come, with the counts of `sentences`.

        The special tokens must stand in `tokens` where `config` says. `vanished` are ids of words
        that occurred once. Raises `ProblemError` if a special token stands elsewhere, or a token
        comes twice; and `Cancelled` when `progress`, which counts sentences, says False.
        """
        config = config or VocabularyConfig()
        splitter = splitter_of(config, max(LARGEST_SPECIAL_ID, len(tokens)))
        check_given(tokens, config)
        found = splitter.count(sentences, progress)
        return cls._of_words(tuple(tokens), config, splitter, found, vanished)

    @classmethod
    def from_tokenizer_file(cls, path: Path) -> "Vocabulary":
        """The tokens of a user's tokenizer.json, with its own splitting and ids.

        `unk_id` and `pad_id` are None where it has none; an id that it skips gets a name of its
        own. Raises `ProblemError`: `BadTokenizer`, or why the file cannot be read.
        """
        return cls.of_tokenizer(read_tokenizer_file(path))

    @classmethod
    def of_tokenizer(
        cls,
        file: TokenizerFile,
        tokens: Sequence[str] = (),
        sentences: Sequence[str] = (),
        vanished: Sequence[int] = (),
    ) -> "Vocabulary":
        """The same of a `file` that was read, with the counts of `sentences`.

        `tokens`, which begin with those of the file, if there are more; `vanished` are ids of
        tokens that occurred once.
        """
        names = tuple(tokens) or file.tokens
        counts = np.zeros(len(names), np.int64)
        occurred = counts > 0
        occurred[list(vanished)] = True
        reader = TokenizerReader(file)
        made = cls(names, reader, counts, occurred, None, file.pad_id)
        return made.with_sentences(sentences) if sentences else made

    @classmethod
    def _of_words(
        cls,
        tokens: tuple[str, ...],
        config: VocabularyConfig,
        splitter: WordSplitter,
        found: Mapping[str, int],
        vanished: Sequence[int] = (),
    ) -> "Vocabulary":
        keys = tokens if not config.lower_case else [splitter.key(token) for token in tokens]
        index = dict(zip(keys, range(len(keys)), strict=True))
        if len(index) < len(keys):
            _refuse_repeated(tokens, keys)
        reader = WordReader(splitter, index, config.unk_id)
        counts = reader.counts(found, len(tokens))
        occurred = counts > 0
        occurred[list(vanished)] = True
        return cls(tokens, reader, counts, occurred, config, config.pad_id)

    # ── after an edit ─────────────────────────────────────────────────────────────────────────

    def with_sentences(
        self, sentences: Sequence[str], progress: Progress | None = None
    ) -> "Vocabulary":
        """This vocabulary after an edit: no id changes, new words are appended, counts are new.

        Gives back this very object if nothing changes at all. A vocabulary from a tokenizer file
        does not grow. `progress` counts sentences; raises `Cancelled`.
        """
        if self._config is None or not isinstance(self._reader, WordReader):
            return self._with_counts(self._count_encoded(sentences, progress))
        reader = self._reader
        found = reader.splitter.count(sentences, progress)
        limit = self._config.maximum_size
        room = None if limit is None else max(0, limit - len(self))
        words = choose(found, reader.index, self._config.minimum_count, room)
        if not words:
            return self._with_counts(reader.counts(found, len(self)))
        reader = reader.grown(words, len(self))
        tokens = (*self._tokens, *words)
        counts = reader.counts(found, len(tokens))
        occurred = counts > 0
        occurred[: len(self)] |= self._occurred
        return Vocabulary(tokens, reader, counts, occurred, self._config, self._pad_id)

    def rebuilt(self, sentences: Sequence[str], progress: Progress | None = None) -> "Vocabulary":
        """The vocabulary that `sentences` alone give under the same settings; ids may change.

        One from a tokenizer file has its tokens from there and only counts again.
        """
        if self._config is None:
            return self.with_sentences(sentences, progress)
        config = self._config
        if max(config.unk_id, config.pad_id) > max(len(sentences), MOST_UNUSED):
            # They stood at the end of a given table: nothing would be between there and the words.
            config = replace(config, unk_id=0, pad_id=1)
        return Vocabulary.build(sentences, config, progress)

    def _count_encoded(
        self, sentences: Sequence[str], progress: Progress | None
    ) -> NDArray[np.int64]:
        counts = np.zeros(len(self), np.int64)
        for ids in self.encode_many(sentences, progress):
            np.add.at(counts, np.asarray(ids, np.int64), 1)
        return counts

    def _with_counts(self, counts: NDArray[np.int64]) -> "Vocabulary":
        if np.array_equal(counts, self._counts):
            return self
        occurred = self._occurred | (counts > 0)
        return Vocabulary(
            self._tokens, self._reader, counts, occurred, self._config, self._pad_id, self._finder
        )

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def __len__(self) -> int:
        return len(self._tokens)

    @property
    def config(self) -> VocabularyConfig | None:
        """The settings it was made with; None for one from a tokenizer file."""
        return self._config

    @property
    def tokenizer(self) -> TokenizerFile | None:
        """The tokenizer file that it is from, if it is from one."""
        return self._reader.file if isinstance(self._reader, TokenizerReader) else None

    @property
    def unk_id(self) -> int | None:
        """The id of every unknown token; None only if a tokenizer file has none."""
        return self._reader.unk_id

    @property
    def pad_id(self) -> int | None:
        """The id of the padding token; None only if a tokenizer file has none."""
        return self._pad_id

    @property
    def tokens(self) -> Sequence[str]:
        """All tokens; a token's place is its id."""
        return self._tokens

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many tokens of the sentences have each id: int64 (V,), read-only."""
        return self._counts

    def token(self, id_: int) -> str:
        """The token of `id_`; raises `ProblemError(IdOutOfRange)`."""
        if not 0 <= id_ < len(self._tokens):
            raise ProblemError(IdOutOfRange(id_, 0, len(self._tokens)))
        return self._tokens[id_]

    def id(self, token: str) -> int | None:
        """The id of `token`, or None if the vocabulary lacks it."""
        return self._reader.id(token)

    def count(self, id_: int) -> int:
        """How many tokens of the sentences have `id_`; for `unk_id`, how many are unknown."""
        return int(self._counts[id_])

    def is_vanished(self, id_: int) -> bool:
        """Whether the sentences held this word once and hold it no more."""
        special = id_ in (self.unk_id, self.pad_id)
        return not special and bool(self._occurred[id_] and self._counts[id_] == 0)

    @property
    def vanished(self) -> NDArray[np.int64]:
        """The ids of all words that `is_vanished`, ascending: int64 (n,)."""
        gone = np.flatnonzero(self._occurred & (self._counts == 0))
        special = [id_ for id_ in (self.unk_id, self.pad_id) if id_ is not None]
        return gone[~np.isin(gone, special)]

    def encode(self, text: str) -> tuple[Token, ...]:
        """The tokens of `text`, with their ids and their offsets in characters."""
        return self._reader.encode(text)

    def encode_ids(self, text: str) -> list[int]:
        """The ids of `text`, as in `encode`."""
        return [id_ for ids in self._reader.encode_many([text]) for id_ in ids]

    def encode_many(
        self, sentences: Sequence[str], progress: Progress | None = None
    ) -> Iterator[Sequence[int]]:
        """The ids of each sentence, as in `encode`, and much quicker for many.

        `progress` counts sentences; raises `Cancelled`.
        """
        total = len(sentences)
        for done, ids in enumerate(self._reader.encode_many(sentences)):
            if done % REPORT_EVERY == 0:
                report(progress, done, total)
            yield ids
        report(progress, total, total)

    @property
    def finder(self) -> TokenFinder:
        """Finds all tokens by their letters."""
        return self._finder

    def find(self, prefix: str, limit: int = 20) -> list[int]:
        """At most `limit` ids whose tokens begin with `prefix`, whatever their case.

        Exact ones come first, then by id.
        """
        return self._finder.find(prefix, limit)


def _refuse_repeated(tokens: Sequence[str], keys: Sequence[str]) -> NoReturn:
    """Raise `ProblemError(DuplicateToken)` for the first of `tokens` whose key came before."""
    first: dict[str, int] = {}
    for id_, (token, key) in enumerate(zip(tokens, keys, strict=True)):
        if first.setdefault(key, id_) != id_:
            raise ProblemError(DuplicateToken(token, first[key], id_))
    raise ValueError(keys)
