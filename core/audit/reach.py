"""How often the batches of an objective look each row up, from the sentences alone."""

import numpy as np
from numpy.typing import NDArray

from core.audit.subject import Text, count_ids
from core.config import RunConfig


def lookups_per_step(text: Text, config: RunConfig, rows: int) -> NDArray[np.float64]:
    """How often a step looks each of `rows` rows up on average: float64 (rows,).

    Only what is read from the shown table counts: its words as inputs, not as targets, nor the
    neighbours and negatives that skip-gram has in a table of their own; and no padding.
    """
    return text.kept(
        ("lookups", config.objective, config.batch_size, rows), lambda: _lookups(text, config, rows)
    )


def _lookups(text: Text, config: RunConfig, rows: int) -> NDArray[np.float64]:
    times, examples = _inputs(text, config)
    found = count_ids(text.ids, rows, times).astype(np.float64)
    found *= config.batch_size / max(1, examples)
    return found


def _inputs(text: Text, config: RunConfig) -> tuple[NDArray[np.bool_ | np.int32], int]:
    """In how many examples each token is an input, (tokens,); and how many examples there are."""
    before, after = text.positions, text.following
    match config.objective.name:
        case "next-word":
            return after > 0, int(np.count_nonzero(after))
        case "cbow":
            reach = np.int32(config.objective.window)
            around = np.minimum(before, reach) + np.minimum(after, reach)
            return around, int(np.count_nonzero(around))
        case "skip-gram":
            inputs = (before > 0) | (after > 0)
            return inputs, int(np.count_nonzero(inputs))
        case _:
            return np.ones(len(text.ids), np.bool_), len(text.filled)
