"""An axis as a person writes it: `he → she`, several tokens on a side with commas between."""

import re
from dataclasses import dataclass

from core.axes import Direction
from core.looking_problems import AxisRefused
from core.problems import ProblemError
from core.vocabulary import Vocabulary

ARROW = "→"
_ARROWS = re.compile(r"→|->|=>")


@dataclass(frozen=True)
class AxisWords:
    """The tokens that an axis goes from and to; it outlives a change of their ids."""

    start: tuple[str, ...]
    end: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> "AxisWords":
        """Read one axis; raises `ProblemError(AxisRefused)` where it is none."""
        sides = _ARROWS.split(text)
        if len(sides) != 2:
            raise ProblemError(AxisRefused(text.strip(), "no-arrow"))
        start, end = (_tokens(side) for side in sides)
        if not start or not end:
            raise ProblemError(AxisRefused(text.strip(), "empty-side"))
        twice = [token for token in start if token in end]
        twice += [token for side in (start, end) for token in side if side.count(token) > 1]
        if twice:
            raise ProblemError(AxisRefused(text.strip(), "same-token", list(dict.fromkeys(twice))))
        return cls(start, end)

    def __str__(self) -> str:
        """As it would be written."""
        return f"{', '.join(self.start)} {ARROW} {', '.join(self.end)}"

    def direction(self, vocabulary: Vocabulary) -> Direction:
        """The ids of the tokens; raises `ProblemError(AxisRefused)` where one has none."""
        ids = {token: vocabulary.id(token) for token in (*self.start, *self.end)}
        unknown = [token for token, id_ in ids.items() if id_ is None]
        if unknown:
            raise ProblemError(AxisRefused(str(self), "unknown-token", unknown))
        found = {token: id_ for token, id_ in ids.items() if id_ is not None}
        start, end = (tuple(found[t] for t in side) for side in (self.start, self.end))
        both = [token for token, id_ in found.items() if id_ in start and id_ in end]
        if both:  # two spellings of one token
            raise ProblemError(AxisRefused(str(self), "same-token", both))
        return Direction(start, end)


def _tokens(side: str) -> tuple[str, ...]:
    return tuple(token.strip() for token in side.split(",") if token.strip())
