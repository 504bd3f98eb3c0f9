"""What stands behind an embedding: from vectors (B, T, D) to one vector (B, D) and a loss.

Each head is a real torch module. Its parameters are drawn from torch's global generator, the
classifier first, so that two heads after one seed have the same classifier.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override


@dataclass(frozen=True)
class Inputs:
    """A padded batch: `ids` int64 (B, T), `mask` bool (B, T) False at pads, `lengths` int64 (B,).

    `labels` int64 (B,).
    """

    ids: Tensor
    mask: Tensor
    lengths: Tensor
    labels: Tensor


class Pooled(NamedTuple):
    """`vector` (B, D), and the share (B, T) that attention gave each cell, if there is any."""

    vector: Tensor
    attention: Tensor | None = None


@dataclass(frozen=True)
class Reading:
    """What a head made of a batch.

    `output` is what the shift probes look at: the pooled vector, or the logits of the last column.
    """

    pooled: Tensor
    attention: Tensor | None
    output: Tensor
    loss: Tensor


class Head(nn.Module, ABC):
    """Reads the vectors that `layer` (V, D) looked up."""

    looks_up: ClassVar[bool] = True
    """Whether it reads the layer's output, (B, T, D); otherwise it goes to the weight itself."""

    pooled_is_row: ClassVar[bool] = False
    """Whether the pooled vector lives among the table's rows, untransformed."""

    @abstractmethod
    def forward(self, vectors: Tensor, inputs: Inputs) -> Reading:
        """Read `vectors` (B, T, D); (0,) for a head that does not look up."""


class PooledHead(Head):
    """Pools a sentence to one vector, and predicts the sentence's label from it linearly."""

    def __init__(self, layer: nn.Embedding, labels: int) -> None:
        super().__init__()
        self.classifier = nn.Linear(layer.embedding_dim, labels, dtype=layer.weight.dtype)
        self.build(layer)

    def build(self, layer: nn.Embedding) -> None:
        """Make what pools; most heads have no parameters."""

    @abstractmethod
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        """`vectors` (B, T, D) to (B, D)."""

    @override
    def forward(self, vectors: Tensor, inputs: Inputs) -> Reading:
        pooled, attention = self.pool(vectors, inputs)
        loss = functional.cross_entropy(self.classifier(pooled), inputs.labels)
        return Reading(pooled, attention, pooled, loss)


def masked_mean(vectors: Tensor, mask: Tensor) -> Tensor:
    """The mean of `vectors` (B, T, D) where `mask` (B, T) is True: (B, D); zeros where it never is.

    masked_fill, not a product: a pad row that is NaN would make 0 · NaN.
    """
    kept = vectors.masked_fill(~mask.unsqueeze(-1), 0.0)
    return kept.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)


class Mean(PooledHead):
    """The mean over all columns: a zero pad row draws it to 0, by 1 − n/L of its length."""

    pooled_is_row = True

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        return Pooled(vectors.mean(1))


class MaskedMean(PooledHead):
    """The mean over the real tokens; zeros for an empty sentence."""

    pooled_is_row = True

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        return Pooled(masked_mean(vectors, inputs.mask))


class Sum(PooledHead):
    """The sum over all columns: right while the pad row is zero."""

    pooled_is_row = True

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        return Pooled(vectors.sum(1))


class Max(PooledHead):
    """The largest value of each dimension over all columns: a pad's 0 hides what is negative."""

    pooled_is_row = True

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        return Pooled(vectors.amax(1))


class Bag(PooledHead):
    """`nn.EmbeddingBag` in mode "mean" on the table's own weight, with the table's padding_idx.

    It leaves out every id that equals padding_idx, and divides by how many are left; without
    padding_idx a pad counts as a word. An empty sentence gives zeros with it, the pad row without.
    """

    looks_up = False
    pooled_is_row = True

    @override
    def build(self, layer: nn.Embedding) -> None:
        self.bag = nn.EmbeddingBag(
            layer.num_embeddings,
            layer.embedding_dim,
            max_norm=layer.max_norm,
            norm_type=layer.norm_type,
            mode="mean",
            padding_idx=layer.padding_idx,
            _weight=layer.weight.detach(),
        )
        self.bag.weight = layer.weight

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        return Pooled(self.bag(inputs.ids))


class NextWord(Head):
    """From each column's row alone, predict the id in the next column, over the whole vocabulary.

    Its output is the logits of the last column, as `logits[:, -1]` in a loop that generates:
    padded on the right, that is a pad. Ids that equal the pad id are ignored as targets
    (ignore_index), so what the last pad on the left predicts does count.
    """

    pooled_is_row = True

    def __init__(self, layer: nn.Embedding, pad: int) -> None:
        super().__init__()
        self.pad = pad
        self.weights = self.output_weights(layer)

    @abstractmethod
    def output_weights(self, layer: nn.Embedding) -> nn.Linear:
        """`nn.Linear(D, V)` without a bias, which scores every word."""

    @override
    def forward(self, vectors: Tensor, inputs: Inputs) -> Reading:
        logits = self.weights(vectors)
        targets = inputs.ids[:, 1:].flatten()
        loss = functional.cross_entropy(
            logits[:, :-1].flatten(0, 1), targets, ignore_index=self.pad
        )
        return Reading(vectors[:, -1], None, logits[:, -1], loss)


class Tied(NextWord):
    """Scores words by the table itself: the softmax pushes every row, the pad's included."""

    @override
    def output_weights(self, layer: nn.Embedding) -> nn.Linear:
        rows, dimension = layer.weight.shape
        output = nn.Linear(dimension, rows, bias=False, device="meta", dtype=layer.weight.dtype)
        output.weight = layer.weight
        return output


class Untied(NextWord):
    """Scores words by weights of its own."""

    @override
    def output_weights(self, layer: nn.Embedding) -> nn.Linear:
        rows, dimension = layer.weight.shape
        return nn.Linear(dimension, rows, bias=False, dtype=layer.weight.dtype)
