"""The embedding table: one `nn.Embedding`, read without ever going through `forward`.

`forward` writes to the weight when max_norm is set (even under no_grad), so what is shown is read
from the weight itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn

from core.config import Initialisation, TableConfig, is_drawn_in_part
from core.lookups import LookupRecorder
from core.problems import IdOutOfRange, OutOfBounds, ProblemError

DTYPES = {"float16": torch.float16, "float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class PadRow:
    """What torch holds at padding_idx: the row is zero only until something writes it."""

    id: int
    norm: float

    @property
    def is_zero(self) -> bool:
        """Whether every value of the row is 0."""
        return self.norm == 0.0


def initialise_(rows: Tensor, initialisation: Initialisation) -> None:
    """Fill `rows` (n, D) in place by `torch.nn.init`, from torch's global generator."""
    match initialisation.name:
        case "normal" | "given":
            nn.init.normal_(rows, std=initialisation.scale)
        case "uniform":
            nn.init.uniform_(rows, -initialisation.scale, initialisation.scale)
        case "xavier":
            nn.init.xavier_uniform_(rows, gain=initialisation.scale)
        case "zeros":
            nn.init.zeros_(rows)


def initialise_layer_(layer: nn.Embedding, initialisation: Initialisation) -> None:
    """Initialise a fresh `layer`; N(0, 1) is what torch has drawn for it, and is kept.

    So the bits are those of a plain `nn.Embedding` made after the same seed.
    """
    if initialisation.name in ("normal", "given") and initialisation.scale == 1.0:
        return
    initialise_(layer.weight.detach(), initialisation)
    if layer.padding_idx is not None:
        layer.weight.detach()[layer.padding_idx].zero_()


def _part_drawn(config: TableConfig, values: Tensor | None) -> Tensor | None:
    """(V, D) whose given rows are still to be filled in; None where all are to be drawn first."""
    if not is_drawn_in_part(config) or values is None:
        return None
    shape = config.num_embeddings, config.embedding_dim
    weight = torch.empty(shape, dtype=DTYPES[config.dtype])
    initialise_(weight[len(values) :], config.initialisation)
    if config.padding_idx is not None:
        weight[config.padding_idx] = 0  # a given one is filled in
    return weight


class EmbeddingTable(nn.Module):
    """Owns one `nn.Embedding` of shape (V, D), initialised from torch's global generator.

    `values` (n, D) are the first n ≤ V rows of an initialisation "given"; they are copied, since
    torch would otherwise train the caller's own array. The row at padding_idx is set to zero as
    `reset_parameters` does, except in given values, which are kept as they are.
    """

    def __init__(self, config: TableConfig, values: Tensor | None = None) -> None:
        super().__init__()
        _check_config(config, values)
        self.config = config
        self.layer = nn.Embedding(
            config.num_embeddings,
            config.embedding_dim,
            padding_idx=config.padding_idx,
            max_norm=config.max_norm,
            norm_type=config.norm_type,
            scale_grad_by_freq=config.scale_grad_by_freq,
            sparse=config.sparse,
            dtype=DTYPES[config.dtype],
            _weight=_part_drawn(config, values),
        )
        self.lookups = LookupRecorder(self.layer.padding_idx)
        if not is_drawn_in_part(config):
            initialise_layer_(self.layer, config.initialisation)
        if config.initialisation.name == "given" and values is not None:
            self.weight.detach()[: len(values)] = values
        self.weight.requires_grad_(not config.frozen)

    @property
    def weight(self) -> nn.Parameter:
        """The table itself, (V, D)."""
        return weight_of(self.layer)

    def forward(self, ids: Tensor) -> Tensor:
        """Look `ids` (…) up for training: (…, D), recorded so that touched rows are known."""
        vectors: Tensor = self.layer(ids)
        self.lookups.record(ids, vectors)
        return vectors

    def lookup(self, ids: Sequence[int] | Tensor, tokens: Sequence[str] | None = None) -> Tensor:
        """The rows `ids` (n,) select, (n, D), read from the weight.

        Raises `ProblemError(IdOutOfRange)` naming the id, its position and, where `tokens` are
        given, its token, before torch is asked.
        """
        return self.weight.detach()[self._checked(ids, tokens)]

    def one_hot_lookup(
        self, ids: Sequence[int] | Tensor, tokens: Sequence[str] | None = None
    ) -> Tensor:
        """`one_hot(ids) @ weight`, (n, D): the same rows by way of V × D multiplications each."""
        one_hot = nn.functional.one_hot(self._checked(ids, tokens), len(self.weight))
        return one_hot.to(self.weight.dtype) @ self.weight.detach()

    def lookup_difference(self, ids: Sequence[int] | Tensor) -> float:
        """The largest absolute difference between the two lookups of `ids`."""
        difference = self.lookup(ids) - self.one_hot_lookup(ids)
        return float(difference.abs().max()) if difference.numel() else 0.0

    def pad_row(self) -> PadRow | None:
        """The state of the row at padding_idx, None without one."""
        index = self.layer.padding_idx
        if index is None:
            return None
        return PadRow(index, float(self.weight.detach()[index].norm()))

    def gradient_rows(self, ids: Tensor) -> Tensor:
        """The rows (n, D) of the weight's last gradient at `ids` (n,); zeros where none came."""
        gradient = self.weight.grad
        if gradient is None:
            return torch.zeros(len(ids), self.weight.shape[1], dtype=self.weight.dtype)
        if gradient.is_sparse:
            return _rows_of_sparse(gradient.coalesce(), ids)
        return gradient[ids]

    def gradient_norms(self, ids: Tensor) -> Tensor:
        """The L2 norms (n,) of those rows; of half precision in float32, which holds them all."""
        rows = self.gradient_rows(ids)
        wide = torch.float64 if rows.dtype == torch.float64 else torch.float32
        norms: Tensor = torch.linalg.vector_norm(rows, dim=1, dtype=wide)
        return norms

    def resize(self, rows: int) -> nn.Parameter:
        """Append rows, drawn from torch's global generator, or remove the last ones.

        Rows that stay keep their bits. Returns the parameter that was replaced.
        """
        old = self.weight
        self.layer.weight = resized(old, rows, self.config.initialisation)
        self.layer.num_embeddings = rows
        return old

    def _checked(self, ids: Sequence[int] | Tensor, tokens: Sequence[str] | None) -> Tensor:
        checked = torch.as_tensor(ids, dtype=torch.int64)
        check_ids(checked, len(self.weight), tokens)
        return checked


