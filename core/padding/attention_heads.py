"""Heads with self-attention: `nn.MultiheadAttention` with one head, then a mean."""

from typing import ClassVar

from torch import Tensor, nn
from typing_extensions import override

from core.padding.heads import Inputs, Pooled, PooledHead, masked_mean


class Attention(PooledHead):
    """Attention over all columns, then the mean over the real tokens.

    The score of a zero key is 0, and e⁰ = 1 is a good share of a softmax.
    """

    masked: ClassVar[bool] = False
    mean_of_all: ClassVar[bool] = False

    @override
    def build(self, layer: nn.Embedding) -> None:
        self.attention = nn.MultiheadAttention(
            layer.embedding_dim, num_heads=1, batch_first=True, dtype=layer.weight.dtype
        )

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        hidden = self._hidden(inputs) if self.masked else None
        attended, weights = self.attention(vectors, vectors, vectors, key_padding_mask=hidden)
        if self.mean_of_all:
            return Pooled(attended.mean(1), weights.mean(1))
        return Pooled(masked_mean(attended, inputs.mask), masked_mean(weights, inputs.mask))

    @staticmethod
    def _hidden(inputs: Inputs) -> Tensor:
        """The keys to leave out, bool (B, T): pads, but in an empty sentence nothing.

        torch gives NaN where all keys are hidden, and one NaN would make the loss and with it
        every gradient of the batch NaN.
        """
        return ~inputs.mask & (inputs.lengths > 0).unsqueeze(1)


class MaskedAttention(Attention):
    """Attention over the real tokens (key_padding_mask), then the mean over the real tokens.

    An empty sentence gives zeros; plain torch gives NaN.
    """

    masked = True


class MaskedAttentionMean(Attention):
    """Attention over the real tokens, then the mean over all columns: pads ask, and are answered.

    An empty sentence attends to its pads; plain torch gives NaN.
    """

    masked = True
    mean_of_all = True
