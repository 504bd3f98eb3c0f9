"""k-means of a table's rows, found by a process of its own: the window never loads scikit-learn.

The process gets the rows it is to group, all or an even part of them, and answers their centres;
which centre a row is nearest to is then found for every row of any later step (see
`core.colour_values`). Imports only the standard library, msgspec and numpy.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.covariance import Rows, usable
from core.messages import Array
from core.wire import Wire

MODULE = "core.clustering"
"""The program that answers a `Grouping` with its `Centres`."""

MOST_ROWS = 10_000
MOST_VALUES = 2**21
"""Of a larger table only a part is grouped: no more rows, nor values, than these."""

FEWEST, MOST = 2, 12
"""How many clusters can be asked for."""


class Grouping(Struct, frozen=True):
    """Group `rows` (n, D) in `count` clusters.

    `before` (j, D) are the centres so far, None to begin anew: a cluster that goes on keeps its
    number. `thorough`: look for better ones from other beginnings too.
    """

    rows: Array
    count: int
    before: Array | None = None
    thorough: bool = True


class Centres(Struct, frozen=True):
    """The centres (k, D); fewer than were asked for where there are not as many different rows."""

    rows: Array


_wire: Wire[Grouping, Centres] = Wire(Grouping, Centres)
pack, unpack_grouping, unpack_centres = _wire.pack, _wire.unpack_command, _wire.unpack_report


@dataclass(frozen=True, eq=False)
class Part:
    """`rows` (n, D), float32 at the least, taken evenly from the `of` usable rows of a table."""

    rows: NDArray[np.floating[Any]]
    of: int


def part_of(table: Rows) -> Part:
    """A copy of the rows of `table` (V, D) that are grouped: all that are usable, if they are few.

    Of more, as many as may be, evenly spaced by id, the same ones each time.
    """
    ids = np.flatnonzero(usable(table))
    most = max(MOST, min(MOST_ROWS, MOST_VALUES // max(1, table.shape[1])))
    chosen = ids
    if len(ids) > most:
        chosen = ids[np.linspace(0, len(ids) - 1, most).astype(np.intp)]
    dtype = np.promote_types(table.dtype, np.float32)
    return Part(table[chosen].astype(dtype), len(ids))
