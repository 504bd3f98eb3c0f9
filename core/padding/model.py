"""A copy of some rows of a table, and a head over it: what is trained and probed."""

import torch
from torch import Tensor, nn

from core.padding.attention_heads import Attention, MaskedAttention, MaskedAttentionMean
from core.padding.heads import (
    Bag,
    Head,
    Inputs,
    MaskedMean,
    Max,
    Mean,
    NextWord,
    PooledHead,
    Reading,
    Sum,
    Tied,
    Untied,
)
from core.padding.messages import HeadName, SetUp
from core.padding.sequence_heads import BatchNorm, Convolution, Lstm, PackedLstm
from core.table import weight_of

HEAD_CLASSES: dict[HeadName, type[PooledHead] | type[NextWord]] = {
    "mean": Mean,
    "masked-mean": MaskedMean,
    "sum": Sum,
    "max": Max,
    "bag": Bag,
    "lstm": Lstm,
    "packed-lstm": PackedLstm,
    "conv": Convolution,
    "batchnorm": BatchNorm,
    "attention": Attention,
    "masked-attention": MaskedAttention,
    "masked-attention-mean": MaskedAttentionMean,
    "tied": Tied,
    "untied": Untied,
}


class Model(nn.Module):
    """`nn.Embedding` over its own copy of `rows` (n, D), and the head that `set_up` names.

    `pad` and `padding_idx` are rows of the copy. Seeded by the set-up, and torch's global
    generator is left as it was. In training mode, which BatchNorm reads.
    """

    def __init__(
        self, rows: Tensor, set_up: SetUp, pad: int, padding_idx: int | None, labels: int
    ) -> None:
        super().__init__()
        self.pad = pad
        self.layer = nn.Embedding(
            len(rows),
            rows.shape[1],
            padding_idx=padding_idx,
            max_norm=set_up.max_norm,
            norm_type=set_up.norm_type,
            _weight=rows.clone(),
        )
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(set_up.seed)
            kind = HEAD_CLASSES[set_up.head]
            outputs = pad if issubclass(kind, NextWord) else labels
            self.head: Head = kind(self.layer, outputs)
            self._set_pad_row(set_up)

    @property
    def weight(self) -> nn.Parameter:
        """The copy of the rows, (n, D)."""
        return weight_of(self.layer)

    def forward(self, inputs: Inputs) -> tuple[Tensor, Reading]:
        """The layer's output (B, T, D), or (0,) where the head has none, and the head's reading.

        With max_norm the looked-up rows of the copy are rewritten first, as torch does.
        """
        vectors = self.layer(inputs.ids) if self.head.looks_up else self.weight.new_zeros(0)
        return vectors, self.head(vectors, inputs)

    def _set_pad_row(self, set_up: SetUp) -> None:
        row = self.weight.detach()[self.pad]
        match set_up.pad_row:
            case "zero":
                row.zero_()
            case "random":
                row.normal_()
