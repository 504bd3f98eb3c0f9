"""What a script is written from: how a run began, what was changed when, and how far it is."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from core.config import RunConfig
from core.messages import EncodedCorpus, Event


@dataclass(frozen=True, eq=False)
class History:
    """A run of `steps` steps, with its vocabulary `tokens` (V,) as it is now.

    `values` (n, D) are the given rows it began with, if any; `threads` are those torch had, since
    sums in another order have other last bits.
    """

    config: RunConfig
    corpus: EncodedCorpus
    events: tuple[Event, ...]
    tokens: tuple[str, ...]
    steps: int
    values: NDArray[Any] | None = None
    threads: int = 1
