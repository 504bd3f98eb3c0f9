"""What each optimizer subtracts from a weight, taken apart by where it comes from.

A step is linear in the gradient, in the buffer the optimizer kept and in the weight that decays,
once its denominator is known; the denominator is that of the step itself, taken from the state
after it. Decay of steps before is in the buffer, and so counts as momentum. The formulas are
those of torch's documentation of each optimizer, with its names: θ weight, g gradient,
lr rate, λ weight decay, μ momentum, t step. Needs no torch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import OptimizerName

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """What an optimizer held for n rows as it stepped; every array is (n, D).

    `weight` is θ as the optimizer found it, `before` and `after` are its state by torch's names,
    without entries while it has none, `step` is t, counted from 1, and `settings` its parameter
    group.
    """

    weight: Doubles
    before: Mapping[str, Doubles]
    after: Mapping[str, Doubles]
    step: int
    settings: Mapping[str, Any]

    def kept(self, name: str) -> Doubles:
        """State entry `name` before the step: zero, as torch begins, where there was none."""
        return self.before.get(name, np.zeros_like(self.weight))


@dataclass(frozen=True)
class Terms:
    """A step of the optimizer: `per_gradient` · g + `momentum` + `decay`, each (n, D)."""

    per_gradient: Doubles
    momentum: Doubles
    decay: Doubles


def sgd(moment: Moment) -> Terms:
    """torch.optim.SGD without dampening.

    g̃ = g + λθ,  b ← μb + g̃,  θ ← θ − lr·b  (Nesterov: θ ← θ − lr·(g̃ + μb); without momentum
    θ ← θ − lr·g̃). So gradient = −lr·g, momentum = −lr·μb with the b of the step before, decay =
    −lr·λθ; Nesterov takes (1 + μ) times the gradient and the decay, and μ times the momentum.
    """
    rate, mu = moment.settings["lr"], moment.settings["momentum"]
    nesterov = moment.settings["nesterov"]
    ahead = rate * (1 + mu if nesterov else 1)
    kept = rate * (mu * mu if nesterov else mu)
    # Without momentum there may be a buffer all the same, of steps before it was turned off.
    momentum = -kept * moment.kept("momentum_buffer") if mu else np.zeros_like(moment.weight)
    decay = -ahead * moment.settings["weight_decay"] * moment.weight
    return Terms(np.full_like(moment.weight, -ahead), momentum, decay)


def adam(moment: Moment) -> Terms:
    """torch.optim.Adam, whose decay enters the gradient.

    g̃ = g + λθ,  m ← β₁m + (1−β₁)g̃,  v ← β₂v + (1−β₂)g̃²,
    θ ← θ − s·m  with  s = (lr / (1−β₁ᵗ)) / (√v / √(1−β₂ᵗ) + ε).
    So gradient = −s(1−β₁)g, momentum = −sβ₁m with the m of the step before, decay = −s(1−β₁)λθ.
    """
    first = moment.settings["betas"][0]
    scale = _adam_scale(moment)
    fresh = -scale * (1 - first)
    decay = fresh * moment.settings["weight_decay"] * moment.weight
    return Terms(fresh, -scale * first * moment.kept("exp_avg"), decay)


def adamw(moment: Moment) -> Terms:
    """torch.optim.AdamW, whose decay does not enter the gradient.

    θ ← θ − lr·λθ, then Adam's step without decay: decay = −lr·λθ, the others as Adam's.
    """
    first = moment.settings["betas"][0]
    scale = _adam_scale(moment)
    decay = -moment.settings["lr"] * moment.settings["weight_decay"] * moment.weight
    return Terms(-scale * (1 - first), -scale * first * moment.kept("exp_avg"), decay)


def sparse_adam(moment: Moment) -> Terms:
    """torch.optim.SparseAdam: Adam for the rows in the gradient; the others stand still.

    It has no decay, and adds ε elsewhere (see its source, torch/optim/_functional.py):
    s = lr · √(1−β₂ᵗ) / (1−β₁ᵗ) / (√v + ε).
    """
    (first, second), step = moment.settings["betas"], moment.step
    rate = moment.settings["lr"] * (1 - second**step) ** 0.5 / (1 - first**step)
    scale = rate / (np.sqrt(moment.after["exp_avg_sq"]) + moment.settings["eps"])
    momentum = -scale * first * moment.kept("exp_avg")
    return Terms(-scale * (1 - first), momentum, np.zeros_like(scale))


def adagrad(moment: Moment) -> Terms:
    """torch.optim.Adagrad, whose decay enters the gradient; it has no momentum.

    g̃ = g + λθ,  s ← s + g̃²,  θ ← θ − r·g̃  with  r = lr / (1 + (t−1)·lr_decay) / (√s + ε).
    So gradient = −r·g, decay = −r·λθ.
    """
    settings = moment.settings
    rate = settings["lr"] / (1 + (moment.step - 1) * settings["lr_decay"])
    fresh = -rate / (np.sqrt(moment.after["sum"]) + settings["eps"])
    decay = fresh * settings["weight_decay"] * moment.weight
    return Terms(fresh, np.zeros_like(fresh), decay)


FORMULAS: dict[OptimizerName, Callable[[Moment], Terms]] = {
    "sgd": sgd,
    "adam": adam,
    "adamw": adamw,
    "sparse-adam": sparse_adam,
    "adagrad": adagrad,
}
# What each keeps of a row from step to step, under torch's names.
STATE: dict[OptimizerName, tuple[str, ...]] = {
    "sgd": ("momentum_buffer",),
    "adam": ("exp_avg", "exp_avg_sq"),
    "adamw": ("exp_avg", "exp_avg_sq"),
    "sparse-adam": ("exp_avg", "exp_avg_sq"),
    "adagrad": ("sum",),
}


def has_momentum(name: OptimizerName, settings: Mapping[str, Any]) -> bool:
    """Whether what came before a step moves a row in it."""
    return bool(settings.get("momentum", 0)) if name == "sgd" else name != "adagrad"


def _adam_scale(moment: Moment) -> Doubles:
    (first, second), step = moment.settings["betas"], moment.step
    root = np.sqrt(moment.after["exp_avg_sq"]) / (1 - second**step) ** 0.5
    scale: Doubles = moment.settings["lr"] / (1 - first**step) / (root + moment.settings["eps"])
    return scale
