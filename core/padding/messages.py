"""What a window asks of the padding laboratory, and what it answers, typed.

Imports only the standard library, msgspec and numpy, like `core.messages`.
"""

from typing import Literal, get_args

from msgspec import Struct

from core.batch import Side
from core.config import OptimizerConfig
from core.messages import Array
from core.problems import AnyProblem
from core.wire import Wire

HeadName = Literal[
    "mean",
    "masked-mean",
    "sum",
    "max",
    "bag",
    "lstm",
    "packed-lstm",
    "conv",
    "batchnorm",
    "attention",
    "masked-attention",
    "masked-attention-mean",
    "tied",
    "untied",
]
HEADS: tuple[HeadName, ...] = get_args(HeadName)
WHOLE_TABLE_HEADS: frozenset[HeadName] = frozenset({"tied", "untied"})
"""Those that score every word, and so need every row."""

PadRow = Literal["as-is", "zero", "random"]
LARGEST_EXTRA = 64
LARGEST_BYTES = 2**30
"""What one study or comparison may take."""

LARGEST_SEED = 2**32 - 1  # torch's CPU generator reads no more


class Material(Struct, frozen=True):
    """Sentences, and the rows that they look up.

    `rows` (n, D) float16, float32 or float64 are the rows `row_ids` int64 (n,), ascending, of a
    table of `num_embeddings` rows; `row_ids` None: all of them, which "tied" and "untied" need.
    Sentence i is `ids[offsets[i]:offsets[i + 1]]`; `ids` int64 (tokens,), `offsets` int64 (B + 1,).
    `labels` int64 (B,) are label indices; None: sentence i has the label i mod 2. `pad_id` fills
    what is ragged, whether or not it is the table's padding_idx.
    """

    rows: Array
    ids: Array
    offsets: Array
    num_embeddings: int
    pad_id: int = 1
    row_ids: Array | None = None
    labels: Array | None = None


class SetUp(Struct, frozen=True):
    """A model over the table, and how it is trained: all on the same batch, one batch a step.

    The batch is padded to its longest sentence and by `trained_extra` more. `pad_row` is what the
    row at the pad id begins with: as it is in the table, zeros, or N(0, 1) drawn from `seed`, as a
    row that was initialised after the pad row had been zeroed. `max_norm` is the table's.
    """

    head: HeadName = "masked-mean"
    padding_idx: int | None = 1
    side: Side = "right"
    pad_row: PadRow = "as-is"
    seed: int = 0
    optimizer: OptimizerConfig = OptimizerConfig()
    trained_extra: int = 0
    max_norm: float | None = None
    norm_type: float = 2.0


# ── commands: window → laboratory ─────────────────────────────────────────────────────────────


class Study(Struct, frozen=True, tag=True):
    """Train `set_up` for `steps` steps, then probe it with `extra` (0 … 64) more pads.

    The pad row is replaced by N(0, 1) · `replaced_scale`, drawn from `replaced_seed`. The newest
    study ends the one before.
    """

    number: int
    material: Material
    set_up: SetUp = SetUp()
    steps: int = 0
    extra: int = 0
    replaced_seed: int = 0
    replaced_scale: float = 1.0


class Comparison(Struct, frozen=True, tag=True):
    """Train two set-ups in step for `steps` steps; `extra` pads are for the probes at the end.

    The newest comparison ends the one before; a study may be asked for while it goes on.
    """

    number: int
    material: Material
    first: SetUp
    second: SetUp
    steps: int = 100
    extra: int = 0


class Stop(Struct, frozen=True, tag=True):
    """Train study or comparison `number` no further, and answer with what there is by now.

    So that it is clear which is meant, studies and comparisons are numbered in one row.
    """

    number: int


Command = Study | Comparison | Stop


# ── reports: laboratory → window ──────────────────────────────────────────────────────────────


class Ready(Struct, frozen=True, tag=True):
    """The laboratory has started, with this version of torch."""

    torch: str


