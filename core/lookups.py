"""Which rows were looked up, and which rows got a gradient, over any number of steps.

Read from the gradient at the layer's output, (…, D), which is as small as the batch; the weight's
own gradient may be as large as the table. A hook on it would cost a twentieth of a small step.
Where the weight is used beside the lookup as well, as output weights, only its own gradient tells.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

FOLD_ABOVE = 4_000_000  # gradient values held back; 16 MB in float32


class LookupRecorder:
    """Collects the lookups of a table since the last `take`."""

    def __init__(self, padding_idx: int | None) -> None:
        self._padding_idx = padding_idx
        self._open: list[tuple[Tensor, Tensor]] = []  # those whose gradient has yet to come
        self._ids: list[Tensor] = []
        self._gradients: list[Tensor] = []
        self._held = 0
        self._looked_up, self._touched = _Ids(), _Ids()
        self._by_weight: _Ids | None = None  # touched, once the weight's own gradient is told

    def record(self, ids: Tensor, vectors: Tensor) -> None:
        """Note a lookup of `ids` (…) that gave `vectors` (…, D); waits for their gradient."""
        if self._open:
            self._settle()
        if vectors.requires_grad:
            vectors.retain_grad()
            self._open.append((ids, vectors))

    def record_weight(self, gradient: Tensor) -> None:
        """Note the weight's whole `gradient` (V, D) in a step; from now on it says what is touched.

        The row of padding_idx counts like any other: only the lookup's part of it is dropped.
        """
        if self._by_weight is None:
            self._by_weight = _Ids()
        if not self._by_weight.has_all(len(gradient)):
            self._by_weight.add(np.flatnonzero(_has_gradient(gradient)))

    @property
    def last(self) -> tuple[tuple[Tensor, Tensor], ...]:
        """The lookups of the step under way, until the next one looks up: (ids, vectors) each."""
        return tuple(self._open)

    def take(self) -> tuple[Tensor, Tensor]:
        """(looked up, touched) since the last call: sorted unique int64 ids; forgets them."""
        self._settle()
        self._open.clear()
        self._fold()
        touched = self._touched.take()
        if self._by_weight is not None:
            touched = self._by_weight.take()
        return torch.from_numpy(self._looked_up.take()), torch.from_numpy(touched)

    def _settle(self) -> None:
        """Let go of each lookup whose gradient has come, and keep the gradient."""
        waiting = []
        for ids, vectors in self._open:
            if vectors.grad is None:
                waiting.append((ids, vectors))
                continue
            flat = ids.dim() == 1
            self._ids.append(ids if flat else ids.reshape(-1))
            self._gradients.append(vectors.grad if flat else vectors.grad.flatten(0, -2))
            self._held += vectors.numel()
        self._open = waiting
        if self._held > FOLD_ABOVE:
            self._fold()

    def _fold(self) -> None:
        """Keep each id once, and let go of the gradients."""
        if not self._ids:
            return
        ids = torch.cat(self._ids).numpy()
        gradients = torch.cat(self._gradients)
        self._looked_up.add(ids)
        # As a rule all have a gradient, and their first column alone says so.
        if np.count_nonzero(gradients.numpy()[:, 0]) < len(ids):
            ids = ids[_has_gradient(gradients)]
        self._touched.add(ids)
        if self._padding_idx is not None:
            self._touched.drop(self._padding_idx)
        self._ids.clear()
        self._gradients.clear()
        self._held = 0


class _Ids:
    """A set of ids as a mask: quicker than sorting, and no larger than a column of the table."""

    def __init__(self) -> None:
        self._mask = np.zeros(0, np.bool_)

    def add(self, ids: NDArray[np.int64]) -> None:
        """Put `ids` (n,) in."""
        try:
            self._mask[ids] = True
        except IndexError:  # the first ones, or those of a table that grew
            mask = np.zeros(int(ids.max()) + 1, np.bool_)
            mask[: len(self._mask)] = self._mask
            mask[ids] = True
            self._mask = mask

    def has_all(self, rows: int) -> bool:
        """Whether each of 0 … `rows` − 1 is in."""
        return len(self._mask) >= rows and bool(self._mask[:rows].all())

    def drop(self, id_: int) -> None:
        """Leave `id_` out."""
        self._mask[id_ : id_ + 1] = False

    def take(self) -> NDArray[np.int64]:
        """All of them, sorted; afterwards there are none."""
        ids = np.flatnonzero(self._mask)
        self._mask[ids] = False
        return ids


def _has_gradient(gradients: Tensor) -> NDArray[np.bool_]:
    """Which of `gradients` (n, D) are not zero; NaN counts, −0 does not.

    The first column answers for nearly all; the others are read only where it is zero.
    """
    got: NDArray[np.bool_] = gradients[:, 0].numpy() != 0
    unsure = np.flatnonzero(~got)
    if len(unsure):
        got[unsure] = gradients[torch.from_numpy(unsure)].any(1).numpy()
    return got
