"""Movements made by hand, for tests of what shows them."""

import numpy as np

from core.config import OptimizerConfig
from core.movement.parts import Movement, Part, rounding_of

SGD = OptimizerConfig("sgd", 0.1, 0.9, weight_decay=0.01)


def movement(
    id_: int = 3,
    optimizer: OptimizerConfig = SGD,
    step: int = 5,
    outside: float = 0.0,
    **parts: tuple[float, ...],
) -> Movement:
    """Row `id_` of ones, moved by `parts` and, in its first column, by `outside`."""
    vectors: dict[Part, np.ndarray] = {
        name.replace("_", "-"): np.array(vector)  # type: ignore[misc] - the name of a part
        for name, vector in parts.items()
    }
    columns = len(next(iter(vectors.values())))
    before = np.ones(columns, np.float32)
    change = sum(vectors.values(), np.zeros(columns))
    change[0] += outside
    after = (before + change).astype(np.float32)
    return Movement(
        id_, step, optimizer, before, after, vectors, rounding_of(before, after, vectors)
    )
