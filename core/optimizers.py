"""The optimizers of torch, made from settings, and kept when a parameter gains rows."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adagrad, Adam, AdamW, Optimizer, SparseAdam

from core.config import OptimizerConfig


def make_optimizers(
    dense: Sequence[nn.Parameter], sparse: Sequence[nn.Parameter], config: OptimizerConfig
) -> list[Optimizer]:
    """torch's own optimizers over `dense` parameters and those with `sparse` gradients.

    One optimizer takes them all, but for "sparse-adam": SparseAdam refuses dense gradients, so
    Adam takes those.
    """
    if sparse:
        # torch warns at the first sparse step unless one has chosen; the check costs speed, and
        # the tensors come from torch itself.
        torch.sparse.check_sparse_tensor_invariants.disable()
    rate, decay = config.rate, config.weight_decay
    both = [*sparse, *dense]
    match config.name:
        case "sgd":
            return [
                SGD(
                    both,
                    rate,
                    momentum=config.momentum,
                    weight_decay=decay,
                    nesterov=config.nesterov,
                    # As it is on a CPU; not having to find that out spares each step a while.
                    foreach=False,
                )
            ]
        case "adam":
            return [Adam(both, rate, weight_decay=decay)]
        case "adamw":
            return [AdamW(both, rate, weight_decay=decay)]
        case "adagrad":
            return [Adagrad(both, rate, weight_decay=decay)]
        case "sparse-adam":
            adam: list[Optimizer] = [Adam(dense, rate)] if dense else []
            return [*([SparseAdam(list(sparse), rate)] if sparse else []), *adam]


def change_settings(optimizers: Sequence[Optimizer], config: OptimizerConfig) -> None:
    """Let running optimizers of the same algorithm go on with the settings of `config`."""
    settings = {
        "lr": config.rate,
        "momentum": config.momentum,
        "nesterov": config.nesterov,
        "weight_decay": config.weight_decay,
    }
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group.update({key: value for key, value in settings.items() if key in group})


def replace_parameter(
    optimizers: Sequence[Optimizer], old: nn.Parameter, new: nn.Parameter
) -> None:
    """Put `new` in the place of `old`, which has more or fewer rows, with its state.

    A row that stays keeps its state; an appended row begins at zero, as torch begins.
    """
    for optimizer in optimizers:
        for group in optimizer.param_groups:
            group["params"] = [new if each is old else each for each in group["params"]]
        if old in optimizer.state:
            state = optimizer.state.pop(old)
            optimizer.state[new] = {
                key: _resized_state(value, old, len(new)) for key, value in state.items()
            }


def _resized_state(value: object, old: nn.Parameter, rows: int) -> object:
    if not isinstance(value, Tensor) or value.shape != old.shape:
        return value
    resized = torch.zeros(rows, *value.shape[1:], dtype=value.dtype)
    kept = min(rows, len(value))
    resized[:kept] = value[:kept]
    return resized
