"""Which rows were looked up, and which of them got a gradient, over any number of steps.

Read from the gradient at the layer's output, (…, D), which is as small as the batch; the weight's
own gradient may be as large as the table. A hook on it would cost a twentieth of a small step.
"""

import numpy as np
import torch
from torch import Tensor

FOLD_ABOVE = 1_000_000  # ids held back before they are made unique


class LookupRecorder:
    """Collects the lookups of a table since the last `take`."""

    def __init__(self, padding_idx: int | None) -> None:
        self._padding_idx = padding_idx
        self._open: list[tuple[Tensor, Tensor]] = []  # those whose gradient has yet to come
        self._ids: list[Tensor] = []
        self._got: list[Tensor] = []
        self._held = 0

    def record(self, ids: Tensor, vectors: Tensor) -> None:
        """Note a lookup of `ids` (…) that gave `vectors` (…, D); waits for their gradient."""
        self._settle()
        if vectors.requires_grad:
            vectors.retain_grad()
            self._open.append((ids, vectors))

    def take(self) -> tuple[Tensor, Tensor]:
        """(looked up, touched) since the last call: sorted unique int64 ids; forgets them."""
        self._settle()
        self._open.clear()
        self._fold()
        looked_up, got = self._ids.pop(), self._got.pop()
        self._held = 0
        return looked_up, looked_up[got]

    def _settle(self) -> None:
        """Let go of each lookup whose gradient has come, and keep where it was not zero."""
        waiting = []
        for ids, vectors in self._open:
            if vectors.grad is None:
                waiting.append((ids, vectors))
                continue
            self._ids.append(ids.reshape(-1))
            self._got.append(vectors.grad.any(-1).reshape(-1))  # NaN counts, 0 and -0 do not
            self._held += ids.numel()
        self._open = waiting
        if self._held > FOLD_ABOVE:
            self._fold()

    def _fold(self) -> None:
        """Keep each id once. A mask is quicker than sorting, and no larger than a column."""
        ids = torch.cat([torch.empty(0, dtype=torch.int64), *self._ids]).numpy()
        got = torch.cat([torch.empty(0, dtype=torch.bool), *self._got]).numpy()
        rows = int(ids.max(initial=-1)) + 1
        looked_up, touched = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        looked_up[ids] = True
        touched[ids[got]] = True
        if self._padding_idx is not None:
            touched[self._padding_idx : self._padding_idx + 1] = False
        unique = np.flatnonzero(looked_up)
        self._ids, self._got = [torch.from_numpy(unique)], [torch.from_numpy(touched[unique])]
        self._held = len(unique)
