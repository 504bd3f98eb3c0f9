"""The settings of a run, as immutable typed values. Needs no torch."""

from typing import Literal, get_args

from msgspec import Struct

ObjectiveName = Literal["next-word", "cbow", "skip-gram", "sentence-label"]
OptimizerName = Literal["sgd", "adam", "adamw", "adagrad", "sparse-adam"]
Pooling = Literal["mean", "masked-mean", "sum", "max"]
InitialisationName = Literal["normal", "uniform", "xavier", "zeros", "given"]
Dtype = Literal["float16", "float32", "float64"]

OBJECTIVES: tuple[ObjectiveName, ...] = get_args(ObjectiveName)
OPTIMIZERS: tuple[OptimizerName, ...] = get_args(OptimizerName)
POOLINGS: tuple[Pooling, ...] = get_args(Pooling)
INITIALISATIONS: tuple[InitialisationName, ...] = get_args(InitialisationName)


class Initialisation(Struct, frozen=True):
    """How a fresh row gets its values.

    `scale` is the standard deviation of "normal", the bound of "uniform" (−scale … scale) and
    the gain of "xavier" (uniform); "zeros" and "given" do not use it. Rows appended to a "given"
    table are drawn as "normal" with `scale`.
    """

    name: InitialisationName = "normal"
    scale: float = 1.0


class TableConfig(Struct, frozen=True):
    """The arguments of `nn.Embedding`, under torch's own names, and how it is initialised.

    A table that is `frozen` gets no gradient; what stands over it is trained all the same.
    """

    num_embeddings: int
    embedding_dim: int
    padding_idx: int | None = 1
    max_norm: float | None = None
    norm_type: float = 2.0
    scale_grad_by_freq: bool = False
    sparse: bool = False
    dtype: Dtype = "float32"
    initialisation: Initialisation = Initialisation()
    frozen: bool = False


LARGE_GIVEN = 2_000_000  # values


def is_drawn_in_part(table: TableConfig) -> bool:
    """Whether only those rows of `table` are drawn that are not given.

    Of a small one all are, so that the rest of the run is what it would be without given rows.
    Of a large one that would take longer than anything else.
    """
    values = table.num_embeddings * table.embedding_dim
    return table.initialisation.name == "given" and values > LARGE_GIVEN


class ObjectiveConfig(Struct, frozen=True):
    """What the table is trained for.

    `window` (tokens on each side) is read by cbow and skip-gram, `negatives` by skip-gram,
    `pooling` by sentence-label. `tied` is read by next-word: its output weights are the table
    itself, as in GPT-2 and fairseq, and not weights of their own.
    """

    name: ObjectiveName = "next-word"
    window: int = 2
    negatives: int = 5
    pooling: Pooling = "masked-mean"
    tied: bool = False

    @property
    def is_tied(self) -> bool:
        """Whether the table is the output weights too, so that the softmax moves every row."""
        return self.tied and self.name == "next-word"


class OptimizerConfig(Struct, frozen=True):
    """An optimizer of `torch.optim` and its settings; what is not here keeps torch's default."""

    name: OptimizerName = "sgd"
    rate: float = 0.1
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0


def default_optimizer(name: OptimizerName) -> OptimizerConfig:
    """`name` with a rate that suits small tables and torch's default weight decay."""
    rates: dict[OptimizerName, float] = {"sgd": 0.1, "adagrad": 0.1}
    decay = 0.01 if name == "adamw" else 0.0
    return OptimizerConfig(name, rates.get(name, 0.01), weight_decay=decay)


class RunConfig(Struct, frozen=True):
    """All that determines a run besides its corpus, its given values and its events."""

    table: TableConfig
    objective: ObjectiveConfig = ObjectiveConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    batch_size: int = 16
    seed: int = 0
