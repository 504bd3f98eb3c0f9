"""What a table is trained for: each objective draws a batch of its corpus and gives its loss.

A batch is drawn from a generator handed in, and nothing else is random, so a step can be done
again. Batches are drawn from the flat corpus without a copy of every example: 20 million tokens
have hundreds of millions of pairs.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional
from typing_extensions import override

from core.config import ObjectiveConfig, ObjectiveName
from core.messages import EncodedCorpus
from core.outputs import Replaced, TiedOutputs, resize_outputs
from core.problems import NoExamples, NoLabels, OutOfBounds, ProblemError, TooMuchMemory
from core.table import EmbeddingTable, initialise_layer_, resized, weight_of

LARGEST_BATCH_BYTES = 2**31
NEGATIVE_POWER = 0.75  # Mikolov et al. 2013, "Distributed Representations of Words and Phrases"


@dataclass(frozen=True)
class Batch:
    """What one step trains on, as int64 ids.

    `inputs` (B,) or (B, T); `targets` (B,), ids or (sentence-label) label indices; `mask`
    bool (B, T) is False at pads; `negatives` (B, K).
    """

    inputs: Tensor
    targets: Tensor
    mask: Tensor | None = None
    negatives: Tensor | None = None


class FlatCorpus:
    """The corpus as tensors: `ids` (tokens,), `starts` and `ends` (sentences,), all int64."""

    def __init__(self, corpus: EncodedCorpus) -> None:
        self.ids = torch.from_numpy(corpus.ids.numpy().astype("int64"))
        offsets = torch.from_numpy(corpus.offsets.numpy().astype("int64"))
        self.starts, self.ends = offsets[:-1], offsets[1:]
        self.lengths = self.ends - self.starts
        self.longest = int(self.lengths.max()) if len(self.lengths) else 0
        self.pad_id = corpus.pad_id
        self.label_names = corpus.label_names
        self.labels = (
            None
            if corpus.labels is None
            else torch.from_numpy(corpus.labels.numpy().astype("int64"))
        )

    def sentences_of(self, positions: Tensor) -> Tensor:
        """The sentence each of `positions` (n,) in `ids` belongs to, (n,)."""
        return torch.searchsorted(self.ends, positions, right=True)

    def windows(self, reach: int) -> Tensor:
        """(n, 3) int32, for each token with a neighbour: the window of `reach` on both sides.

        Its position, the first position of its window, and how many others are in the window;
        kept for all, so that drawing a batch takes few operations.
        """
        centres = self.positions_with_neighbour()
        sentence = self.sentences_of(centres)
        first = torch.maximum(centres - reach, self.starts[sentence])
        last = torch.minimum(centres + reach, self.ends[sentence] - 1)
        return torch.stack((centres, first, last - first), 1).int()

    def positions_with_neighbour(self) -> Tensor:
        """Positions of all tokens in sentences of two or more tokens."""
        return torch.repeat_interleave(self.lengths > 1, self.lengths).nonzero().squeeze(1)


class Objective(nn.Module, ABC):
    """A head over a table. Its own parameters are initialised from torch's global generator."""

    def __init__(self, config: ObjectiveConfig, table: EmbeddingTable, corpus: FlatCorpus) -> None:
        super().__init__()
        self.config = config
        # In a list, so that the table is not registered as a part of the head.
        self._table = [table]
        self.build_head(corpus)
        self.use(corpus)

    @property
    def table(self) -> EmbeddingTable:
        """The table that is trained."""
        return self._table[0]

    @abstractmethod
    def build_head(self, corpus: FlatCorpus) -> None:
        """Make the parameters for the table, and for the labels of `corpus`."""

    def use(self, corpus: FlatCorpus) -> None:
        """Draw batches from `corpus`; one without examples is `missing` something."""
        self.missing = self.prepare(corpus)

    @abstractmethod
    def prepare(self, corpus: FlatCorpus) -> NoExamples | NoLabels | None:
        """Make ready to draw from `corpus`; returns what it lacks, if anything."""

    @abstractmethod
    def batch(self, size: int, generator: Generator) -> Batch:
        """Draw `size` examples, with replacement."""

    @abstractmethod
    def loss(self, batch: Batch) -> Tensor:
        """The mean loss over the examples of `batch`, a scalar with gradient."""

    def sparse_parameters(self) -> list[nn.Parameter]:
        """Those of its parameters whose gradients are sparse."""
        return []

    @abstractmethod
    def batch_bytes(self, size: int) -> int:
        """The bytes of the largest tensor that a step with `size` examples makes."""

    def check_batch(self, size: int) -> None:
        """Refuse a batch size below 1 or beyond memory, as a typed problem."""
        if size < 1:
            raise ProblemError(OutOfBounds("batch_size", size, low=1))
        needed = self.batch_bytes(size)
        if needed > LARGEST_BATCH_BYTES:
            raise ProblemError(TooMuchMemory("batch", needed, LARGEST_BATCH_BYTES))

    @abstractmethod
    def resize(self, corpus: FlatCorpus) -> list[Replaced]:
        """Follow the table's new number of rows, and `corpus`'s number of labels."""


