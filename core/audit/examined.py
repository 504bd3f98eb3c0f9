"""A subject together with what several findings need to know of it, each worked out once."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.audit.finding import as_cells
from core.audit.reach import lookups_per_step
from core.audit.row_facts import RowFacts, look_at_rows
from core.audit.subject import Subject
from core.progress import Progress

UNMASKED = frozenset(
    {"mean", "sum", "max", "lstm", "conv", "batchnorm", "attention", "masked-attention-mean"}
)
"""The heads whose output can change with what lies at the pads."""

T5_TOKEN = "<extra_id_0>"


class Examined:
    """`subject`, read."""

    def __init__(
        self, subject: Subject, progress: Progress | None = None, table: RowFacts | None = None
    ) -> None:
        """Read the rows, unless what is in them is known (`table`)."""
        self.subject = subject
        if table is None and subject.rows is not None:
            table = look_at_rows(subject.rows, progress)
        self.table = table

    @cached_property
    def counts(self) -> NDArray[np.int64] | None:
        """How often each row's token is in the sentences: int64 (V,)."""
        text = self.subject.text
        return None if text is None else text.counts(self.subject.size)

    @cached_property
    def per_step(self) -> NDArray[np.float64] | None:
        """How often a step looks each row up on average: float64 (V,)."""
        subject = self.subject
        if subject.text is None or subject.config is None:
            return None
        return lookups_per_step(subject.text, subject.config, subject.size)

    @property
    def ragged(self) -> bool:
        """Whether a batch of these sentences can need padding."""
        text = self.subject.text
        if text is None or not len(text.filled):
            return False
        return self.subject.extra > 0 or bool(np.ptp(text.filled) > 0)

    @property
    def reads_pads(self) -> bool:
        """Whether what is computed can change with what lies at the pads."""
        head = self.subject.pooled_by
        return self.ragged and (head in UNMASKED or (head == "bag" and not self.pads_are_left_out))

    @property
    def pads_are_left_out(self) -> bool:
        """Whether what fills sentences is padding_idx, which nn.EmbeddingBag leaves out."""
        text = self.subject.text
        return text is not None and text.pad_id == self.subject.padding_row

    def is_zero(self, row: int) -> bool | None:
        """Whether `row` is all zeros; None if that cannot be told."""
        subject = self.subject
        if self.table is not None:
            return bool(self.table.zero[row]) if row < len(self.table.zero) else None
        if subject.config is None or subject.steps:
            return None
        initialisation = subject.config.table.initialisation.name
        if initialisation == "given":
            return None
        # reset_parameters has zeroed the row at padding_idx, and only that.
        return initialisation == "zeros" or row == subject.padding_row

    def stands_for_padding(self, row: int) -> bool:
        """Whether `row` is that of padding: the vocabulary's own, or of a token never used."""
        subject = self.subject
        if row == subject.unk_id:
            return False
        if subject.pad_id is not None:
            return row == subject.pad_id
        return self.counts is None or not self.counts[row]

    def cells_of(self, row: int) -> NDArray[np.int64]:
        """Where in the sentences the token of `row` stands, as a finding holds it: (n, 2)."""
        text = self.subject.text
        return as_cells([], []) if text is None else text.cells(np.flatnonzero(text.ids == row))

    def norm(self, row: int) -> float:
        """The L2 norm of `row`; NaN if it cannot be told or is not finite."""
        return float("nan") if self.table is None else float(self.table.norms[row])

    def word_rows(self) -> NDArray[np.bool_]:
        """Which rows stand for words, not for padding or the unknown: bool (V,)."""
        words = np.ones(self.subject.size, np.bool_)
        words[self.subject.special] = False
        return words

    @cached_property
    def pad_has_a_job(self) -> bool:
        """Whether the padding token also begins what the model writes, as in T5."""
        tokens = self.subject.tokens
        return self.subject.pad_id is not None and tokens is not None and T5_TOKEN in tokens
