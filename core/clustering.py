"""Groups rows by k-means: a process of its own, because scikit-learn takes a second to load.

`python -P -m core.clustering` reads `Grouping` on standard input, answers `Centres` on standard
output (see `core.clusters`), and ends when its input closes.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances
from threadpoolctl import threadpool_limits

from core.channel import READ_SIZE, open_channel
from core.clusters import Centres, Grouping, pack, unpack_grouping
from core.messages import Array
from core.wire import MessageSplitter

Points = NDArray[np.floating[Any]]

SEED = 0
BEGINNINGS = 4
ROUNDS = 50
BETTER = 0.98
"""Other clusters are taken instead of those that go on if this share of their inertia is enough."""


def centres_of(
    rows: Points, count: int, before: Points | None = None, *, thorough: bool = True
) -> Points:
    """The centres (k, D), k at most `count`, of `rows` (n, D), all finite, n > 0.

    Numbered from the largest cluster on; those of the centres `before` (j, D) that go on keep
    their numbers.
    """
    size = float(np.abs(rows).max()) or 1.0  # so that no square overflows
    scaled = rows / size
    count = min(count, len(np.unique(scaled, axis=0)))
    known = None if before is None or before.shape[1:] != rows.shape[1:] else before / size
    goes_on = known is not None and len(known) == count
    found = _grouped(scaled, count, known, 1) if goes_on else None
    if found is not None and not thorough:
        return size * np.asarray(found.cluster_centers_)
    fresh = _grouped(scaled, count, None, BEGINNINGS if thorough else 1)
    if found is not None and fresh.inertia_ >= BETTER * found.inertia_:
        return size * np.asarray(found.cluster_centers_)
    by_size = np.argsort(-np.bincount(fresh.labels_, minlength=count), kind="stable")
    centres: Points = fresh.cluster_centers_[by_size]
    return (centres if known is None else renumbered(centres, known)) * size


def _grouped(rows: Points, count: int, known: Points | None, beginnings: int) -> KMeans:
    init = "k-means++" if known is None else known
    return KMeans(count, init=init, n_init=beginnings, max_iter=ROUNDS, random_state=SEED).fit(rows)


def renumbered(centres: Points, before: Points) -> Points:
    """`centres` (k, D), each in the place of the one `before` (j, D) that it is paired with.

    Paired so that all the distances together are the least; the others fill the free places.
    """
    mine, its = linear_sum_assignment(pairwise_distances(centres, before))
    places = np.full(len(centres), -1)
    kept = its < len(centres)
    places[mine[kept]] = its[kept]
    free = np.setdiff1d(np.arange(len(centres)), places)
    places[places < 0] = free
    numbered = np.empty_like(centres)
    numbered[places] = centres
    return numbered


def answered(asked: Grouping) -> Centres:
    """What is answered to `asked`."""
    before = None if asked.before is None else asked.before.numpy()
    found = centres_of(asked.rows.numpy(), asked.count, before, thorough=asked.thorough)
    return Centres(Array.of(found))


def main() -> None:
    """Keep the message channel for ourselves, then answer until the input closes."""
    questions, answers = open_channel()
    splitter = MessageSplitter()
    with threadpool_limits(1):  # the other cores train and draw
        while data := questions.read1(READ_SIZE):
            for body in splitter.feed(data):
                answers.write(pack(answered(unpack_grouping(body))))
                answers.flush()


if __name__ == "__main__":
    main()