class _OverVocabulary(Objective):
    """Objectives whose head scores every word: `nn.Linear(D, V)` and cross-entropy."""

    @override
    def build_head(self, corpus: FlatCorpus) -> None:
        rows, dimension = self.table.weight.shape
        drawn = nn.Linear(dimension, rows, dtype=self.table.weight.dtype)
        self.head = TiedOutputs(self.table, drawn) if self.config.is_tied else drawn

    @override
    def resize(self, corpus: FlatCorpus) -> list[Replaced]:
        return resize_outputs(self.head, self.table.weight.shape[1], len(self.table.weight))

    @override
    def batch_bytes(self, size: int) -> int:
        return size * len(self.table.weight) * self.table.weight.element_size()


class NextWord(_OverVocabulary):
    """From a token's row alone, predict the token after it."""

    @override
    def prepare(self, corpus: FlatCorpus) -> NoExamples | NoLabels | None:
        positions = torch.ones(len(corpus.ids), dtype=torch.bool)
        positions[corpus.ends[corpus.lengths > 0] - 1] = False
        self._firsts = positions.nonzero().squeeze(1)
        self._ids = corpus.ids
        return None if len(self._firsts) else NoExamples("next-word")

    @override
    def batch(self, size: int, generator: Generator) -> Batch:
        first = self._firsts[torch.randint(len(self._firsts), (size,), generator=generator)]
        return Batch(self._ids[first], self._ids[first + 1])

    @override
    def loss(self, batch: Batch) -> Tensor:
        return functional.cross_entropy(self.head(self.table(batch.inputs)), batch.targets)


class Cbow(_OverVocabulary):
    """From the mean of the rows around a token, predict the token (Mikolov et al. 2013).

    At the ends of a sentence the window is ragged and is filled with pads, which the mean leaves
    out by the mask.
    """

    @override
    def prepare(self, corpus: FlatCorpus) -> NoExamples | NoLabels | None:
        self._centres = corpus.positions_with_neighbour()
        self._corpus = corpus
        window = torch.arange(1, self.config.window + 1)
        self._around = torch.cat((-window.flip(0), window))
        return None if len(self._centres) else NoExamples("cbow")

    @override
    def batch(self, size: int, generator: Generator) -> Batch:
        corpus = self._corpus
        index = torch.randint(len(self._centres), (size,), generator=generator)
        centre = self._centres[index]
        sentence = corpus.sentences_of(centre)
        around = centre.unsqueeze(1) + self._around
        mask = around >= corpus.starts[sentence].unsqueeze(1)
        mask &= around < corpus.ends[sentence].unsqueeze(1)
        context = corpus.ids[around.clamp(0, len(corpus.ids) - 1)]
        return Batch(context.masked_fill(~mask, corpus.pad_id), corpus.ids[centre], mask)

    @override
    def loss(self, batch: Batch) -> Tensor:
        assert batch.mask is not None
        mean = masked_mean(self.table(batch.inputs), batch.mask)
        return functional.cross_entropy(self.head(mean), batch.targets)


class SkipGram(Objective):
    """From a token's row, tell its neighbours from drawn negatives (Mikolov et al. 2013).

    Two tables: the one that is shown holds the centres, the other the neighbours and negatives.
    Both begin alike; word2vec's zeros would leave the shown rows still in the first step.
    """

    @override
    def build_head(self, corpus: FlatCorpus) -> None:
        (rows, dimension), dtype = self.table.weight.shape, self.table.weight.dtype
        sparse = self.table.config.sparse
        self.neighbours = nn.Embedding(rows, dimension, sparse=sparse, dtype=dtype)
        initialise_layer_(self.neighbours, self.table.config.initialisation)

    @override
    def resize(self, corpus: FlatCorpus) -> list[Replaced]:
        old, rows = weight_of(self.neighbours), len(self.table.weight)
        new = resized(old, rows, self.table.config.initialisation)
        self.neighbours.weight = new
        self.neighbours.num_embeddings = rows
        return [(old, new)]

    @override
    def sparse_parameters(self) -> list[nn.Parameter]:
        return [weight_of(self.neighbours)] if self.neighbours.sparse else []

    @override
    def batch_bytes(self, size: int) -> int:
        weight = self.table.weight
        return size * self.config.negatives * weight.shape[1] * weight.element_size()

    @override
    def prepare(self, corpus: FlatCorpus) -> NoExamples | NoLabels | None:
        self._ids = corpus.ids
        self._windows = corpus.windows(self.config.window)
        counts = torch.bincount(corpus.ids, minlength=len(self.table.weight)).double()
        # Up to a million words: a binary search in the cumulative sum, not torch.multinomial,
        # which reads every weight for every draw.
        self._cumulative = counts.pow(NEGATIVE_POWER).cumsum(0)
        self._total = float(self._cumulative[-1]) if len(self._cumulative) else 0.0
        return None if len(self._windows) else NoExamples("skip-gram")

    @override
    def batch(self, size: int, generator: Generator) -> Batch:
        index = torch.randint(len(self._windows), (size,), generator=generator)
        # index_select: the same ids as brackets would give, in fewer microseconds.
        centre, first, others = self._windows.index_select(0, index).long().unbind(1)
        drawn = torch.rand(size, generator=generator, dtype=torch.float64)
        neighbour = first + (drawn * others).long()
        neighbour += neighbour >= centre
        inputs, targets = self._ids.index_select(0, centre), self._ids.index_select(0, neighbour)
        return Batch(inputs, targets, negatives=self._draw_negatives(size, generator))

    def _draw_negatives(self, size: int, generator: Generator) -> Tensor:
        shape = (size, self.config.negatives)
        drawn = torch.rand(shape, generator=generator, dtype=torch.float64)
        return torch.searchsorted(self._cumulative, drawn * self._total, right=True)

    @override
    def loss(self, batch: Batch) -> Tensor:
        assert batch.negatives is not None
        centres = self.table(batch.inputs)
        true = (centres * self.neighbours(batch.targets)).sum(-1)
        false = (self.neighbours(batch.negatives) @ centres.unsqueeze(-1)).squeeze(-1)
        log_likelihood = functional.logsigmoid(true) + functional.logsigmoid(-false).sum(-1)
        return -log_likelihood.mean()


