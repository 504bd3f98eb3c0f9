"""One weight under an optimizer of `torch.optim`, in float64: what a row's every value does.

The formulas are those of torch's documentation of each optimizer, with its defaults (Adam's betas
0.9 and 0.999, eps 1e-8; Adagrad's eps 1e-10).
"""

from collections.abc import Callable, Iterable
from math import sqrt

from core.config import OptimizerConfig

BETA_1, BETA_2, EPS, ADAGRAD_EPS = 0.9, 0.999, 1e-8, 1e-10
STEPS = 100  # how far is looked ahead

Update = Callable[[float, float], float]  # of weight and gradient: the weight after the step


def weight_after(optimizer: OptimizerConfig, weight: float, gradients: Iterable[float]) -> float:
    """`weight` after a step with each of `gradients`, from fresh state."""
    update = _update(optimizer)
    for gradient in gradients:
        weight = update(weight, gradient)
    return weight


def kept_unseen(optimizer: OptimizerConfig) -> float:
    """What is left of 1 after `STEPS` steps without a gradient: 1 without weight decay."""
    return weight_after(optimizer, 1.0, [0.0] * STEPS)


def travel_after_last(optimizer: OptimizerConfig) -> float:
    """How far one gradient moves a row in `STEPS` steps, in units of its first step.

    1 where nothing but gradients moves a row. Weight decay is left out.
    """
    plain = OptimizerConfig(optimizer.name, optimizer.rate, optimizer.momentum, optimizer.nesterov)
    first = weight_after(plain, 0.0, [1.0])
    return weight_after(plain, 0.0, [1.0] + [0.0] * STEPS) / first if first else 1.0


def _update(optimizer: OptimizerConfig) -> Update:
    match optimizer.name:
        case "sgd":
            return _sgd(optimizer)
        case "adagrad":
            return _adagrad(optimizer)
        case "adam" | "adamw":
            return _adam(optimizer)
        case "sparse-adam":
            return _only_with_gradient(_adam(optimizer))


def _sgd(optimizer: OptimizerConfig) -> Update:
    buffer = 0.0

    def update(weight: float, gradient: float) -> float:
        nonlocal buffer
        gradient += optimizer.weight_decay * weight
        buffer = optimizer.momentum * buffer + gradient
        ahead = gradient + optimizer.momentum * buffer
        return weight - optimizer.rate * (ahead if optimizer.nesterov else buffer)

    return update


def _adagrad(optimizer: OptimizerConfig) -> Update:
    squares = 0.0

    def update(weight: float, gradient: float) -> float:
        nonlocal squares
        gradient += optimizer.weight_decay * weight
        squares += gradient**2
        return weight - optimizer.rate * gradient / (sqrt(squares) + ADAGRAD_EPS)

    return update


def _adam(optimizer: OptimizerConfig) -> Update:
    """Adam, whose decay is a part of the gradient, and AdamW, whose decay is not."""
    mean = square = 0.0
    step = 0

    def update(weight: float, gradient: float) -> float:
        nonlocal mean, square, step
        step += 1
        if optimizer.name == "adamw":
            weight *= 1 - optimizer.rate * optimizer.weight_decay
        else:
            gradient += optimizer.weight_decay * weight
        mean = BETA_1 * mean + (1 - BETA_1) * gradient
        square = BETA_2 * square + (1 - BETA_2) * gradient**2
        unbiased = sqrt(square / (1 - BETA_2**step))
        return weight - optimizer.rate * mean / (1 - BETA_1**step) / (unbiased + EPS)

    return update


def _only_with_gradient(update: Update) -> Update:
    """Sparse optimizers leave a row alone that has no gradient, with all of its state."""

    def only(weight: float, gradient: float) -> float:
        return update(weight, gradient) if gradient else weight

    return only
