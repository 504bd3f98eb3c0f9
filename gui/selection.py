"""What is picked after more is picked, or some of it is taken away: quick for any number of ids."""

from collections.abc import Sequence
from functools import cached_property
from typing import Literal, overload

import numpy as np
from numpy.typing import NDArray

How = Literal["replace", "add", "subtract"]


class Selection(tuple[int, ...]):
    """Picked ids, the one picked last at the end; quick to say whether it has one."""

    def __contains__(self, id_: object) -> bool:
        return id_ in self._set

    @cached_property
    def _set(self) -> frozenset[int]:
        return frozenset(self)


def picked_after(before: tuple[int, ...], ids: NDArray[np.integer], how: How) -> tuple[int, ...]:
    """The ids that are picked once `ids` are picked too, or instead, or no more.

    What was picked stays in its order; what comes is put after it.
    """
    if how == "replace":
        return tuple(ids.tolist())
    if how == "add":
        return tuple(dict.fromkeys((*before, *ids.tolist())))
    gone = set(ids.tolist())
    return tuple(id_ for id_ in before if id_ not in gone)


def others(picked: tuple[int, ...], rows: int) -> NDArray[np.intp]:
    """The ids of `rows` rows that are not picked, ascending."""
    kept = np.ones(rows, bool)
    kept[np.array(picked, np.intp)] = False
    return np.flatnonzero(kept)


class TokensOf(Sequence[str]):
    """The tokens of `ids`, each looked up when it is asked for."""

    def __init__(self, ids: Sequence[int], tokens: Sequence[str]) -> None:
        self._ids, self._tokens = ids, tokens

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self._tokens[id_] for id_ in self._ids[place]]
        return self._tokens[self._ids[place]]
