"""Which rows of a large table are mapped."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def most_frequent(
    ids: NDArray[np.integer[Any]], counts: NDArray[np.integer[Any]], most: int
) -> NDArray[np.int64]:
    """The `most` of `ids` (n,) that occur most often, ascending; of equals the lower ids.

    `counts` (n,) run in parallel.
    """
    if len(ids) <= most:
        return np.sort(ids).astype(np.int64)
    order = np.lexsort((ids, -np.asarray(counts, np.int64)))
    return np.sort(ids[order[:most]]).astype(np.int64)
