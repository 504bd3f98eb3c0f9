"""Made-up sentences as ids, and a plain skip-gram loop over them."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.optim import Optimizer

from core.messages import Array, EncodedCorpus

WINDOW, NEGATIVES = 2, 5


def encoded(rows: int, count: int = 20_000, length: int = 8) -> EncodedCorpus:
    """`count` sentences of `length`, for a table of `rows` rows (two of them special)."""
    ids = np.random.default_rng(0).integers(2, rows, count * length).astype(np.int32)
    return EncodedCorpus(Array.of(ids), Array.of(np.arange(0, len(ids) + 1, length)))


class PlainSkipGram:
    """What a person would write in a script: two nn.Embedding, a batch, a loss, a step."""

    def __init__(self, corpus: EncodedCorpus, rows: int, dimension: int, *, sparse: bool) -> None:
        torch.manual_seed(0)
        self.centres = nn.Embedding(rows, dimension, padding_idx=1, sparse=sparse)
        self.neighbours = nn.Embedding(rows, dimension, sparse=sparse)
        self._ids = torch.from_numpy(corpus.ids.numpy().astype(np.int64))
        offsets = torch.from_numpy(corpus.offsets.numpy().copy())
        self._starts, self._ends = offsets[:-1], offsets[1:]
        counts = torch.bincount(self._ids, minlength=rows).double()
        self._cumulative = counts.pow(0.75).cumsum(0)
        self._generator = torch.Generator()

    def parameters(self) -> list[nn.Parameter]:
        """Both tables."""
        return [self.centres.weight, self.neighbours.weight]

    def train(self, optimizer: Optimizer, steps: int, batch: int) -> None:
        """`steps` steps on batches drawn as the engine draws them."""
        for step in range(1, steps + 1):
            centres, targets, negatives = self._draw(step, batch)
            optimizer.zero_grad()
            rows = self.centres(centres)
            true = (rows * self.neighbours(targets)).sum(-1)
            false = (self.neighbours(negatives) @ rows.unsqueeze(-1)).squeeze(-1)
            log_likelihood = functional.logsigmoid(true) + functional.logsigmoid(-false).sum(-1)
            loss = -log_likelihood.mean()
            loss.backward()
            optimizer.step()
            loss.item()

    def _draw(self, step: int, batch: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        generator, ids = self._generator, self._ids
        generator.manual_seed(step)
        centre = torch.randint(len(ids), (batch,), generator=generator)
        sentence = torch.searchsorted(self._ends, centre, right=True)
        low = torch.maximum(centre - WINDOW, self._starts[sentence])
        high = torch.minimum(centre + WINDOW, self._ends[sentence] - 1)
        drawn = torch.rand(batch, generator=generator, dtype=torch.float64)
        neighbour = low + (drawn * (high - low)).long()
        neighbour += neighbour >= centre
        drawn = torch.rand((batch, NEGATIVES), generator=generator, dtype=torch.float64)
        negatives = torch.searchsorted(self._cumulative, drawn * self._cumulative[-1], right=True)
        return ids[centre], ids[neighbour], negatives
