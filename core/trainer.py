"""Training, one whole step at a time, each of which can be done again to the bit."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from core import combinations
from core.changes import config_after
from core.config import OptimizerConfig, RunConfig
from core.fitting import require_fitting
from core.memory import check_memory
from core.messages import (
    Array,
    Change,
    EncodedCorpus,
    SetBatchSize,
    SetCell,
    SetCorpus,
    SetOptimizer,
    SetRow,
    Trained,
)
from core.objectives import Batch, FlatCorpus, make_objective
from core.optimizers import change_settings, make_optimizers, replace_parameter
from core.problems import OutOfBounds, ProblemError, UnknownName
from core.seeds import seed_of_step
from core.table import EmbeddingTable, check_ids, check_shape


@dataclass(frozen=True)
class StepReport:
    """What one step did to the table.

    `touched` int64 (n,) got a gradient, of norms `gradient_norms` (n,): by lookup, or (tied output
    weights) by the softmax, which reaches every row, that of padding_idx too. `moved` int64 (m,)
    are the rows whose bits changed, by `moved_by` (m,), the L2 norm of the difference.
    """

    step: int
    loss: float
    touched: Tensor
    gradient_norms: Tensor
    moved: Tensor
    moved_by: Tensor
    batch: Batch


class Trainer:
    """Trains one table on one corpus.

    Two trainers of equal configuration, corpus, values and events hold the same bits after the
    same number of steps, on one torch, CPU capability and thread count.
    """

    def __init__(
        self, config: RunConfig, corpus: EncodedCorpus, values: Tensor | None = None
    ) -> None:
        """Raise `ProblemError` where the configuration or the corpus cannot be trained."""
        combinations.check(config)
        check_memory(config)
        self.config = config
        self.step = 0
        self.is_read = False  # its state was; what the last step did to rows is not known
        self.batch: Batch | None = None
        self._generator = torch.Generator()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.table = EmbeddingTable(config.table, values)
            flat = _checked(corpus, config.table.num_embeddings)
            self._objective = make_objective(config.objective, self.table, flat)
        self._objective.check_batch(config.batch_size)
        self._made: list[Optimizer] | None = None
        self._parameters: list[nn.Parameter] = []

    @property
    def is_prepared(self) -> bool:
        """Whether a step could begin at once."""
        return self._made is not None

    def prepare(self) -> None:
        """Make the optimizers, as the first step would.

        The first one in a process has torch load its compiler, which takes as long as torch itself:
        a table can be looked at before.
        """
        if self._made is None:
            self._use(self._make_optimizers(self.config.optimizer))

    @property
    def _optimizers(self) -> list[Optimizer]:
        self.prepare()
        assert self._made is not None
        return self._made

    @property
    def table_optimizer(self) -> Optimizer | None:
        """The optimizer that steps the table; None if it is frozen."""
        weight = self.table.weight
        return next(
            (
                optimizer
                for optimizer in self._optimizers
                if any(each is weight for g in optimizer.param_groups for each in g["params"])
            ),
            None,
        )

    @property
    def is_tied(self) -> bool:
        """Whether the objective uses the table's weight as its own too, as output weights."""
        return self.config.objective.is_tied

    def advance(self) -> float:
        """Do one step; returns its loss. Raises `ProblemError` if there is nothing to train on."""
        if self._objective.missing is not None:
            raise ProblemError(self._objective.missing)
        optimizers = self._optimizers
        self._generator.manual_seed(seed_of_step(self.config.seed, self.step + 1))
        self.batch = self._objective.batch(self.config.batch_size, self._generator)
        for parameter in self._parameters:
            parameter.grad = None  # as zero_grad, without its wrappers
        loss = self._objective.loss(self.batch)
        loss.backward()
        if self.is_tied and self.table.weight.grad is not None:  # None: the table is frozen
            self.table.lookups.record_weight(self.table.weight.grad)
        for optimizer in optimizers:
            optimizer.step()
        self.is_read = False
        self.step += 1  # last: a step that torch could not do was not done
        return loss.item()

    def step_and_report(self) -> StepReport:
        """Do one step; tell what it did to each row. Costs a copy of the table."""
        before = self.table.weight.detach().clone()
        self.table.lookups.take()
        loss = self.advance()
        assert self.batch is not None
        after = self.table.weight.detach()
        _, touched = self.table.lookups.take()
        moved = _bits(after).ne(_bits(before)).any(1).nonzero().squeeze(1)
        return StepReport(
            self.step,
            loss,
            touched,
            self.table.gradient_norms(touched),
            moved,
            (after[moved] - before[moved]).norm(dim=1),
            self.batch,
        )

    def apply(self, change: Change) -> None:
        """Make `change` between two steps; where that can't be, `ProblemError`, and all stays."""
        match change:
            case SetOptimizer(optimizer):
                self._set_optimizer(optimizer)
            case SetBatchSize(batch_size):
                self._objective.check_batch(batch_size)
            case SetCell(row, column, value):
                self._set_cell(row, column, value)
            case SetRow(row, values):
                self._set_row(row, values)
            case SetCorpus(corpus, num_embeddings):
                check_shape(config_after(self.config, change).table)
                self._set_corpus(corpus, num_embeddings)
        self.config = config_after(self.config, change)

    def state(self) -> dict[str, Tensor]:
        """All that training changes, by name; shares memory with the trainer."""
        state = {f"table.{key}": value for key, value in self.table.state_dict().items()}
        state |= {f"objective.{k}": v for k, v in self._objective.state_dict().items()}
        for number, optimizer in enumerate(self._optimizers):
            for parameter, entries in optimizer.state_dict()["state"].items():
                for key, value in entries.items():
                    if value is not None:
                        name = f"optimizer.{number}.{parameter}.{key}"
                        state[name] = torch.as_tensor(value)
        return state

    def load_state(self, step: int, state: dict[str, Tensor]) -> None:
        """Go on from `state`, as `state()` gave it after `step` steps of the same run.

        Raises `ProblemError(StateUnfit)`, and all stays, if it is another's or damaged.
        """
        modules = {"table.": self.table, "objective.": self._objective}
        require_fitting(state, modules, self._optimizers)
        self.step = step
        self.is_read = step > 0
        self.batch = None
        for parameter in self._parameters:
            parameter.grad = None  # it is of another step
        self.table.load_state_dict(_below("table.", state))
        self._objective.load_state_dict(_below("objective.", state))
        for number, optimizer in enumerate(self._optimizers):
            whole = optimizer.state_dict()
            entries: dict[int, dict[str, Tensor | int]] = {}
            for name, value in _below(f"optimizer.{number}.", state).items():
                place, key = name.split(".")
                # SparseAdam counts its steps in a Python int, the others in a float tensor.
                counter = key == "step" and not value.is_floating_point()
                entries.setdefault(int(place), {})[key] = int(value) if counter else value
            whole["state"] = entries
            optimizer.load_state_dict(whole)

    def redraw(self) -> None:
        """Draw the batch of the last step again, after a state was loaded."""
        if self.step and self._objective.missing is None:
            self._generator.manual_seed(seed_of_step(self.config.seed, self.step))
            self.batch = self._objective.batch(self.config.batch_size, self._generator)

    def trained(self) -> Trained | None:
        """What the last step trained on, as a message; None before the first."""
        batch = self.batch
        if batch is None:
            return None
        inputs = batch.inputs.reshape(len(batch.inputs), -1)
        return Trained(
            _ids(inputs),
            _ids(batch.targets),
            None if batch.mask is None else Array.of(batch.mask.numpy()),
            None if batch.negatives is None else _ids(batch.negatives),
        )

    def _set_optimizer(self, optimizer: OptimizerConfig) -> None:
        combinations.check_optimizer(self.config.table, optimizer, tied=self.is_tied)
        if self._made is None:
            return  # they will be made as they are wanted then
        if optimizer.name == self.config.optimizer.name:
            change_settings(self._made, optimizer)
        else:
            self._use(self._make_optimizers(optimizer))

    def _use(self, optimizers: list[Optimizer]) -> None:
        self._made = optimizers
        self._parameters = [
            parameter
            for optimizer in optimizers
            for group in optimizer.param_groups
            for parameter in group["params"]
        ]

    def _make_optimizers(self, config: OptimizerConfig) -> list[Optimizer]:
        tables = [self.table.weight] if self.table.weight.requires_grad else []
        parameters = [*tables, *self._objective.parameters()]
        sparse = tables.copy() if self.config.table.sparse else []
        sparse += self._objective.sparse_parameters()
        known = {id(parameter) for parameter in sparse}
        dense = [parameter for parameter in parameters if id(parameter) not in known]
        return make_optimizers(dense, sparse, config)

    def _set_cell(self, row: int, column: int, value: float) -> None:
        self._check_row(row)
        columns = self.table.weight.shape[1]
        if not 0 <= column < columns:
            raise ProblemError(OutOfBounds("column", column, 0, columns - 1))
        largest = torch.finfo(self.table.weight.dtype).max
        if math.isfinite(value) and abs(value) > largest:
            raise ProblemError(OutOfBounds("value", value, -largest, largest))
        self.table.weight.detach()[row, column] = value

    def _set_row(self, row: int, values: Array) -> None:
        self._check_row(row)
        weight = self.table.weight.detach().numpy()
        columns = weight.shape[1]
        if values.shape != (columns,):
            raise ProblemError(OutOfBounds("values", math.prod(values.shape), columns, columns))
        if values.dtype != weight.dtype.str:  # what it can't hold would become infinite
            raise ProblemError(UnknownName("dtype", values.dtype, [weight.dtype.str]))
        weight[row] = values.numpy()

    def _check_row(self, row: int) -> None:
        rows = len(self.table.weight)
        if not 0 <= row < rows:
            raise ProblemError(OutOfBounds("row", row, 0, rows - 1))

    def _set_corpus(self, corpus: EncodedCorpus, rows: int) -> None:
        flat = _checked(corpus, rows)
        replaced = []
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_of_step(self.config.seed, rows))
            if rows != len(self.table.weight):
                old = self.table.resize(rows)
                replaced.append((old, self.table.weight))
            replaced += self._objective.resize(flat)
        if self._made is not None:
            for old, new in replaced:
                replace_parameter(self._made, old, new)
            self._use(self._made)
        self._objective.use(flat)


def _below(prefix: str, state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in state.items() if k.startswith(prefix)}


def _bits(rows: Tensor) -> Tensor:
    """`rows` as integers, so that NaN equals itself and −0 differs from 0."""
    return rows.view({2: torch.int16, 4: torch.int32, 8: torch.int64}[rows.element_size()])


def _ids(ids: Tensor) -> Array:
    return Array.of(ids.numpy().astype("int32"))


def _checked(corpus: EncodedCorpus, rows: int) -> FlatCorpus:
    """`corpus` as tensors, every id of which is a row."""
    flat = FlatCorpus(corpus)
    check_ids(flat.ids, rows)
    check_ids(torch.tensor([flat.pad_id]), rows)
    return flat
