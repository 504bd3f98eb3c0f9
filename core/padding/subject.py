"""The material of a study or a comparison, checked: what is wrong with it is said before torch."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.batch import Batch
from core.combinations import check_optimizer
from core.config import TableConfig
from core.messages import Array
from core.padding.batches import faults, padded, position_ids, sentences_of
from core.padding.heads import Inputs
from core.padding.messages import (
    HEADS,
    LARGEST_BYTES,
    LARGEST_EXTRA,
    LARGEST_SEED,
    WHOLE_TABLE_HEADS,
    Cells,
    Fault,
    Material,
    SetUp,
)
from core.padding.model import Model
from core.problems import NoExamples, OutOfBounds, ProblemError, TooMuchMemory, UnknownName

TABLE_COPIES = 8  # as sent (twice), the model's, its gradient, an optimizer's two, to undo two
CELL_COPIES = 4  # forward, backward, and again for the other batch
CELL_VECTORS = 12  # an LSTM's gates and states, or attention's projections
DTYPES = ("float16", "float32", "float64")


class Subject:
    """Sentences and rows, ready for models of any set-up."""

    def __init__(self, material: Material) -> None:
        """Raises `ProblemError` for sentences that hold no token, and for a dtype of no table."""
        self.material = material
        self.sentences = sentences_of(material)
        self.pad_id = material.pad_id
        self.rows = _widened(material.rows.numpy())
        ids = np.arange(len(self.rows)) if material.row_ids is None else material.row_ids.numpy()
        self._row_ids: NDArray[np.int64] = ids
        self._labels = self._read_labels()
        if not any(self.sentences):
            raise ProblemError(NoExamples("sentence-label"))

    @property
    def empty(self) -> tuple[int, ...]:
        """The sentences without any token."""
        return tuple(index for index, each in enumerate(self.sentences) if not each)

    def check(self, set_up: SetUp, extra: int, steps: int) -> None:
        """Raise `ProblemError` for what torch or the machine's memory would refuse."""
        if set_up.head not in HEADS:
            raise ProblemError(UnknownName("head", set_up.head, list(HEADS)))
        _check_bound("extra", max(extra, set_up.trained_extra), LARGEST_EXTRA)
        _check_bound("extra", min(extra, set_up.trained_extra), LARGEST_EXTRA)
        _check_bound("steps", steps, None)
        _check_bound("seed", set_up.seed, LARGEST_SEED)
        rows, dimension = self.material.num_embeddings, self.rows.shape[1]
        if set_up.padding_idx is not None and not -rows <= set_up.padding_idx < rows:
            raise ProblemError(OutOfBounds("padding_idx", set_up.padding_idx, -rows, rows - 1))
        if set_up.max_norm is not None and not set_up.max_norm > 0:
            raise ProblemError(OutOfBounds("max_norm", set_up.max_norm, low=0))
        if not set_up.norm_type > 0:
            raise ProblemError(OutOfBounds("norm_type", set_up.norm_type, low=0))
        check_optimizer(TableConfig(rows, dimension), set_up.optimizer)
        self._check_head(set_up)
        self._check_memory(set_up, extra)

    def batch(self, set_up: SetUp, extra: int) -> Batch:
        """The sentences as ids of the table, padded by `extra` more than the longest."""
        return padded(self.sentences, self.pad_id, set_up.side, extra)

    def faults(self, batch: Batch) -> tuple[Fault, ...]:
        """The cells of `batch` that the table has no row for."""
        return faults(batch, self.material.num_embeddings)

    def inputs(self, batch: Batch) -> Inputs:
        """`batch` (without faults) for a model, whose rows are those that were sent."""
        ids = np.searchsorted(self._row_ids, batch.ids)
        known = self._row_ids[np.minimum(ids, len(self._row_ids) - 1)] == batch.ids
        if not known.all():
            raise ValueError(f"no row was sent for id {batch.ids[~known][0]}")
        return Inputs(
            torch.from_numpy(ids.astype(np.int64)),
            torch.from_numpy(batch.mask),
            torch.from_numpy(batch.lengths),
            self._labels,
        )

    def model(self, set_up: SetUp) -> Model:
        """A fresh model of `set_up`; raises `ProblemError` for a pad id that is no row."""
        labels = max(2, int(self._labels.max()) + 1)
        pad = self._position(self.pad_id)
        if pad is None:
            highest = self.material.num_embeddings - 1
            raise ProblemError(OutOfBounds("pad_id", self.pad_id, 0, highest))
        padding_idx = set_up.padding_idx
        if padding_idx is not None:
            # Where its row was not sent, no sentence looks it up, and it makes no difference.
            padding_idx = self._position(padding_idx % self.material.num_embeddings)
        return Model(self.rows, set_up, pad, padding_idx, labels)

    def _position(self, id: int) -> int | None:
        found = np.flatnonzero(self._row_ids == id)
        return int(found[0]) if len(found) else None

    def _read_labels(self) -> Tensor:
        if self.material.labels is None:
            return torch.arange(len(self.sentences)) % 2
        labels = torch.from_numpy(self.material.labels.numpy().astype(np.int64))
        if len(labels) != len(self.sentences) or (labels < 0).any():
            raise ValueError("one label, 0 or above, is needed for each sentence")
        return labels

    def _check_head(self, set_up: SetUp) -> None:
        if set_up.head in WHOLE_TABLE_HEADS:
            if self.material.row_ids is not None:
                raise ValueError(f"the head {set_up.head} needs every row of the table")
            if not (self.batch(set_up, 0).ids[:, 1:] != self.pad_id).any():
                raise ProblemError(NoExamples("next-word"))
        if set_up.head == "batchnorm" and max(map(len, self.sentences)) * len(self.sentences) < 2:
            # torch: "Expected more than 1 value per channel when training".
            raise ProblemError(OutOfBounds("cells", 1, low=2))

    def _check_memory(self, set_up: SetUp, extra: int) -> None:
        rows, dimension = self.rows.shape
        width = max(map(len, self.sentences)) + max(extra, set_up.trained_extra)
        cell = CELL_VECTORS * dimension + width  # + one row of attention weights
        outputs = max(2, int(self._labels.max()) + 1)
        if set_up.head in WHOLE_TABLE_HEADS:
            outputs = rows
            cell += rows
        numbers = TABLE_COPIES * (rows + outputs + CELL_VECTORS * dimension) * dimension
        numbers += CELL_COPIES * len(self.sentences) * width * cell
        needed = numbers * self.rows.element_size()
        if needed > LARGEST_BYTES:
            raise ProblemError(TooMuchMemory("padding", needed, LARGEST_BYTES))


def cells(batch: Batch, base_width: int) -> Cells:
    """`batch` for the window, with its position ids."""
    return Cells(
        Array.of(batch.ids),
        Array.of(batch.mask),
        Array.of(batch.lengths),
        Array.of(position_ids(batch, "columns")),
        Array.of(position_ids(batch, "counted")),
        base_width,
    )


def _widened(rows: NDArray[np.generic]) -> Tensor:
    """`rows` (n, D) as a tensor; half precision as float32, which torch's heads can work with."""
    if rows.dtype.name not in DTYPES:
        raise ProblemError(UnknownName("dtype", rows.dtype.name, list(DTYPES)))
    wide = rows.astype(np.float32) if rows.dtype == np.float16 else rows.copy()
    return torch.from_numpy(wide)


def _check_bound(name: str, value: int, high: int | None) -> None:
    if value < 0 or (high is not None and value > high):
        raise ProblemError(OutOfBounds(name, value, 0, high))
