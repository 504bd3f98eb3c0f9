"""Which rows were looked up, and which of them got a gradient, over any number of steps.

Read from the gradient at the layer's output, (…, D), which is as small as the batch; the weight's
own gradient may be as large as the table. The work is put off until somebody asks.
"""

import torch
from torch import Tensor

FOLD_ABOVE = 4_000_000  # gradient values held back; 16 MB in float32


class LookupRecorder:
    """Collects the lookups of a table since the last `take`."""

    def __init__(self, padding_idx: int | None) -> None:
        self._padding_idx = padding_idx
        self._ids: list[Tensor] = []
        self._gradients: list[Tensor] = []
        self._held = 0
        self._looked_up = torch.empty(0, dtype=torch.int64)
        self._touched = torch.empty(0, dtype=torch.int64)

    def record(self, ids: Tensor, vectors: Tensor) -> None:
        """Note a lookup of `ids` (…) that gave `vectors` (…, D); waits for their gradient."""
        if not vectors.requires_grad:
            return

        def keep(gradient: Tensor) -> None:
            self._ids.append(ids)
            self._gradients.append(gradient)
            self._held += gradient.numel()
            if self._held > FOLD_ABOVE:
                self._fold()

        vectors.register_hook(keep)

    def take(self) -> tuple[Tensor, Tensor]:
        """(looked up, touched) since the last call: sorted unique int64 ids; forgets them."""
        self._fold()
        taken = self._looked_up, self._touched
        self._looked_up = self._touched = torch.empty(0, dtype=torch.int64)
        return taken

    def _fold(self) -> None:
        if not self._ids:
            return
        ids = torch.cat([each.reshape(-1) for each in self._ids])
        gradients = torch.cat([each.reshape(-1, each.shape[-1]) for each in self._gradients])
        got = (gradients != 0).any(-1)
        if self._padding_idx is not None:
            got &= ids != self._padding_idx
        self._looked_up = torch.unique(torch.cat((self._looked_up, ids)))
        self._touched = torch.unique(torch.cat((self._touched, ids[got])))
        self._ids.clear()
        self._gradients.clear()
        self._held = 0