class SentenceLabel(Objective):
    """From the pooled rows of a sentence, predict its label."""

    @override
    def build_head(self, corpus: FlatCorpus) -> None:
        weight = self.table.weight
        self.head = nn.Linear(weight.shape[1], _outputs(corpus), dtype=weight.dtype)

    @override
    def resize(self, corpus: FlatCorpus) -> list[Replaced]:
        return resize_outputs(self.head, self.head.in_features, _outputs(corpus))

    @override
    def prepare(self, corpus: FlatCorpus) -> NoExamples | NoLabels | None:
        self._corpus = corpus
        self._filled = (corpus.lengths > 0).nonzero().squeeze(1)
        if corpus.labels is None:
            return NoLabels()
        self._labels = corpus.labels
        return None if len(self._filled) else NoExamples("sentence-label")

    @override
    def batch_bytes(self, size: int) -> int:
        weight = self.table.weight
        return size * self._corpus.longest * weight.shape[1] * weight.element_size()

    @override
    def batch(self, size: int, generator: Generator) -> Batch:
        corpus = self._corpus
        index = torch.randint(len(self._filled), (size,), generator=generator)
        sentence = self._filled[index]
        lengths = corpus.lengths[sentence]
        column = torch.arange(int(lengths.max()))
        mask = column < lengths.unsqueeze(1)
        at = (corpus.starts[sentence].unsqueeze(1) + column).clamp_(max=len(corpus.ids) - 1)
        return Batch(corpus.ids[at].masked_fill(~mask, corpus.pad_id), self._labels[sentence], mask)

    @override
    def loss(self, batch: Batch) -> Tensor:
        assert batch.mask is not None
        pooled = pool(self.table(batch.inputs), batch.mask, self.config)
        return functional.cross_entropy(self.head(pooled), batch.targets)


def _outputs(corpus: FlatCorpus) -> int:
    """One output a label; one at the least, since nn.Linear without any warns."""
    return max(1, len(corpus.label_names))


def masked_mean(vectors: Tensor, mask: Tensor) -> Tensor:
    """The mean of `vectors` (B, T, D) over the positions where `mask` (B, T) is True: (B, D)."""
    # masked_fill, not a product: a pad row that is NaN would make 0 * NaN.
    kept = vectors.masked_fill(~mask.unsqueeze(-1), 0.0)
    return kept.sum(1) / mask.sum(1, keepdim=True)


def pool(vectors: Tensor, mask: Tensor, config: ObjectiveConfig) -> Tensor:
    """`vectors` (B, T, D) to (B, D); only "masked-mean" leaves the pads out, as many models do."""
    match config.pooling:
        case "masked-mean":
            return masked_mean(vectors, mask)
        case "mean":
            return vectors.mean(1)
        case "sum":
            return vectors.sum(1)
        case "max":
            return vectors.amax(1)


_OBJECTIVES: dict[ObjectiveName, type[Objective]] = {
    "next-word": NextWord,
    "cbow": Cbow,
    "skip-gram": SkipGram,
    "sentence-label": SentenceLabel,
}


def make_objective(config: ObjectiveConfig, table: EmbeddingTable, corpus: FlatCorpus) -> Objective:
    """The objective `config` names, over `table` and drawing from `corpus`."""
    for name in ("window", "negatives"):
        if getattr(config, name) < 1:
            raise ProblemError(OutOfBounds(name, getattr(config, name), low=1))
    return _OBJECTIVES[config.name](config, table, corpus)
