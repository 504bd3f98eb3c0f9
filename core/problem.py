"""The base of what can go wrong, as data; `core.problems` has all of it."""

from msgspec import Struct


class Problem(Struct, frozen=True, tag=True):
    """One thing that went wrong, with the data a person needs to mend it."""
