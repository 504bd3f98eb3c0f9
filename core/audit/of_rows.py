"""Findings about the rows themselves; any table can have them."""

import numpy as np
from numpy.typing import NDArray

from core.audit.examined import Examined
from core.audit.finding import Finding, as_rows

FEWEST = 30  # rows that have a usual norm
FAR, FACTOR = 8.0, 10.0
FEW, SHARE = 2, 0.01  # of the rows may be outliers; more are another population
MAD = 1.4826  # of a normal distribution: its standard deviation over its median deviation
AWAITED = 20.0  # lookups after which a row has been looked up: missing it has the odds e⁻²⁰


def nan_rows(examined: Examined) -> Finding | None:
    """Rows that hold NaN or Inf."""
    if examined.table is None or examined.table.finite.all():
        return None
    rows = np.flatnonzero(~examined.table.finite)
    return Finding("nan-rows", "error", as_rows(rows), numbers={"count": len(rows)})


def zero_rows(examined: Examined) -> Finding | None:
    """Words whose row is all zeros, where nobody asked for zeros."""
    config = examined.subject.config
    if examined.table is None or (config and config.table.initialisation.name == "zeros"):
        return None
    rows = np.flatnonzero(examined.table.zero & examined.word_rows())
    if not len(rows):
        return None
    return Finding("zero-rows", "note", as_rows(rows), numbers={"count": len(rows)})


def duplicate_rows(examined: Examined) -> Finding | None:
    """Rows with the same bits, beyond what chance gives; rows of zeros are not meant."""
    table = examined.table
    if table is None or not len(table.twins):
        return None
    rows, firsts = table.twins.T
    alike = np.unique(np.concatenate((rows, firsts)))
    config = examined.subject.config
    meant = config is not None and config.table.initialisation.name == "zeros"
    return Finding(
        "duplicate-rows",
        "note" if meant else "warning",
        as_rows(alike),
        numbers={
            "count": len(alike),
            "groups": len(np.unique(firsts)),
            "first": int(firsts[0]),
            "second": int(rows[0]),
        },
    )


def norm_outliers(examined: Examined) -> Finding | None:
    """Words whose row is many times longer or shorter than usual.

    By the robust z-score of log ‖row‖ (median and median absolute deviation), and at least by
    `FACTOR`. Rows that are many are no outliers but another population, and rows that training
    never touched are compared with their like only.
    """
    table = examined.table
    if table is None:
        return None
    usable = table.finite & ~table.zero & examined.word_rows()
    touched = examined.subject.touched
    groups = [usable] if touched is None else [usable & touched, usable & ~touched]
    found = [_far_off(table.norms, group) for group in groups]
    rows = np.concatenate([rows for rows, _ in found])
    if not len(rows):
        return None
    ratios = np.concatenate([ratios for _, ratios in found])
    order = np.argsort(-np.abs(np.log(ratios)), kind="stable")
    rows, ratios = rows[order], ratios[order]
    return Finding(
        "norm-outliers",
        "warning" if (ratios > 1).any() else "note",
        as_rows(rows),
        numbers={
            "count": len(rows),
            "first": int(rows[0]),
            "norm": float(table.norms[rows[0]]),
            "usual": float(table.norms[rows[0]] / ratios[0]),
        },
    )


def _far_off(
    norms: NDArray[np.float64], group: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The outliers of `group`, and how many times the usual norm theirs is."""
    ids = np.flatnonzero(group)
    nothing = ids[:0], norms[:0]
    if len(ids) < FEWEST:
        return nothing
    logs = np.log(norms[ids])
    middle = float(np.median(logs))
    away = logs - middle
    deviation = MAD * float(np.median(np.abs(away)))
    far = (np.abs(away) > FAR * deviation) & (np.abs(away) > np.log(FACTOR))
    if far.sum() > max(FEW, SHARE * len(ids)):
        return nothing
    return ids[far], np.exp(away[far])


def dead_rows(examined: Examined) -> Finding | None:
    """Words that no batch looks up, so that training never reaches their rows."""
    per_step, counts, subject = examined.per_step, examined.counts, examined.subject
    if per_step is None or counts is None or not len(per_step):
        return None
    words = examined.word_rows()
    # The softmax reaches every row of a table that is the output weights too.
    unreachable = words & (per_step == 0) & (not subject.is_tied)
    missed = np.zeros_like(words)
    if subject.touched is not None:
        # What is the largest nowhere gets no gradient from "max", however often it is read.
        read = per_step * subject.steps >= AWAITED
        missed = words & read & ~subject.touched & (subject.pooled_by != "max")
        unreachable &= ~subject.touched  # before an edit took it out of the sentences
    rows = np.flatnonzero(missed | unreachable)
    if not len(rows):
        return None
    return Finding(
        "dead-rows",
        "warning" if missed.any() else "note",
        as_rows(rows),
        numbers={
            "count": len(rows),
            "absent": int((unreachable & (counts == 0)).sum()),
            "unread": int((unreachable & (counts > 0)).sum()),
            "missed": int(missed.sum()),
            "objective": subject.objective or "",
            "steps": subject.steps,
        },
    )


def _unmoved(examined: Examined) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Which rows should have left their initial value, and which of those have not: (V,) each."""
    table, subject = examined.table, examined.subject
    if table is None or subject.initial is None or subject.touched is None or not subject.steps:
        return None
    touched = subject.touched.copy()
    if subject.padding_row is not None:
        touched[subject.padding_row] = False
    return touched, touched & (table.prints == subject.initial)


def unmoved_rows(examined: Examined) -> Finding | None:
    """Rows that got a gradient and still have the bits they began with, while others moved."""
    known = _unmoved(examined)
    if known is None or not known[1].any() or known[1].sum() == known[0].sum():
        return None
    rows = np.flatnonzero(known[1])
    numbers = {"count": len(rows), "steps": examined.subject.steps}
    return Finding("unmoved-rows", "note", as_rows(rows), numbers=numbers)


def nothing_trains(examined: Examined) -> Finding | None:
    """Not one row that got a gradient has left its initial value."""
    known = _unmoved(examined)
    config = examined.subject.config
    if known is None or not known[1].any() or known[1].sum() < known[0].sum():
        return None
    if config is not None and config.optimizer.rate == 0:
        return None  # that is said for itself
    numbers = {"count": int(known[1].sum()), "steps": examined.subject.steps}
    return Finding("nothing-trains", "error", as_rows(np.flatnonzero(known[1])), numbers=numbers)
