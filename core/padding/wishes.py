"""What a person looks at in a study of padding, and what a second set-up has otherwise."""

from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from core.batch import Side
from core.padding.messages import HeadName, PadRow, SetUp

Source = Literal["text", "ids"]


@dataclass(frozen=True)
class Wishes:
    """What is looked at.

    `masks_gradient` True sets padding_idx to the pad's id and False to None; None leaves it as it
    is in the run on screen. `steps` are trained before the probes. The batch is `count` sentences
    of the text from number `first`, from 0, on, or `ids` as they are typed, one sentence a line.
    """

    head: HeadName = "mean"
    side: Side = "right"
    extra: int = 3
    masks_gradient: bool | None = None
    pad_row: PadRow = "as-is"
    steps: int = 0
    source: Source = "text"
    count: int = 4
    first: int = 0
    ids: str = ""


@dataclass(frozen=True)
class Difference:
    """What the second set-up has otherwise; None: as the first has it."""

    head: HeadName | None = None
    side: Side | None = None
    masks_gradient: bool | None = None
    pad_row: PadRow | None = None
    weight_decay: float | None = None

    def applied_to(self, first: SetUp, pad_id: int) -> SetUp:
        """The second set-up."""
        second = first
        if self.head is not None:
            second = replace(second, head=self.head)
        if self.side is not None:
            second = replace(second, side=self.side)
        if self.masks_gradient is not None:
            second = replace(second, padding_idx=pad_id if self.masks_gradient else None)
        if self.pad_row is not None:
            second = replace(second, pad_row=self.pad_row)
        if self.weight_decay is not None:
            optimizer = replace(first.optimizer, weight_decay=self.weight_decay)
            second = replace(second, optimizer=optimizer)
        return second
