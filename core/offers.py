"""What a text of somebody's own is offered to begin with. Needs no torch."""

from core.config import (
    Initialisation,
    ObjectiveConfig,
    OptimizerConfig,
    RunConfig,
    TableConfig,
)

DIMENSION = 32
SPARSE_ABOVE = 2_000_000  # values in a table from which its gradients are sparse
SCALE = 0.1  # of the first rows: from N(0, 1) what training adds would take long to show


def offered_for(rows: int, dimension: int = DIMENSION, *, labelled: bool = False) -> RunConfig:
    """The settings for a fresh table of `rows` × `dimension`.

    Adagrad suits rare and frequent words alike. A large table gets sparse gradients, whose cost
    does not grow with its rows, and SGD, the quickest optimizer for them, at about the rate of
    word2vec: the loss is a mean over the batch, so 10 / 256 ≈ 0.04 an example. Nothing that a
    person chose is ever swapped for another.
    """
    large = rows * dimension > SPARSE_ABOVE
    table = TableConfig(
        rows, dimension, sparse=large, initialisation=Initialisation("normal", SCALE)
    )
    return RunConfig(
        table,
        ObjectiveConfig("sentence-label" if labelled else "skip-gram"),
        OptimizerConfig("sgd", 10.0) if large else OptimizerConfig("adagrad", 0.1),
        batch_size=256 if large else 64,
    )