Wrong = Literal["negative", "too-large"]


class Fault(Struct, frozen=True):
    """Cell (`sentence`, `column`), both from 0, holds an `id` that is no row of 0 … `rows` − 1.

    torch raises IndexError for it ("index out of range in self"), whatever the head is.
    """

    sentence: int
    column: int
    id: int
    rows: int
    wrong: Wrong


class Cells(Struct, frozen=True):
    """The batch that was probed: `ids` int64, `mask` bool, and position ids int64, all (B, T).

    `lengths` int64 (B,). `columns` counts every column; `counted` counts real tokens only (see
    `core.padding.batches`). `base_width` is T without the extra pads.
    """

    ids: Array
    mask: Array
    lengths: Array
    columns: Array
    counted: Array
    base_width: int


class Shift(Struct, frozen=True):
    """How far each sentence's output moved: the L2 norm of the change, float64 (B,).

    `relative` is that over the norm of the output before; 1 where that was 0 and is no longer.
    What is within the rounding of the dtype counts as 0 (see `core.padding.probes`). The output is
    the pooled vector or, for "tied" and "untied", the logits of the last column.
    """

    absolute: Array
    relative: Array
    largest: float  # of `relative`


class Probed(Struct, frozen=True):
    """What the probes measured, of a batch with `extra` pads; norms are float64.

    - `loss`, the mean over the batch; `loss_base` that of the base batch, and `loss_replaced` that
      of the padded batch with the pad row replaced.
    - `gradient` (B, T), the norm of the gradient at each cell of the layer's output, and
      `gradient_at_pads`, the one norm over all pad cells; None for "bag", which has no such output.
    - `weight_gradient_pad`, the norm of `weight.grad[pad]`; `weight_gradients` (n,), of each row.
    - `attention` (B, T), the share of the pooled vector that comes from each cell; None for a head
      without attention.
    - `pooled` (B, D), the pooled vectors of the padded batch, `pooled_base` of the base batch.
      Where `pooled_is_row` they are made of rows alone and are points among them.
    """

    loss_base: float
    loss: float
    loss_replaced: float
    gradient: Array | None
    gradient_at_pads: float | None
    weight_gradient_pad: float
    weight_gradients: Array
    attention: Array | None
    pooled_base: Array
    pooled: Array
    further: Shift
    replaced: Shift
    pad_row_norm: float
    pooled_is_row: bool


class Studied(Struct, frozen=True, tag=True):
    """Study `number`, after `steps` steps with `losses` float64 (steps,).

    `probed` is None where `faults` says why nothing could be computed. `empty` are the sentences
    without any token: what a head gives for one is said by its docstring in `core.padding`.
    """

    number: int
    steps: int
    losses: Array
    cells: Cells
    faults: tuple[Fault, ...]
    empty: tuple[int, ...]
    probed: Probed | None


class Training(Struct, frozen=True, tag=True):
    """Study `number` has done `done` of `total` steps; the last had `loss`."""

    number: int
    done: int
    total: int
    loss: float


class Course(Struct, frozen=True):
    """One of two set-ups under way: `losses` float64 (k,) since the last report, `rows` (n, D)."""

    losses: Array
    rows: Array


class Compared(Struct, frozen=True, tag=True):
    """Comparison `number` has done `done` of `total` steps, both set-ups alike.

    The last report is `finished` and carries what the probes say of both.
    """

    number: int
    done: int
    total: int
    first: Course
    second: Course
    finished: bool = False
    first_probed: Studied | None = None
    second_probed: Studied | None = None


class Refused(Struct, frozen=True, tag=True):
    """Study or comparison `number` cannot be done."""

    number: int
    problem: AnyProblem


Report = Ready | Studied | Training | Compared | Refused


_wire: Wire[Command, Report] = Wire(Command, Report)
pack, unpack_command, unpack_report = _wire.pack, _wire.unpack_command, _wire.unpack_report
