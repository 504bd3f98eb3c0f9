"""Where pads leak: gradients at pads, and what more pads or another pad row do to each sentence.

Each probe looks at a model without changing it: the copy of the rows, gradients, and what
BatchNorm or max_norm write on the way are as before when it is done.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.messages import Array
from core.padding.heads import Inputs, Reading
from core.padding.messages import Probed, Shift, Study
from core.padding.model import Model

ROUNDINGS = 32
"""A shift within so many roundings counts as 0: the same sum, with zeros added, in another order.

In float32 that is 4e-6 of the longest output; of what leaks, only the far end of an LSTM's memory
is as small.
"""


@contextmanager
def undisturbed(model: Model) -> Iterator[None]:
    """Whatever is done to the weights, buffers and gradients of `model` is undone at the end."""
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model.zero_grad()
    try:
        yield
    finally:
        model.load_state_dict(before)
        model.zero_grad()


def probe(model: Model, base: Inputs, further: Inputs, study: Study) -> Probed:
    """All that `Probed` holds: `further` is the same sentences as `base` with more pads."""
    with undisturbed(model), torch.no_grad():
        _, at_base = model(base)
    with undisturbed(model):
        vectors, reading = _backward(model, further)
        gradient, at_pads = _gradient(vectors, further.mask)
        weight_gradients = _norms(_gradient_of(model.weight))
    with undisturbed(model), torch.no_grad():
        replaced = _read_replaced(model, further, study)
    return Probed(
        loss_base=at_base.loss.item(),
        loss=reading.loss.item(),
        loss_replaced=replaced.loss.item(),
        gradient=gradient,
        gradient_at_pads=at_pads,
        weight_gradient_pad=float(weight_gradients[model.pad]),
        weight_gradients=Array.of(weight_gradients),
        attention=None if reading.attention is None else _array(reading.attention.double()),
        pooled_base=_array(at_base.pooled),
        pooled=_array(reading.pooled),
        further=shift(at_base.output, reading.output),
        replaced=shift(reading.output, replaced.output),
        pad_row_norm=float(_norms(model.weight.detach()[model.pad])),
        pooled_is_row=model.head.pooled_is_row,
    )


def shift(before: Tensor, after: Tensor) -> Shift:
    """How far each of `after` (B, H) is from `before` (B, H); rounding counts as 0."""
    wide_before, wide_after = before.detach().double(), after.detach().double()
    length = wide_before.norm(dim=1).numpy()
    moved = (wide_after - wide_before).norm(dim=1).numpy()
    lengths = np.concatenate((length, wide_after.norm(dim=1).numpy()))
    longest = lengths[np.isfinite(lengths)].max(initial=0.0)
    moved[moved <= ROUNDINGS * torch.finfo(before.dtype).eps * longest] = 0.0
    relative = np.where(moved == 0, 0.0, 1.0)
    with np.errstate(invalid="ignore"):  # Inf / Inf, where a row is infinite
        np.divide(moved, length, out=relative, where=length != 0)
    return Shift(Array.of(moved), Array.of(relative), float(relative.max(initial=0.0)))


def _backward(model: Model, inputs: Inputs) -> tuple[Tensor, Reading]:
    vectors, reading = model(inputs)
    if model.head.looks_up:
        vectors.retain_grad()
    reading.loss.backward()
    return vectors, reading


def _read_replaced(model: Model, inputs: Inputs, study: Study) -> Reading:
    """What the head reads once the pad row is N(0, 1) times the study's scale."""
    generator = torch.Generator().manual_seed(study.replaced_seed)
    row = model.weight[model.pad]
    row.copy_(torch.randn(row.shape, generator=generator) * study.replaced_scale)
    reading: Reading = model(inputs)[1]
    return reading


def _gradient(vectors: Tensor, mask: Tensor) -> tuple[Array | None, float | None]:
    """The norm of the gradient at each cell (B, T), and the one norm over all pad cells."""
    if vectors.ndim == 1:
        return None, None
    gradient = _gradient_of(vectors)
    return Array.of(_norms(gradient)), float(gradient[~mask].double().norm())


def _gradient_of(tensor: Tensor) -> Tensor:
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad


def _norms(rows: Tensor) -> NDArray[np.float64]:
    norms: NDArray[np.float64] = rows.detach().double().norm(dim=-1).numpy()
    return norms


def _array(tensor: Tensor) -> Array:
    return Array.of(tensor.detach().numpy())
