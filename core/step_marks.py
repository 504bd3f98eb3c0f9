"""What steps did to rows besides moving them: looked up, touched, and with which gradients."""

from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.messages import Array, Gradients
from core.trainer import Trainer


class Lookups(NamedTuple):
    """The ids `looked_up` and `touched`, and the latter's `gradient_norms` in the last step."""

    looked_up: NDArray[np.int64]
    touched: NDArray[np.int64]
    gradient_norms: NDArray[np.float32]


def take_lookups(trainer: Trainer) -> Lookups:
    """Those since they were taken before."""
    table = trainer.table
    looked_up, touched = table.lookups.take()
    ids = touched.numpy()
    if len(ids) and ids[-1] >= len(table.weight):  # some were removed since
        ids = ids[ids < len(table.weight)]
    norms = table.gradient_norms(torch.from_numpy(ids))
    return Lookups(looked_up.numpy(), ids, norms.float().numpy())


def gradients_of(trainer: Trainer, watched: Tensor, run: int) -> Gradients | None:
    """The last step's gradients of those of the rows `watched` that got one.

    None if no row is watched, or no step was done here.
    """
    if not len(watched) or trainer.batch is None or trainer.is_read:
        return None
    ids = watched[watched < len(trainer.table.weight)]
    rows = trainer.table.gradient_rows(ids)
    got = (rows != 0).any(1)
    return Gradients(run, trainer.step, tuple(ids[got].tolist()), Array.of(rows[got].numpy()))
