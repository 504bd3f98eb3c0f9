"""Each head once more, in plain torch, without anything of ours."""

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence

SIMPLE = ("mean", "masked-mean", "sum", "max")


def plain_masked_mean(vectors, mask):
    return torch.stack([row[kept].mean(0) for row, kept in zip(vectors, mask, strict=True)])


class Plain:
    """A head over `rows` after `torch.manual_seed(seed)`, as anyone would write it."""

    def __init__(self, name, rows, padding_idx, seed, labels=2):
        self.name = name
        self.layer = nn.Embedding.from_pretrained(
            torch.as_tensor(rows).clone(), freeze=False, padding_idx=padding_idx
        )
        size = rows.shape[1]
        torch.manual_seed(seed)
        if name not in ("tied", "untied"):
            self.classifier = nn.Linear(size, labels)
        if "lstm" in name:
            self.lstm = nn.LSTM(size, size, batch_first=True)
        elif name == "conv":
            self.conv = nn.Conv1d(size, size, 3, padding=1)
        elif name == "batchnorm":
            self.norm = nn.BatchNorm1d(size)
        elif "attention" in name:
            self.attention = nn.MultiheadAttention(size, 1, batch_first=True)
        elif name == "untied":
            self.output = nn.Linear(size, len(rows), bias=False)

    def pooled(self, ids, mask):
        """(the layer's output or None, the pooled vector)."""
        if self.name == "bag":
            weight, padding_idx = self.layer.weight, self.layer.padding_idx
            return None, functional.embedding_bag(ids, weight, mode="mean", padding_idx=padding_idx)
        h = self.layer(ids)
        h.retain_grad()
        return h, self._pooled_simply(h, mask) if self.name in SIMPLE else self._read(h, mask)

    def _pooled_simply(self, h, mask):
        return {
            "mean": lambda: h.mean(1),
            "masked-mean": lambda: plain_masked_mean(h, mask),
            "sum": lambda: h.sum(1),
            "max": lambda: h.amax(1),
        }[self.name]()

    def _read(self, h, mask):
        match self.name:
            case "lstm":
                return self.lstm(h)[1][0][0]
            case "packed-lstm":
                packed = pack_padded_sequence(h, mask.sum(1), True, enforce_sorted=False)
                return self.lstm(packed)[1][0][0]
            case "conv":
                return plain_masked_mean(self.conv(h.mT).mT, mask)
            case "batchnorm":
                return plain_masked_mean(self.norm(h.mT).mT, mask)
        hidden = ~mask if self.name.startswith("masked") else None
        attended, _ = self.attention(h, h, h, key_padding_mask=hidden)
        if self.name == "masked-attention-mean":
            return attended.mean(1)
        return plain_masked_mean(attended, mask)

    def read(self, ids, mask, labels, pad=1):
        """(the layer's output or None, what the shift probes look at, the loss)."""
        if self.name in ("tied", "untied"):
            h = self.layer(ids)
            h.retain_grad()
            weight = self.layer.weight if self.name == "tied" else self.output.weight
            logits = h @ weight.T
            loss = functional.cross_entropy(
                logits[:, :-1].reshape(-1, len(weight)), ids[:, 1:].flatten(), ignore_index=pad
            )
            return h, logits[:, -1], loss
        h, pooled = self.pooled(ids, mask)
        return h, pooled, functional.cross_entropy(self.classifier(pooled), labels)


def padded_ids(sentences, length, pad=1, side="right"):
    """(ids, mask) of `sentences`, padded to `length`."""
    rows, masks = [], []
    for sentence in sentences:
        pads = [pad] * (length - len(sentence))
        rows.append([*pads, *sentence] if side == "left" else [*sentence, *pads])
        real = [True] * len(sentence)
        none = [False] * len(pads)
        masks.append([*none, *real] if side == "left" else [*real, *none])
    return torch.tensor(rows), torch.tensor(masks)
