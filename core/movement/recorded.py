"""One step with what happened to some rows in it written down: only it costs anything."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import Optimizer

from core.config import OptimizerConfig, OptimizerName
from core.messages import Edit, SetCell
from core.movement.formulas import FORMULAS, STATE, Moment, has_momentum
from core.movement.parts import Doubles, Movement, Part, rounding_of
from core.table import EmbeddingTable
from core.trainer import Trainer


@dataclass(frozen=True, eq=False)
class RecordedStep:
    """What step `step` did to the rows `ids` (n,), as (n, D) arrays.

    `before` are the rows as the step began, `after` as it ended, in the table's dtype; `parts`
    what moved them.
    """

    step: int
    optimizer: OptimizerConfig
    ids: tuple[int, ...]
    before: NDArray[Any]
    after: NDArray[Any]
    parts: Mapping[Part, Doubles]

    def of(self, ids: Iterable[int]) -> "RecordedStep":
        """The same step, for those of its rows that `ids` name."""
        places = [self.ids.index(id_) for id_ in ids if id_ in self.ids]
        return RecordedStep(
            self.step,
            self.optimizer,
            tuple(self.ids[place] for place in places),
            self.before[places],
            self.after[places],
            {part: vectors[places] for part, vectors in self.parts.items()},
        )

    def movements(self, now: NDArray[Any], edits: Iterable[Edit]) -> list[Movement]:
        """How each row came to where it is `now` (n, D), after the step and `edits` since.

        What neither wrote is left over as the movement's residual.
        """
        parts = {**self.parts}
        edited = self.after.copy()
        for edit in edits:
            if edit.row in self.ids:
                row = edited[self.ids.index(edit.row)]
                if isinstance(edit, SetCell):
                    row[edit.column] = edit.value
                else:
                    row[:] = edit.values.numpy()
                parts["edit"] = edited.astype(np.float64) - self.after.astype(np.float64)
        rounding = rounding_of(self.before, now, parts)
        return [
            Movement(
                id_,
                self.step,
                self.optimizer,
                self.before[place],
                now[place],
                {part: vectors[place] for part, vectors in parts.items()},
                rounding[place],
            )
            for place, id_ in enumerate(self.ids)
        ]


def record_nothing(trainer: Trainer, ids: Iterable[int]) -> RecordedStep:
    """The rows `ids` as they are before any step."""
    rows = _known(ids, trainer.table)
    before = trainer.table.weight.detach()[rows].numpy()
    optimizer = trainer.config.optimizer
    return RecordedStep(trainer.step, optimizer, tuple(rows.tolist()), before, before, {})


def record_step(trainer: Trainer, ids: Iterable[int]) -> tuple[float, RecordedStep]:
    """(loss, what it did to the rows `ids`) of one step of `trainer`.

    The bits are those of `trainer.advance`: it only looks. Ids that are no rows are left out.
    """
    rows = _known(ids, trainer.table)
    before = trainer.table.weight.detach()[rows].numpy()
    name = trainer.config.optimizer.name
    optimizer = trainer.table_optimizer
    if optimizer is None:  # the table is frozen: only max_norm moves it
        loss = trainer.advance()
        moved = _doubles(trainer.table.weight.detach()[rows]) - _doubles(torch.from_numpy(before))
        parts: dict[Part, Doubles] = {}
        if trainer.config.table.max_norm is not None:
            parts["max-norm"] = moved
    else:
        loss, parts = take_apart(
            trainer.table, optimizer, name, rows, trainer.advance, trainer.is_tied
        )
    after = trainer.table.weight.detach()[rows].numpy()
    chosen = tuple(rows.tolist())
    return loss, RecordedStep(trainer.step, trainer.config.optimizer, chosen, before, after, parts)


def take_apart(
    table: EmbeddingTable,
    optimizer: Optimizer,
    name: OptimizerName,
    rows: Tensor,
    step: Callable[[], float],
    tied: bool = False,
) -> tuple[float, dict[Part, Doubles]]:
    """(loss, parts (n, D)) of what `step` does to `rows` (n,) of `table` by `optimizer`.

    `tied` says that the weight is used beside the lookup as well, as output weights: the
    gradient is then split into what came by the lookup and the rest.
    """
    before = _doubles(table.weight.detach()[rows])
    looks: list[_AtOptimizer] = []

    def look(*_: object) -> None:
        looks.append(_AtOptimizer(table, optimizer, name, rows, tied))

    handle = optimizer.register_step_pre_hook(look)
    try:
        loss = step()
    finally:
        handle.remove()
    (at,) = looks
    return loss, at.parts(before)


class _AtOptimizer:
    """What the optimizer found as it was about to step: after the backward pass."""

    def __init__(
        self,
        table: EmbeddingTable,
        optimizer: Optimizer,
        name: OptimizerName,
        rows: Tensor,
        tied: bool,
    ) -> None:
        self._table, self._optimizer, self._name, self._rows = table, optimizer, name, rows
        self._weight = _doubles(table.weight.detach()[rows])
        self._before = self._state()
        self._settings = dict(self._group())
        self._gradient = _doubles(table.gradient_rows(rows))
        self._lookups = _by_lookups(table, rows) if tied else None
        self._steps_here = _steps_here(table.weight.grad, rows)

    def parts(self, before: Doubles) -> dict[Part, Doubles]:
        """The parts (n, D) of the step, now that it is done; `before` are the rows as it began."""
        parts: dict[Part, Doubles] = {}
        if self._table.config.max_norm is not None:
            parts["max-norm"] = self._weight - before
        with np.errstate(all="ignore"):  # a row that is not finite stays so
            terms = FORMULAS[self._name](self._moment())
            here = self._steps_here
            if self._settings.get("weight_decay", 0):
                parts["decay"] = np.where(here, terms.decay, 0.0)
            if has_momentum(self._name, self._settings):
                parts["momentum"] = np.where(here, terms.momentum, 0.0)
            by_lookup = self._gradient if self._lookups is None else self._lookups
            parts["gradient"] = np.where(here, terms.per_gradient * by_lookup, 0.0)
            if self._lookups is not None:
                rest = self._gradient - self._lookups
                parts["tied"] = np.where(here, terms.per_gradient * rest, 0.0)
        return parts

    def _moment(self) -> Moment:
        state = self._optimizer.state.get(self._table.weight, {})
        step = int(state.get("step", 1))  # SGD counts none, and needs none
        after = self._state()
        zero = np.zeros_like(self._weight)  # of a weight that got no gradient in any step
        after = {name: after.get(name, zero) for name in STATE[self._name]}
        return Moment(self._weight, self._before, after, max(step, 1), self._settings)

    def _state(self) -> dict[str, Doubles]:
        state = self._optimizer.state.get(self._table.weight, {})
        kept = {name: state.get(name) for name in STATE[self._name]}
        return {name: _doubles(v[self._rows]) for name, v in kept.items() if v is not None}

    def _group(self) -> dict[str, Any]:
        weight = self._table.weight
        groups: list[dict[str, Any]] = self._optimizer.param_groups
        return next(g for g in groups if any(each is weight for each in g["params"]))


def _steps_here(gradient: Tensor | None, rows: Tensor) -> NDArray[np.bool_]:
    """(n, 1): whether an optimizer steps at `rows` (n,): with sparse gradients only at theirs."""
    here = np.full((len(rows), 1), gradient is not None)
    if gradient is not None and gradient.is_sparse:
        here[:, 0] = torch.isin(rows, gradient.coalesce().indices()[0]).numpy()
    return here


def _by_lookups(table: EmbeddingTable, rows: Tensor) -> Doubles:
    """(n, D): the part of the weight's gradient at `rows` (n,) that came by way of lookups.

    The gradient of the lookup's output, summed by id as the layer's backward pass does: nothing
    for padding_idx, and with scale_grad_by_freq divided by how often the batch has the id.
    """
    found = torch.zeros(len(rows), table.weight.shape[1], dtype=torch.float64)
    for ids, vectors in table.lookups.last:
        if vectors.grad is None:
            continue
        here = (ids.reshape(1, -1) == rows.unsqueeze(1)).double()
        here[rows == table.layer.padding_idx] = 0
        if table.config.scale_grad_by_freq:
            here /= here.sum(1, keepdim=True).clamp(min=1)
        found += here @ vectors.grad.reshape(-1, vectors.shape[-1]).double()
    return _doubles(found)


def _known(ids: Iterable[int], table: EmbeddingTable) -> Tensor:
    rows = len(table.weight)
    return torch.tensor([id_ for id_ in ids if 0 <= id_ < rows], dtype=torch.int64)


def _doubles(tensor: Tensor) -> Doubles:
    doubles: Doubles = tensor.double().numpy()
    return doubles
