"""Which optimizers, settings and tables do not go together, and why. Needs no torch.

Each was tried on torch 2.13: it raises there, or (sparse SGD with momentum) its uncoalesced
buffer grows every step until the run stands still, or (sparse gradients of a tied table) it has
no effect: the output weights make the gradient dense.
"""

from core.config import OptimizerConfig, RunConfig, TableConfig
from core.problems import CombinationRefused, OutOfBounds, ProblemError, RefusalReason


def refusal(
    table: TableConfig, optimizer: OptimizerConfig, *, tied: bool = False
) -> RefusalReason | None:
    """Why `optimizer` cannot train `table`, which may be `tied`, or None if it can."""
    return _of_gradients(table, optimizer, tied) or _of_settings(table, optimizer)


def _of_gradients(
    table: TableConfig, optimizer: OptimizerConfig, tied: bool
) -> RefusalReason | None:
    """What speaks against sparse gradients, or against dense ones."""
    sparse = table.sparse
    if tied and optimizer.name == "sparse-adam":
        return "tied-gradients-are-dense"
    if tied and sparse:
        return "sparse-tied"
    if optimizer.name in ("adam", "adamw") and sparse:
        return "sparse-gradients-unsupported"
    if optimizer.name == "sparse-adam" and not sparse:
        return "needs-sparse-gradients"
    if sparse and table.scale_grad_by_freq:
        return "sparse-scale-grad-by-freq"
    return None


def _of_settings(table: TableConfig, optimizer: OptimizerConfig) -> RefusalReason | None:
    """What speaks against the optimizer's own settings."""
    if optimizer.name != "sgd" and (optimizer.momentum or optimizer.nesterov):
        return "no-momentum"
    if optimizer.nesterov and not optimizer.momentum:
        return "nesterov-needs-momentum"
    if optimizer.name == "sparse-adam" and optimizer.weight_decay:
        return "no-weight-decay"
    if table.sparse and optimizer.momentum:
        return "sparse-momentum-grows"
    if table.sparse and optimizer.weight_decay:
        return "sparse-weight-decay"
    return None


def check(config: RunConfig) -> None:
    """Raise `ProblemError` if torch would refuse `config`, or if it would degrade as it runs."""
    check_optimizer(config.table, config.optimizer, tied=config.objective.is_tied)
    if config.batch_size < 1:
        raise ProblemError(OutOfBounds("batch_size", config.batch_size, low=1))
    if not 0 <= config.seed < 2**32:
        raise ProblemError(OutOfBounds("seed", config.seed, 0, 2**32 - 1))


def check_optimizer(table: TableConfig, optimizer: OptimizerConfig, *, tied: bool = False) -> None:
    """Raise `ProblemError` if `optimizer` cannot train `table`, which may be `tied`."""
    for name in ("rate", "momentum", "weight_decay"):
        value = getattr(optimizer, name)
        if not 0 <= value < float("inf"):
            raise ProblemError(OutOfBounds(name, value, low=0))
    reason = refusal(table, optimizer, tied=tied)
    if reason is not None:
        raise ProblemError(CombinationRefused(optimizer.name, reason))
