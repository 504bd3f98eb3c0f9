"""Movements as the message that carries them, and back. Needs no torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.config import OptimizerConfig
from core.messages import Array, Explained
from core.movement.parts import Movement


def explained(
    run: int, step: int, optimizer: OptimizerConfig, movements: Sequence[Movement]
) -> Explained:
    """The message of `movements` in one step of `run`, which all have the same parts."""
    parts = movements[0].parts if movements else {}
    return Explained(
        run,
        step,
        optimizer,
        tuple(movement.id for movement in movements),
        _stacked([movement.before for movement in movements]),
        _stacked([movement.after for movement in movements]),
        {part: _stacked([movement.parts[part] for movement in movements]) for part in parts},
        _stacked([movement.rounding for movement in movements]),
    )


def movements_in(message: Explained) -> dict[int, Movement]:
    """The movement of each row in `message`, by id."""
    before, after = message.before.numpy(), message.after.numpy()
    parts = {part: vectors.numpy() for part, vectors in message.parts.items()}
    rounding = message.rounding.numpy()
    return {
        id_: Movement(
            id_,
            message.step,
            message.optimizer,
            before[place],
            after[place],
            {part: vectors[place] for part, vectors in parts.items()},
            rounding[place],
        )
        for place, id_ in enumerate(message.ids)
    }


def _stacked(vectors: Sequence[NDArray[Any]]) -> Array:
    return Array.of(np.stack(vectors) if vectors else np.zeros((0, 0)))
