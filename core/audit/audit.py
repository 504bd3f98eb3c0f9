"""The audit: every finding about a subject, the gravest first."""

from collections.abc import Callable, Iterable
from dataclasses import replace as with_fields

from msgspec.structs import replace

from core.audit import of_optimizer, of_padding_row, of_pads_read, of_rows, of_table, of_text
from core.audit.examined import Examined
from core.audit.finding import LEVELS, Finding
from core.audit.subject import StudiedBatch, Subject
from core.progress import Progress, report

Check = Callable[[Examined], Finding | None]

CHECKS: tuple[Check, ...] = (
    of_text.id_out_of_range,
    of_text.tokens_missing,
    of_rows.nan_rows,
    of_optimizer.half_precision,
    of_rows.nothing_trains,
    of_optimizer.zero_rate,
    of_optimizer.stale_optimizer,
    of_optimizer.frozen_moves,
    of_optimizer.settings_refused,
    of_optimizer.sparse_momentum,
    of_table.zeros_never_leave,
    of_padding_row.wrong_padding_idx,
    of_padding_row.unknown_is_padding,
    of_pads_read.pads_in_pooling,
    of_pads_read.pads_in_last_state,
    of_pads_read.pads_in_attention,
    of_pads_read.pads_in_batch_norm,
    of_pads_read.pads_in_convolution,
    of_padding_row.no_padding_idx,
    of_padding_row.pad_row_not_zero,
    of_padding_row.given_pad_row,
    of_padding_row.tied_pad_row,
    of_padding_row.pad_is_end,
    of_text.loss_on_pads,
    of_text.pads_among_words,
    of_text.padded_text,
    of_text.unknown_share,
    of_optimizer.decay_of_unseen,
    of_rows.norm_outliers,
    of_rows.duplicate_rows,
    of_rows.dead_rows,
    of_rows.unmoved_rows,
    of_rows.zero_rows,
    of_text.rows_unnamed,
    of_padding_row.pad_with_a_job,
    of_padding_row.negative_padding_idx,
    of_optimizer.momentum_tail,
    of_optimizer.dense_gradients,
    of_table.max_norm_outside,
    of_table.scaled_by_frequency,
    of_table.double_precision,
)
"""One function for each kind of finding; those of one level are told in this order."""

BATCH_CHECKS: tuple[Check, ...] = (
    of_text.id_out_of_range,
    of_pads_read.pads_in_pooling,
    of_pads_read.pads_in_last_state,
    of_pads_read.pads_in_attention,
    of_pads_read.pads_in_batch_norm,
    of_pads_read.pads_in_convolution,
    of_padding_row.no_padding_idx,
    of_padding_row.tied_pad_row,
)
"""Those that also look at a batch under study."""


def audit(subject: Subject, progress: Progress | None = None) -> tuple[Finding, ...]:
    """What is found about `subject`, the gravest first.

    `progress` counts rows; raises `Cancelled` when it returns False.
    """
    return findings_of(Examined(subject, progress), progress)


def findings_of(examined: Examined, progress: Progress | None = None) -> tuple[Finding, ...]:
    """What is found about a subject that has been read, as in `audit`."""
    size = examined.subject.size
    found = []
    for check in CHECKS:
        report(progress, size, size)
        finding = check(examined)
        if finding is not None:
            found.append(finding)
    return gravest_first(found)


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """`findings` by their level; those of one level as they come."""
    return tuple(sorted(findings, key=lambda finding: -LEVELS.index(finding.level)))


def findings_of_batch(examined: Examined, batch: StudiedBatch) -> tuple[Finding, ...]:
    """What is found about `batch`, over the table of `examined`; no remedy changes the run."""
    subject, table = examined.subject, examined.table
    config, row = subject.config, batch.text.pad_id
    if config is not None:
        config = replace(config, table=replace(config.table, padding_idx=batch.padding_idx))
    if table is not None and batch.pad_is_zero is not None and row < len(table.zero):
        zero = table.zero.copy()
        zero[row] = batch.pad_is_zero
        table = with_fields(table, zero=zero)
    looked_through = with_fields(
        subject,
        text=batch.text,
        head=batch.head,
        extra=batch.extra,
        padding_idx=batch.padding_idx,
        config=config,
    )
    again = Examined(looked_through, table=table)
    found = [finding for check in BATCH_CHECKS if (finding := check(again)) is not None]
    return tuple(with_fields(finding, remedy=None, of_batch=True) for finding in found)
