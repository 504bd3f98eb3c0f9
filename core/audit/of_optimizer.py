"""Findings about the optimizer, and about settings that go ill together."""

import numpy as np
from msgspec.structs import replace

from core.audit.examined import Examined
from core.audit.finding import BeginAgain, Finding, Number, Remedy, UseOptimizer, as_rows
from core.audit.of_padding_row import untied
from core.audit.one_weight import STEPS, kept_unseen, travel_after_last
from core.combinations import refusal
from core.config import OptimizerConfig, RunConfig
from core.problems import RefusalReason

MUCH_LOST = 0.98  # what is left of an unseen row: less is more than a nudge
RARE = 0.1  # lookups a step
TAIL = 1.5  # how many times its first step one gradient moves a row
LARGE_GRADIENT = 2**26  # bytes of a dense gradient: 64 MB are written in every step
SMALL_PART = 0.01  # of the rows are looked up in a step
DENSE_ADAPTIVE = ("adam", "adamw", "adagrad")


def settings_refused(examined: Examined) -> Finding | None:
    """torch refuses this optimizer for this table."""
    config = examined.subject.config
    reason = None if config is None else _refusal(config)
    if config is None or reason is None or reason == "sparse-momentum-grows":
        return None
    numbers: dict[str, Number] = {"optimizer": config.optimizer.name, "reason": reason}
    return Finding("settings-refused", "error", numbers=numbers, remedy=_that_goes(config, reason))


def sparse_momentum(examined: Examined) -> Finding | None:
    """SGD's momentum of sparse gradients grows in every step, until the run stands still."""
    config = examined.subject.config
    if config is None or _refusal(config) != "sparse-momentum-grows":
        return None
    remedy = UseOptimizer(replace(config.optimizer, momentum=0.0, nesterov=False))
    numbers = {"momentum": config.optimizer.momentum}
    return Finding("sparse-momentum", "error", numbers=numbers, remedy=remedy)


def _refusal(config: RunConfig) -> RefusalReason | None:
    return refusal(config.table, config.optimizer, tied=config.objective.is_tied)


def _that_goes(config: RunConfig, reason: str) -> Remedy | None:
    """The nearest settings that torch takes."""
    table, optimizer = config.table, config.optimizer
    match reason:
        case "sparse-gradients-unsupported" | "sparse-tied":
            return BeginAgain(replace(config, table=replace(table, sparse=False)))
        case "needs-sparse-gradients":
            return BeginAgain(replace(config, table=replace(table, sparse=True)))
        case "tied-gradients-are-dense":
            return BeginAgain(untied(config))
        case "sparse-scale-grad-by-freq":
            return BeginAgain(replace(config, table=replace(table, scale_grad_by_freq=False)))
        case "no-momentum" | "nesterov-needs-momentum":
            return UseOptimizer(replace(optimizer, momentum=0.0, nesterov=False))
        case _:
            return UseOptimizer(replace(optimizer, weight_decay=0.0))


def decay_of_unseen(examined: Examined) -> Finding | None:
    """Weight decay pulls rows to zero that no batch looks up; a pad row that is not zero, too."""
    config, per_step, table = examined.subject.config, examined.per_step, examined.table
    if config is None or per_step is None or config.table.sparse or not config.optimizer.rate:
        return None
    if examined.subject.is_tied:
        return None  # every row gets a gradient in every step
    kept = kept_unseen(config.optimizer)
    if kept == 1.0:
        return None
    unseen = per_step == 0
    for row in examined.subject.special:
        if examined.is_zero(int(row)):
            unseen[row] = False  # zero times anything is zero
    if table is not None:
        unseen &= ~table.zero
    rows = np.flatnonzero(unseen)
    if not len(rows):
        return None
    words = bool((unseen & examined.word_rows()).any())
    return Finding(
        "decay-of-unseen",
        "warning" if words and kept < MUCH_LOST else "note",
        as_rows(rows),
        numbers={
            "count": len(rows),
            "kept": kept,
            "steps": STEPS,
            "optimizer": config.optimizer.name,
            "decay": config.optimizer.weight_decay,
        },
        remedy=UseOptimizer(replace(config.optimizer, weight_decay=0.0)),
    )


