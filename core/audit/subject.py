"""What the audit looks at. What is not known is None, and what rests on it is not looked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.audit.finding import as_cells
from core.config import RunConfig
from core.messages import EncodedCorpus
from core.vocabulary import Vocabulary

K = TypeVar("K", bound=np.generic)
AT_ONCE = 2**18  # tokens: bincount lets no other thread of Python run


def count_ids(
    ids: NDArray[np.integer], rows: int, times: NDArray[np.integer | np.bool_] | None = None
) -> NDArray[np.int64]:
    """How often each of 0 … rows − 1 is in `ids` (n,), each counted `times` (n,): int64 (rows,)."""
    counts = np.zeros(rows, np.int64)
    for start in range(0, len(ids), AT_ONCE):
        piece = ids[start : start + AT_ONCE]
        inside = (piece >= 0) & (piece < rows)
        weights = None if times is None else times[start : start + AT_ONCE][inside]
        counts += np.bincount(piece[inside], weights, minlength=rows).astype(np.int64)
    return counts


def _counted_from(starts: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """How far each of 0 … count − 1 is from the last of `starts` (n,) before it: (count,).

    In pieces, between which other threads of Python run. The first of `starts` is 0.
    """
    last = np.zeros(count, np.int32)
    last[starts] = starts
    for start in range(0, count, AT_ONCE):
        piece = last[max(0, start - 1) : start + AT_ONCE]  # from the last of the piece before
        np.maximum.accumulate(piece, out=piece)
    for start in range(0, count, AT_ONCE):
        piece = last[start : start + AT_ONCE]
        np.subtract(np.arange(start, start + len(piece), dtype=np.int32), piece, out=piece)
    return last


@dataclass(frozen=True, eq=False)
class Text:
    """Sentences as ids: sentence i is `ids[offsets[i]:offsets[i + 1]]`, int (tokens,).

    `pad_id` fills what is ragged, whether or not the vocabulary has a padding token. What is
    worked out of them is kept: the sentences stay while a table trains on them.
    """

    ids: NDArray[np.integer]
    offsets: NDArray[np.int64]
    pad_id: int = 0
    _kept: dict[object, NDArray[Any]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, corpus: EncodedCorpus) -> "Text":
        """The sentences that the engine is given."""
        return cls(corpus.ids.numpy(), corpus.offsets.numpy(), corpus.pad_id)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """The number of tokens in each sentence: (sentences,)."""
        return np.diff(self.offsets)

    @property
    def filled(self) -> NDArray[np.int64]:
        """The lengths of the sentences that are not empty."""
        return self.lengths[self.lengths > 0]

    @cached_property
    def positions(self) -> NDArray[np.int32]:
        """The position of each token in its sentence, from 0: (tokens,)."""
        return _counted_from(self.offsets[:-1][self.lengths > 0], len(self.ids))

    @cached_property
    def following(self) -> NDArray[np.int32]:
        """How many tokens of its sentence follow each token: (tokens,)."""
        from_the_end = len(self.ids) - self.offsets[1:][self.lengths > 0]
        return _counted_from(from_the_end, len(self.ids))[::-1]

    def kept(self, key: object, work: Callable[[], NDArray[K]]) -> NDArray[K]:
        """What `work` gives, which only `key` and the sentences determine; done once."""
        if key not in self._kept:
            self._kept[key] = work()
        return self._kept[key]

    def counts(self, rows: int) -> NDArray[np.int64]:
        """How often each of the ids 0 … rows − 1 occurs: int64 (rows,)."""
        return self.kept(("counts", rows), lambda: count_ids(self.ids, rows))

    def sentences_of(self, tokens: NDArray[np.integer]) -> NDArray[np.int64]:
        """The sentence, from 0, of each of the places `tokens` (n,) in `ids`."""
        return np.searchsorted(self.offsets[1:], tokens, side="right")

    def cells(self, tokens: NDArray[np.integer]) -> NDArray[np.int64]:
        """The places `tokens` (n,) in `ids` as the cells (n, 2) of a finding."""
        return as_cells(self.sentences_of(tokens), self.positions[tokens])


@dataclass(frozen=True, eq=False)
class OptimizerFacts:
    """What only a look at the optimizer itself and at the parameter can tell.

    `holds_table`: the very parameter of the table is in one of its groups. `trainable`: the
    parameter's requires_grad. `has_gradient`: a gradient lies in its `.grad`. `tied`: other
    parameters, by name, that share its memory.
    """

    holds_table: bool = True
    trainable: bool = True
    has_gradient: bool = False
    tied: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class StudiedBatch:
    """A batch under study beside the run: what reads it, and how it is padded.

    `extra` pads are added behind its longest sentence; `pad_is_zero` None: as the table has it.
    """

    head: str
    text: Text
    padding_idx: int | None
    extra: int = 0
    pad_is_zero: bool | None = None


@dataclass(frozen=True, eq=False)
class Subject:
    """A table (V, D) with what is known about it.

    `padding_idx` is the table's, `pad_id` and `unk_id` the vocabulary's own. `initial` uint64 (V,)
    are the fingerprints (`core.audit.fingerprints`) of the rows at step 0, `touched` bool (V,)
    says which rows got a gradient in any of the `steps` so far. `head` names how a sentence's
    vectors become one, as the padding laboratory names it; None: as the objective does. `extra`
    pads are added behind the longest sentence.
    """

    rows: NDArray[Any] | None = None
    tokens: Sequence[str] | None = None
    padding_idx: int | None = None
    pad_id: int | None = None
    unk_id: int | None = None
    text: Text | None = None
    config: RunConfig | None = None
    head: str | None = None
    extra: int = 0
    initial: NDArray[np.uint64] | None = None
    touched: NDArray[np.bool_] | None = None
    optimizer: OptimizerFacts | None = None
    steps: int = 0

    @classmethod
    def of_run(
        cls,
        config: RunConfig,
        corpus: EncodedCorpus,
        vocabulary: Vocabulary,
        rows: NDArray[Any] | None = None,
        **known: Any,  # noqa: ANN401 (fields of this class)
    ) -> "Subject":
        """A run under `config` on `corpus`; `known` are more of the fields."""
        return cls(
            rows=rows,
            tokens=vocabulary.tokens,
            padding_idx=config.table.padding_idx,
            pad_id=vocabulary.pad_id,
            unk_id=vocabulary.unk_id,
            text=Text.of(corpus),
            config=config,
            **known,
        )

    @property
    def size(self) -> int:
        """V, the number of rows."""
        if self.rows is not None:
            return len(self.rows)
        if self.config is not None:
            return self.config.table.num_embeddings
        return len(self.tokens or ())

    @property
    def padding_row(self) -> int | None:
        """The row that padding_idx means; a negative one counts from the end."""
        if self.padding_idx is None or not -self.size <= self.padding_idx < self.size:
            return None
        return self.padding_idx % self.size

    @property
    def special(self) -> NDArray[np.int64]:
        """The rows that stand for no word: of padding and of the unknown."""
        ids = {self.padding_row, self.pad_id, self.unk_id} - {None}
        return np.array(sorted(id_ for id_ in ids if id_ is not None and id_ < self.size), np.int64)

    @property
    def objective(self) -> str | None:
        """The name of the objective, if there is one."""
        return None if self.config is None else self.config.objective.name

    @property
    def is_tied(self) -> bool:
        """Whether the table is the output weights too, so that the softmax reaches every row."""
        if self.optimizer is not None and self.optimizer.tied:
            return True
        if self.head is not None:
            return self.head == "tied"
        return self.config is not None and self.config.objective.is_tied

    @property
    def pooled_by(self) -> str | None:
        """How a sentence's vectors become one; None where they never do."""
        if self.head is not None:
            return self.head
        if self.config is not None and self.config.objective.name == "sentence-label":
            return self.config.objective.pooling
        return None
