"""Findings about the sentences: ids that are no rows, unknown words, pads where words should be."""

import numpy as np
from numpy.typing import NDArray

from core.audit.examined import Examined
from core.audit.finding import Finding, Kind, as_rows

MANY_UNKNOWN = 0.1
PADDED = 0.2  # of the sentences end in a run of one token
RUN = 2  # tokens alike at the end of a sentence that look like padding


def id_out_of_range(examined: Examined) -> Finding | None:
    """Ids below 0 or not below V: a lookup fails, and negative ones are never wrapped."""
    subject, text = examined.subject, examined.subject.text
    if text is None or not subject.size:
        return None
    places = np.flatnonzero((text.ids < 0) | (text.ids >= subject.size))
    if not len(places):
        return None
    numbers = {
        "count": len(places),
        "id": int(text.ids[places[0]]),
        "last": subject.size - 1,
        "sentence": int(text.sentences_of(places[:1])[0]) + 1,
        "position": int(text.positions[places[0]]) + 1,
    }
    cells = text.cells(places)
    return Finding("id-out-of-range", "error", cells=cells, numbers=numbers)


def unknown_share(examined: Examined) -> Finding | None:
    """Many words of the sentences are unknown, and all of them are one row."""
    subject, text = examined.subject, examined.subject.text
    if text is None or subject.unk_id is None or not len(text.ids):
        return None
    places = np.flatnonzero(text.ids == subject.unk_id)
    share = len(places) / len(text.ids)
    if share < MANY_UNKNOWN:
        return None
    return Finding(
        "unknown-share",
        "warning",
        as_rows(subject.unk_id),
        text.cells(places),
        {"count": len(places), "share": share, "row": subject.unk_id},
    )


def pads_among_words(examined: Examined) -> Finding | None:
    """The padding token stands in the sentences themselves, where a word is read."""
    if _predicts(examined):
        return None
    return _real_pads(examined, "pads-among-words")


def loss_on_pads(examined: Examined) -> Finding | None:
    """The padding token stands in the sentences, and the objective trains to predict it."""
    if not _predicts(examined):
        return None
    return _real_pads(examined, "loss-on-pads")


def _predicts(examined: Examined) -> bool:
    """Whether tokens themselves are what is predicted."""
    return examined.subject.objective in ("next-word", "cbow", "skip-gram")


def _real_pads(examined: Examined, kind: Kind) -> Finding | None:
    subject, text = examined.subject, examined.subject.text
    row = subject.pad_id
    if text is None or row is None:
        return None
    places = np.flatnonzero(text.ids == row)
    if not len(places):
        return None
    return Finding(
        kind,
        "warning",
        as_rows(row),
        text.cells(places),
        {"count": len(places), "row": row, "share": len(places) / len(text.ids)},
    )


def padded_text(examined: Examined) -> Finding | None:
    """The sentences come padded already, with a token that nobody called padding.

    All are of one length, and many end (or begin) in a run of the same token.
    """
    subject, text = examined.subject, examined.subject.text
    if text is None or len(text.filled) < 2 or np.ptp(text.lengths) or text.lengths[0] <= RUN:
        return None
    grid = text.ids.reshape(len(text.lengths), -1)
    for side, padded in (("right", grid), ("left", grid[:, ::-1])):
        row = _filler(padded)
        if row is None or row in (subject.pad_id, subject.padding_row):
            continue
        places = np.flatnonzero(text.ids == row)
        return Finding(
            "padded-text",
            "warning",
            as_rows(row),
            text.cells(places),
            {"row": row, "side": side, "share": len(places) / len(text.ids)},
        )
    return None


def _filler(padded: NDArray[np.integer]) -> int | None:
    """The id that fills the ends of the sentences (S, T) and stands nowhere else, if one does."""
    ends = padded[:, -RUN:]
    runs = (ends == ends[:, :1]).all(1)
    filling = np.unique(ends[runs, -1])
    # A padded batch has at least one sentence that needs no padding.
    if len(filling) != 1 or not max(2.0, PADDED * len(padded)) <= runs.sum() < len(padded):
        return None
    found = padded == filling[0]
    at_the_end = np.logical_and.accumulate(found[:, ::-1], axis=1)
    return int(filling[0]) if at_the_end.sum() == found.sum() else None


def tokens_missing(examined: Examined) -> Finding | None:
    """There are more tokens than rows: the last ones have none."""
    subject = examined.subject
    if subject.rows is None or subject.tokens is None or len(subject.tokens) <= len(subject.rows):
        return None
    numbers = {"tokens": len(subject.tokens), "rows": len(subject.rows)}
    return Finding("tokens-missing", "error", numbers=numbers)


def rows_unnamed(examined: Examined) -> Finding | None:
    """There are more rows than tokens: nothing looks the last ones up."""
    subject = examined.subject
    if subject.rows is None or subject.tokens is None or len(subject.tokens) >= len(subject.rows):
        return None
    numbers = {"tokens": len(subject.tokens), "rows": len(subject.rows)}
    rows = np.arange(len(subject.tokens), len(subject.rows))
    return Finding("rows-unnamed", "note", as_rows(rows), numbers=numbers)
