"""Findings about what is computed from a padded batch: where pads change the answer."""

import numpy as np
from msgspec.structs import replace

from core.audit.examined import Examined
from core.audit.finding import BeginAgain, Finding, Kind, Number, Remedy, as_cells, as_rows


def pads_in_pooling(examined: Examined) -> Finding | None:
    """Pads are averaged, added or compared with the words: the answer depends on the batch.

    A row of zeros adds nothing to a sum, and stays one if padding_idx keeps gradients away.
    """
    head = examined.subject.pooled_by
    if head not in ("mean", "sum", "max", "bag") or not examined.ragged:
        return None
    if head == "sum" and _adds_nothing(examined):
        return None
    if head == "bag" and examined.pads_are_left_out:
        return None
    return _found(examined, "pads-in-pooling", remedy=_masked(examined))


def pads_in_last_state(examined: Examined) -> Finding | None:
    """An LSTM that is not given the lengths reads on through the pads."""
    if examined.subject.pooled_by != "lstm" or not examined.ragged:
        return None
    return _found(examined, "pads-in-last-state")


def pads_in_attention(examined: Examined) -> Finding | None:
    """Without a mask every token attends to the pads too, for the softmax of 0 is not 0."""
    if examined.subject.pooled_by not in ("attention", "masked-attention-mean"):
        return None
    return _found(examined, "pads-in-attention") if examined.ragged else None


def pads_in_batch_norm(examined: Examined) -> Finding | None:
    """Batch normalisation counts pads in its mean and variance."""
    if examined.subject.pooled_by != "batchnorm" or not examined.ragged:
        return None
    return _found(examined, "pads-in-batch-norm")


def pads_in_convolution(examined: Examined) -> Finding | None:
    """A pad row that is not zero stands beside the last word, where zeros are expected."""
    if examined.subject.pooled_by != "conv" or not examined.ragged or _adds_nothing(examined):
        return None
    return _found(examined, "pads-in-convolution")


def _adds_nothing(examined: Examined) -> bool:
    """Whether the row that fills sentences is zero and will stay so."""
    row = examined.subject.padding_row
    return row is not None and examined.pads_are_left_out and examined.is_zero(row) is True


def _found(examined: Examined, kind: Kind, remedy: Remedy | None = None) -> Finding:
    text = examined.subject.text
    assert text is not None
    shortest = int(text.filled.min())
    longest = int(text.filled.max()) + examined.subject.extra
    sentence = int(np.argmax(text.lengths == shortest))
    numbers: dict[str, Number] = {
        "head": examined.subject.pooled_by or "",
        "row": text.pad_id,
        "sentence": sentence + 1,
        "shortest": shortest,
        "longest": longest,
        # The mean of n words and L − n rows of zeros is n / L of the mean of the words.
        "shift": 1 - shortest / longest,
    }
    cells = as_cells([sentence], [shortest])
    return Finding(kind, "warning", as_rows(text.pad_id), cells, numbers, remedy)


def _masked(examined: Examined) -> Remedy | None:
    """The masked mean instead, where the objective has a choice."""
    subject = examined.subject
    if subject.config is None or subject.head is not None:
        return None
    objective = replace(subject.config.objective, pooling="masked-mean")
    return BeginAgain(replace(subject.config, objective=objective))