def _rows_of_sparse(gradient: Tensor, ids: Tensor) -> Tensor:
    """The rows (n, D) of the coalesced `gradient` at `ids` (n,); zeros where it has none."""
    rows = torch.zeros(len(ids), gradient.shape[1], dtype=gradient.dtype)
    indices = gradient.indices()[0]
    found = torch.isin(ids, indices)
    rows[found] = gradient.values()[torch.searchsorted(indices, ids[found])]
    return rows


def check_ids(ids: Tensor, rows: int, tokens: Sequence[str] | None = None) -> None:
    """Raise `ProblemError(IdOutOfRange)` for the first of `ids` (n,) that is no row of `rows`."""
    wrong = ((ids < 0) | (ids >= rows)).nonzero()
    if len(wrong):
        at = int(wrong[0, 0])
        token = tokens[at] if tokens is not None else None
        raise ProblemError(IdOutOfRange(int(ids[at]), at, rows, token))


def weight_of(layer: nn.Embedding) -> nn.Parameter:
    """The weight of `layer`, which torch's annotations call a mere tensor."""
    return cast(nn.Parameter, layer.weight)


def resized(parameter: nn.Parameter, rows: int, fresh: Initialisation) -> nn.Parameter:
    """A copy of `parameter` (n, …) with `rows` rows: the first ones kept, new ones `fresh`."""
    new = torch.empty(rows, *parameter.shape[1:], dtype=parameter.dtype)
    kept = min(rows, len(parameter))
    new[:kept] = parameter.detach()[:kept]
    if rows > kept:
        initialise_(new[kept:], fresh)
    return nn.Parameter(new, parameter.requires_grad)


def check_shape(config: TableConfig) -> None:
    """Raise `ProblemError(OutOfBounds)` for a table without rows, columns or its padding row."""
    rows, dimension = config.num_embeddings, config.embedding_dim
    if rows < 1:
        raise ProblemError(OutOfBounds("num_embeddings", rows, low=1))
    if dimension < 1:
        raise ProblemError(OutOfBounds("embedding_dim", dimension, low=1))
    if config.padding_idx is not None and not -rows <= config.padding_idx < rows:
        raise ProblemError(OutOfBounds("padding_idx", config.padding_idx, -rows, rows - 1))


def _check_config(config: TableConfig, values: Tensor | None) -> None:
    """Refuse what torch would refuse with an assertion, as typed problems."""
    check_shape(config)
    rows, dimension = config.num_embeddings, config.embedding_dim
    if config.max_norm is not None and config.max_norm <= 0:
        raise ProblemError(OutOfBounds("max_norm", config.max_norm, low=0))
    if config.norm_type <= 0:
        raise ProblemError(OutOfBounds("norm_type", config.norm_type, low=0))
    given = 0 if values is None else len(values)
    if config.initialisation.name == "given" and not 1 <= given <= rows:
        raise ProblemError(OutOfBounds("given rows", given, 1, rows))
    if values is not None and values.shape[1] != dimension:
        raise ProblemError(OutOfBounds("given columns", values.shape[1], dimension, dimension))
