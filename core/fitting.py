"""Whether a state that was read from a file is one that a trainer can go on from.

torch's own loading checks a table, but hardly what an optimizer keeps, and some of its kernels
believe the sizes they are given.
"""

from collections.abc import Iterator, Mapping, Sequence

from torch import Size, Tensor, nn
from torch.optim import SGD, Adagrad, Optimizer

from core.problems import ProblemError, StateUnfit

STEP = "step"


def require_fitting(
    state: Mapping[str, Tensor],
    modules: Mapping[str, nn.Module],
    optimizers: Sequence[Optimizer],
) -> None:
    """Raise `ProblemError(StateUnfit)` naming the first of `state` that is missing or unfit.

    `modules` by the beginning of the names of what they hold.
    """
    wanted = {
        f"{prefix}{name}": value.shape
        for prefix, module in modules.items()
        for name, value in module.state_dict().items()
    }
    for name, shape in wanted.items():
        if name not in state or state[name].shape != shape:
            raise ProblemError(StateUnfit(name))
    kept = {name for name in state if name not in wanted}
    for number, optimizer in enumerate(optimizers):
        for entries in _entries(number, optimizer):
            found = entries.keys() & kept
            # It keeps nothing of a parameter before its first step.
            if found and found != entries.keys():
                raise ProblemError(StateUnfit(min(entries.keys() - found)))
            for name in found:
                if state[name].shape != entries[name] or state[name].is_complex():
                    raise ProblemError(StateUnfit(name))
            kept -= found
    if kept:
        raise ProblemError(StateUnfit(min(kept)))


def _entries(number: int, optimizer: Optimizer) -> Iterator[dict[str, Size]]:
    """What `optimizer` keeps of each of its parameters, by name, with its shape."""
    parameters = [each for group in optimizer.param_groups for each in group["params"]]
    for index, parameter in enumerate(parameters):
        beginning = f"optimizer.{number}.{index}."
        yield {
            f"{beginning}{key}": Size() if key == STEP else parameter.shape
            for key in _keys(optimizer)
        }


def _keys(optimizer: Optimizer) -> tuple[str, ...]:
    match optimizer:
        case SGD():
            return ("momentum_buffer",)
        case Adagrad():
            return (STEP, "sum")
        case _:  # Adam and its like
            return (STEP, "exp_avg", "exp_avg_sq")
