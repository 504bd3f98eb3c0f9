"""Findings about the arguments of the embedding and about how its rows begin."""

import numpy as np
from msgspec.structs import replace

from core.audit.examined import Examined
from core.audit.finding import BeginAgain, Finding, as_rows
from core.config import Initialisation

CLOSE = 1e-3  # a row that was renormalised lies on the circle but for rounding


def max_norm_outside(examined: Examined) -> Finding | None:
    """max_norm shortens a row only when it is looked up: the others keep their length."""
    config, rows = examined.subject.config, examined.subject.rows
    if config is None or rows is None or examined.table is None or config.table.max_norm is None:
        return None
    if config.table.norm_type != 2:
        return None  # other norms of a million rows would be another pass
    longest = config.table.max_norm
    norms = examined.table.norms
    outside = np.flatnonzero(np.nan_to_num(norms) > longest * (1 + CLOSE))
    if not len(outside):
        return None
    numbers = {"count": len(outside), "max_norm": longest, "largest": float(norms[outside].max())}
    return Finding("max-norm-outside", "note", as_rows(outside), numbers=numbers)


def scaled_by_frequency(examined: Examined) -> Finding | None:
    """The gradients of the same id are averaged over the batch, not added."""
    config, text = examined.subject.config, examined.subject.text
    if config is None or not config.table.scale_grad_by_freq:
        return None
    counts = examined.counts
    if text is not None and counts is not None and not (counts > 1).any():
        return None  # no id comes twice
    table = replace(config.table, scale_grad_by_freq=False)
    remedy = BeginAgain(replace(config, table=table))
    return Finding("scaled-by-frequency", "note", remedy=remedy)


def double_precision(examined: Examined) -> Finding | None:
    """A table in float64, as NumPy made it: twice the memory, and no other module's dtype."""
    rows, config = examined.subject.rows, examined.subject.config
    if rows is None or rows.dtype != np.float64 or config is not None:
        return None
    return Finding("double-precision", "note", numbers={"bytes": rows.nbytes})


def zeros_never_leave(examined: Examined) -> Finding | None:
    """Skip-gram from zeros: each table's gradient is the other table's rows, and both are zero.

    So it is with tied output weights, where both are the same table.
    """
    config = examined.subject.config
    if config is None or not (config.objective.name == "skip-gram" or config.objective.is_tied):
        return None
    if config.table.initialisation.name != "zeros":
        return None
    table = replace(config.table, initialisation=Initialisation("normal", 0.1))
    remedy = BeginAgain(replace(config, table=table))
    numbers = {"objective": config.objective.name}
    return Finding("zeros-never-leave", "error", numbers=numbers, remedy=remedy)
