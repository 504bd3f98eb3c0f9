"""The three sentences that are written of every finding, before its numbers are put in."""

from typing import NamedTuple


class Sentences(NamedTuple):
    """What was found, why it matters, and how to mend it; {names} stand for its numbers."""

    what: str
    why: str
    mend: str


def percent(share: float) -> str:
    """`share` in percent, in three figures at most: "99%", "0.013%"."""
    return f"{100 * share:.3g}%"
