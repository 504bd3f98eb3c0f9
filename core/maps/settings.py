"""What a map is made with, and how long that will take; imports nothing heavy."""

import math
from importlib.util import find_spec
from typing import Literal

from msgspec import Struct

Method = Literal["tsne", "umap"]
Metric = Literal["euclidean", "cosine"]

METHODS: tuple[Method, ...] = ("tsne", "umap")
INSTALL_UMAP = "pip install umap-learn"
FEWEST_ROWS = 4
"""With three rows every arrangement keeps all neighbours."""

EXAGGERATED = 250
"""The iterations at the beginning of t-SNE that exaggerate what attracts (openTSNE's default)."""


FFT_FROM = 10_000
"""The rows from which on t-SNE by interpolation is the faster approximation; in a plane only."""

MOST_PER_SECOND = 300
"""Iterations: a map of few rows would be there before anybody saw it form, and one that follows
the training would take its time from it."""


class MapSettings(Struct, frozen=True):
    """How a map is made.

    `neighbours` is the perplexity of t-SNE and the number of neighbours of UMAP. With the metric
    "cosine" every row is first scaled to length one. Of a table with more rows than `most_rows`
    only so many are mapped.
    """

    method: Method = "tsne"
    neighbours: int = 30
    iterations: int = 750
    metric: Metric = "euclidean"
    most_rows: int = 5_000


def default_settings(method: Method, rows: int = 1_000) -> MapSettings:
    """What the libraries recommend, but for fewer neighbours where a table has few `rows`.

    With most of the rows as its neighbours, every row would be near to everything.
    """
    few = max(5, rows // 10)
    if method == "tsne":
        return MapSettings("tsne", neighbours=min(30, few))
    return MapSettings("umap", neighbours=min(15, few), iterations=300)


def is_installed(method: Method) -> bool:
    """Whether the package that `method` needs can be imported; does not import it."""
    return find_spec({"tsne": "openTSNE", "umap": "umap"}[method]) is not None


def fitting_neighbours(settings: MapSettings, rows: int) -> float:
    """`settings.neighbours`, lowered to what `rows` rows allow.

    t-SNE looks at 3 × perplexity other rows, UMAP at `neighbours` of which the row itself is one.
    """
    if settings.method == "tsne":
        return min(float(settings.neighbours), (rows - 1) / 3)
    return float(min(settings.neighbours, rows))


def looked_at(settings: MapSettings, rows: int) -> int:
    """How many other rows the method looks at for each row."""
    fitting = fitting_neighbours(settings, rows)
    return max(1, round(3 * fitting) if settings.method == "tsne" else round(fitting) - 1)


def estimated_seconds(settings: MapSettings, rows: int, dimensions: int) -> float:
    """Roughly how long a new map takes on one core of a server."""
    mapped = min(rows, settings.most_rows)
    seconds = 2.5e-8 * mapped**2
    if settings.method == "umap":
        each = 2e-7 * mapped * settings.neighbours
    else:
        each = seconds_an_iteration(mapped, dimensions)
    return seconds + settings.iterations * max(each, 1 / MOST_PER_SECOND)


def seconds_an_iteration(rows: int, dimensions: int) -> float:
    """Roughly how long t-SNE takes there for one iteration over so many rows."""
    if dimensions == 2 and rows >= FFT_FROM:
        return 0.012 + 5e-6 * rows
    return (0.9e-6 if dimensions == 2 else 2.4e-6) * rows * math.log2(max(rows, 2))
