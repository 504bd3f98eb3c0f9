"""Findings about the row at padding_idx, and about which row that is."""

from msgspec.structs import replace

from core.audit.examined import Examined
from core.audit.finding import BeginAgain, Finding, Kind, Number, Remedy, ZeroRow, as_rows
from core.config import RunConfig

END_TOKENS = frozenset(
    {"</s>", "<eos>", "<EOS>", "[EOS]", "[SEP]", "<|endoftext|>", "<|eot_id|>", "<|im_end|>"}
    | {"<|end_of_text|>", "<end_of_turn>", "<|end|>"}
)


def pad_row_not_zero(examined: Examined) -> Finding | None:
    """padding_idx keeps gradients away from its row, and something else has written it."""
    if _came_given(examined) or examined.pad_has_a_job:
        return None
    if examined.subject.is_tied:
        return None  # the softmax has, and does so again in the next step: that is said for itself
    return _nonzero(examined, "pad-row-not-zero")


def given_pad_row(examined: Examined) -> Finding | None:
    """Given rows are kept as they are: nothing has zeroed the one at padding_idx."""
    if not _came_given(examined) or examined.pad_has_a_job:
        return None
    if examined.subject.is_tied and examined.subject.steps:
        return None  # it need not be as it was given
    return _nonzero(examined, "given-pad-row")


def pad_with_a_job(examined: Examined) -> Finding | None:
    """The padding token also begins what the model writes (T5): its row must not be zeroed."""
    row = examined.subject.padding_row
    if row is None or not examined.pad_has_a_job or examined.is_zero(row) is not False:
        return None
    return Finding(
        "pad-with-a-job", "note", as_rows(row), numbers={"row": row, "norm": examined.norm(row)}
    )


def _came_given(examined: Examined) -> bool:
    config = examined.subject.config
    return config is not None and config.table.initialisation.name == "given"


def _nonzero(examined: Examined, kind: Kind) -> Finding | None:
    row, table = examined.subject.padding_row, examined.table
    if row is None or table is None or table.zero[row] or not table.finite[row]:
        return None  # NaN and Inf are said for themselves
    if not examined.stands_for_padding(row):
        return None  # so is a word at padding_idx, whose row must not be zeroed
    # Where no computation can read it, a row that is not zero changes nothing.
    harmless = examined.subject.config is not None and not examined.reads_pads
    return Finding(
        kind,
        "note" if harmless else "warning",
        as_rows(row),
        numbers={"row": row, "norm": examined.norm(row)},
        remedy=ZeroRow(row),
    )


def no_padding_idx(examined: Examined) -> Finding | None:
    """Sentences are padded, what is computed reads the pads, and nothing freezes their row."""
    subject = examined.subject
    if subject.padding_idx is not None or subject.pad_id is None:
        return None
    if subject.config is None:
        # A table by itself: only a row that is not zero can do harm.
        if examined.is_zero(subject.pad_id) is not False or examined.pad_has_a_job:
            return None
        numbers = {"row": subject.pad_id}
        return Finding("no-padding-idx", "note", as_rows(subject.pad_id), numbers=numbers)
    if not examined.reads_pads:
        return None
    return Finding(
        "no-padding-idx",
        "warning",
        as_rows(subject.pad_id),
        numbers={"row": subject.pad_id},
        remedy=_with_padding_idx(examined, subject.pad_id),
    )


def wrong_padding_idx(examined: Examined) -> Finding | None:
    """padding_idx is the row of something else than padding, which therefore never learns."""
    subject, counts = examined.subject, examined.counts
    row = subject.padding_row
    if row is None or row in (subject.pad_id, subject.unk_id):
        return None
    times = 0 if counts is None else int(counts[row])
    # Without sentences a table's tokens must do: another one is called padding.
    if not times and (counts is not None or subject.pad_id is None):
        return None
    remedy = None
    if subject.pad_id is not None:
        remedy = _with_padding_idx(examined, subject.pad_id)
    return Finding(
        "wrong-padding-idx",
        "error" if times else "warning",
        as_rows(row),
        examined.cells_of(row),
        {"row": row, "times": times},
        remedy,
    )


def unknown_is_padding(examined: Examined) -> Finding | None:
    """Unknown words get the row of padding: they count as nothing, and never learn."""
    subject, counts = examined.subject, examined.counts
    unknown = subject.unk_id
    if unknown is None or unknown not in (subject.padding_row, subject.pad_id):
        return None
    times = 0 if counts is None else int(counts[unknown])
    remedy = None
    if subject.pad_id is not None and subject.pad_id != unknown:
        remedy = _with_padding_idx(examined, subject.pad_id)
    return Finding(
        "unknown-is-padding",
        "error" if times else "warning",
        as_rows(unknown),
        examined.cells_of(unknown),
        {"row": unknown, "times": times},
        remedy,
    )


def negative_padding_idx(examined: Examined) -> Finding | None:
    """A padding_idx below 0 is stored as a row from the end, and stays there as rows are added."""
    subject, row = examined.subject, examined.subject.padding_row
    if subject.padding_idx is None or subject.padding_idx >= 0 or row is None:
        return None
    return Finding(
        "negative-padding-idx",
        "note",
        as_rows(row),
        numbers={"given": subject.padding_idx, "row": row},
        remedy=_with_padding_idx(examined, row),
    )


def pad_is_end(examined: Examined) -> Finding | None:
    """The padding token is the one that ends a text: whatever leaves pads out leaves that out."""
    subject, counts = examined.subject, examined.counts
    row = subject.pad_id if subject.padding_row is None else subject.padding_row
    if row is None or subject.tokens is None or row >= len(subject.tokens):
        return None
    if subject.tokens[row] not in END_TOKENS:
        return None
    times = 0 if counts is None else int(counts[row])
    numbers: dict[str, Number] = {"row": row, "times": times}
    return Finding("pad-is-end", "warning", as_rows(row), examined.cells_of(row), numbers)


def tied_pad_row(examined: Examined) -> Finding | None:
    """The output weights are the table: the softmax writes the pad row past padding_idx."""
    subject = examined.subject
    config, row = subject.config, subject.padding_row
    if not subject.is_tied or row is None:
        return None
    numbers: dict[str, Number] = {"row": row}
    if examined.table is not None:
        numbers["norm"] = examined.norm(row)
    if subject.head is not None or config is None or not config.objective.is_tied:
        return Finding("tied-pad-row", "warning", as_rows(row), numbers=numbers)
    # Next word from a single row reads no pads: who takes the table from here may.
    remedy = BeginAgain(untied(config))
    return Finding("tied-pad-row", "note", as_rows(row), numbers=numbers, remedy=remedy)


def untied(config: RunConfig) -> RunConfig:
    """The same settings with output weights of their own."""
    return replace(config, objective=replace(config.objective, tied=False))


def _with_padding_idx(examined: Examined, row: int) -> Remedy | None:
    config = examined.subject.config
    if config is None:
        return None
    return BeginAgain(replace(config, table=replace(config.table, padding_idx=row)))
