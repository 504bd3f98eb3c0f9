"""Heads that read a sentence in order, or all sentences at once: LSTM, convolution, BatchNorm."""

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence
from typing_extensions import override

from core.padding.heads import Inputs, Pooled, PooledHead, masked_mean


class Lstm(PooledHead):
    """The last state h_n of an LSTM not told where a sentence ends: it runs on over pads."""

    @override
    def build(self, layer: nn.Embedding) -> None:
        size = layer.embedding_dim
        self.lstm = nn.LSTM(size, size, batch_first=True, dtype=layer.weight.dtype)

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        _, (state, _) = self.lstm(vectors)
        return Pooled(state[-1])


class PackedLstm(Lstm):
    """The state of an LSTM after each sentence's last real token, by `pack_padded_sequence`.

    Packing takes the first columns, so sentences padded on the left are moved there before. It
    refuses an empty sentence, which gives zeros here, the state that an LSTM begins with.
    """

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        filled = inputs.lengths > 0
        first = inputs.mask.int().argmax(1, keepdim=True)
        columns = torch.arange(vectors.shape[1]) + first
        # Beyond the sentence any column will do: packing leaves it out.
        columns = columns.clamp(max=vectors.shape[1] - 1).unsqueeze(-1).expand_as(vectors)
        begun_at_once = vectors.gather(1, columns)
        packed = pack_padded_sequence(
            begun_at_once[filled], inputs.lengths[filled], batch_first=True, enforce_sorted=False
        )
        _, (state, _) = self.lstm(packed)
        pooled = vectors.new_zeros(len(vectors), vectors.shape[2])
        return Pooled(pooled.masked_scatter(filled.unsqueeze(-1), state[-1]))


class Convolution(PooledHead):
    """`nn.Conv1d` over three columns with its own zero padding, then the mean over real tokens.

    A zero pad row is what the convolution itself pads with; any other enters the last real token.
    """

    @override
    def build(self, layer: nn.Embedding) -> None:
        size = layer.embedding_dim
        self.convolution = nn.Conv1d(size, size, 3, padding=1, dtype=layer.weight.dtype)

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        around = self.convolution(vectors.transpose(1, 2)).transpose(1, 2)
        return Pooled(masked_mean(around, inputs.mask))


class BatchNorm(PooledHead):
    """`nn.BatchNorm1d` in training mode over all cells, then the mean over real tokens.

    Its mean and variance are those of the whole rectangle, pads included.
    """

    @override
    def build(self, layer: nn.Embedding) -> None:
        self.norm = nn.BatchNorm1d(layer.embedding_dim, dtype=layer.weight.dtype)

    @override
    def pool(self, vectors: Tensor, inputs: Inputs) -> Pooled:
        normed = self.norm(vectors.transpose(1, 2)).transpose(1, 2)
        return Pooled(masked_mean(normed, inputs.mask))