def momentum_tail(examined: Examined) -> Finding | None:
    """Rows of rare words go on moving after their gradient, by what the optimizer remembers."""
    config, per_step = examined.subject.config, examined.per_step
    if config is None or per_step is None or config.table.sparse or not config.optimizer.rate:
        return None
    if examined.subject.is_tied:
        return None  # no row's gradients end
    travel = travel_after_last(config.optimizer)
    rows = np.flatnonzero((per_step > 0) & (per_step < RARE) & examined.word_rows())
    if travel < TAIL or not len(rows):
        return None
    return Finding(
        "momentum-tail",
        "note",
        as_rows(rows),
        numbers={
            "count": len(rows),
            "travel": travel,
            "steps": STEPS,
            "optimizer": config.optimizer.name,
        },
        remedy=BeginAgain(_without_tail(config)),
    )


def _without_tail(config: RunConfig) -> RunConfig:
    """SparseAdam instead of Adam; SGD without its momentum."""
    if config.optimizer.name == "sgd":
        optimizer = replace(config.optimizer, momentum=0.0, nesterov=False)
        return replace(config, optimizer=optimizer)
    table = replace(config.table, sparse=True, scale_grad_by_freq=False)
    optimizer = OptimizerConfig("sparse-adam", config.optimizer.rate)
    return replace(config, table=table, optimizer=optimizer)


def dense_gradients(examined: Examined) -> Finding | None:
    """A large table writes a gradient for every row in every step, of which few are not zero."""
    config, per_step = examined.subject.config, examined.per_step
    if config is None or per_step is None or config.table.sparse:
        return None
    table = config.table
    size = {"float16": 2, "float32": 4, "float64": 8}[table.dtype]
    bytes_ = table.num_embeddings * table.embedding_dim * size
    looked_up = min(1.0, float(np.minimum(per_step, 1.0).sum()) / max(1, table.num_embeddings))
    if bytes_ < LARGE_GRADIENT or looked_up > SMALL_PART or examined.subject.is_tied:
        return None
    sparse = replace(table, sparse=True, scale_grad_by_freq=False)
    name = config.optimizer.name
    optimizer = (
        OptimizerConfig("sparse-adam", config.optimizer.rate)
        if name in ("adam", "adamw")
        else replace(config.optimizer, momentum=0.0, nesterov=False, weight_decay=0.0)
    )
    return Finding(
        "dense-gradients",
        "note",
        numbers={"bytes": bytes_, "share": looked_up},
        remedy=BeginAgain(replace(config, table=sparse, optimizer=optimizer)),
    )


def half_precision(examined: Examined) -> Finding | None:
    """In float16 the eps of these optimizers is 0, and rows without a gradient become 0 / 0."""
    config = examined.subject.config
    if config is None or config.table.dtype != "float16" or config.table.sparse:
        return None
    if config.optimizer.name not in DENSE_ADAPTIVE:
        return None
    table = replace(config.table, dtype="float32")
    return Finding(
        "half-precision",
        "error",
        numbers={"optimizer": config.optimizer.name},
        remedy=BeginAgain(replace(config, table=table)),
    )


def zero_rate(examined: Examined) -> Finding | None:
    """With a learning rate of 0 nothing ever moves."""
    config = examined.subject.config
    if config is None or config.optimizer.rate:
        return None
    return Finding("zero-rate", "warning")


def stale_optimizer(examined: Examined) -> Finding | None:
    """The optimizer holds another parameter than the table, such as the one before a resize."""
    facts = examined.subject.optimizer
    if facts is None or facts.holds_table or not facts.trainable:
        return None
    return Finding("stale-optimizer", "error")


def frozen_moves(examined: Examined) -> Finding | None:
    """A frozen table that still has a gradient, or decay, and an optimizer: it moves."""
    facts, config = examined.subject.optimizer, examined.subject.config
    if facts is None or facts.trainable or not facts.holds_table or not facts.has_gradient:
        return None
    numbers = {"decay": 0.0 if config is None else config.optimizer.weight_decay}
    return Finding("frozen-moves", "error", numbers=numbers)
