"""How much a map is to be trusted: trustworthiness by scikit-learn, on a sample that is stated."""

import numpy as np
from numpy.typing import NDArray
from sklearn.manifold import trustworthiness

from core.maps.messages import Trust
from core.maps.work import Points

NEIGHBOURS = 10
MOST_SAMPLED = 1_000
"""Every pair of rows is compared: with so many it takes a tenth of a second."""


def trust_in(rows: NDArray[np.float32], points: Points, plane: Points) -> Trust:
    """Trust in a map `points` (n, k) of `rows` (n, D), n ≥ 3, and in the view `plane` (n, k)."""
    sample = np.arange(len(rows))
    if len(rows) > MOST_SAMPLED:
        sample = np.sort(np.random.default_rng(0).choice(sample, MOST_SAMPLED, replace=False))
    # Trustworthiness is defined for fewer than half of the rows.
    neighbours = min(NEIGHBOURS, (len(sample) - 1) // 2)
    chosen = rows[sample]
    of_map, of_plane = (
        float(trustworthiness(chosen, shown[sample], n_neighbors=neighbours))
        for shown in (points, plane)
    )
    return Trust(of_map, of_plane, neighbours, len(sample))
