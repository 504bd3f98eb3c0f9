"""The commands a window sends to an engine and the events that come back, typed.

Imports only the standard library, msgspec and numpy, so that anyone's training script can speak
it; `core.wire` says how they go over a pipe.
"""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from core.config import OptimizerConfig, RunConfig
from core.given_rows import RowsFile
from core.machine import Machine
from core.movement.parts import Part
from core.problems import AnyProblem
from core.wire import Wire


class Array(Struct, frozen=True):
    """A numpy array on the wire: `data` holds the C-ordered bytes of `shape` and `dtype`."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes

    @classmethod
    def of(cls, array: NDArray[Any]) -> "Array":
        """Copy `array` into a message."""
        return cls(array.dtype.str, array.shape, array.tobytes())

    def numpy(self) -> NDArray[Any]:
        """A read-only view of the message's bytes, of `shape` and `dtype`."""
        return np.frombuffer(self.data, np.dtype(self.dtype)).reshape(self.shape)


class EncodedCorpus(Struct, frozen=True):
    """Sentences as ids: sentence i is `ids[offsets[i]:offsets[i + 1]]`.

    `ids` int32 (tokens,), `offsets` int64 (sentences + 1,), `labels` int32 (sentences,) or None;
    a label is an index into `label_names`. `pad_id` fills what is ragged, whether or not it is
    the table's padding_idx.
    """

    ids: Array
    offsets: Array
    pad_id: int = 1
    labels: Array | None = None
    label_names: tuple[str, ...] = ()


# ── changes: what a person may alter while a run goes on ──────────────────────────────────────


class SetOptimizer(Struct, frozen=True, tag=True):
    """Go on with these settings; another algorithm starts with fresh state."""

    optimizer: OptimizerConfig


class SetBatchSize(Struct, frozen=True, tag=True):
    """Draw `batch_size` examples a step from now on."""

    batch_size: int


class SetCell(Struct, frozen=True, tag=True):
    """Write `value` into one cell of the table."""

    row: int
    column: int
    value: float


class SetRow(Struct, frozen=True, tag=True):
    """Write `values` (D,), in the table's dtype, into one row of the table: to the bit."""

    row: int
    values: Array


class SetCorpus(Struct, frozen=True, tag=True):
    """Train on `corpus` with a table of `num_embeddings` rows.

    Rows are appended (fresh, with fresh optimizer state) or, when a growth is undone, the last
    ones are removed; no other row changes.
    """

    corpus: EncodedCorpus
    num_embeddings: int


Edit = SetCell | SetRow
"""What a person writes into the table."""

Change = SetOptimizer | SetBatchSize | Edit | SetCorpus


class Event(Struct, frozen=True):
    """A change made when `step` steps had been done, and before the next."""

    step: int
    change: Change


# ── commands: window → engine ─────────────────────────────────────────────────────────────────


class Build(Struct, frozen=True, tag=True):
    """Begin run `run`: build it, repeat `events` up to `step`, then show it and wait.

    `values` (n, D) are the first n rows of an initialisation "given"; where they are too many for
    a message, they are in `values_file`. `keyframes` is a folder that
    belongs to this run alone; keyframes found there are used instead of training again. The run
    has come to `reach` steps before, if that is more, and `events` may be of any of them.
    """

    run: int
    config: RunConfig
    corpus: EncodedCorpus
    keyframes: str
    values: Array | None = None
    events: tuple[Event, ...] = ()
    step: int = 0
    reach: int = 0
    values_file: RowsFile | None = None


class Step(Struct, frozen=True, tag=True):
    """Do `count` steps, then wait."""

    count: int = 1


class Run(Struct, frozen=True, tag=True):
    """Step until told otherwise, at most `steps_per_second` (None: as fast as it goes)."""

    steps_per_second: float | None = None


class Seek(Struct, frozen=True, tag=True):
    """Show step `step`, any that the run has come to; the newest of several is done.

    If it can't be come to again on this machine, the last step before that was stored is shown,
    or if `forward` the first one after.

    The run stays there, and knows what comes after; a `Step`, `Run` or change begins another future
    there.
    """

    step: int
    forward: bool = False


class Pause(Struct, frozen=True, tag=True):
    """Stop after the step under way, and show it."""


class MakeChange(Struct, frozen=True, tag=True):
    """Apply `change` between two steps; answered by `Changed` or `Refused` with `number`."""

    number: int
    change: Change


class Watch(Struct, frozen=True, tag=True):
    """Send the last step's gradients of these rows now, and from now on with every frame."""

    ids: tuple[int, ...]


class Explain(Struct, frozen=True, tag=True):
    """Say why these rows moved in the last step, now and from now on with every frame."""

    ids: tuple[int, ...]


class Acknowledge(Struct, frozen=True, tag=True):
    """Frame `number` of run `run` is on screen and the buffer before it is no longer read."""

    run: int
    number: int


class Keep(Struct, frozen=True, tag=True):
    """Write all that training has changed until now into the file `path`; answered by `Kept`."""

    path: str


Command = Build | Step | Run | Seek | Pause | MakeChange | Watch | Explain | Acknowledge | Keep


# ── events: engine → window ───────────────────────────────────────────────────────────────────


class Ready(Struct, frozen=True, tag=True):
    """The engine has started; what "the same bits" depend on."""

    torch: str
    cpu_capability: str
    threads: int
    platform: str = ""

    @property
    def machine(self) -> Machine:
        """The same, as it is written down with a run."""
        return Machine(self.torch, self.cpu_capability, self.threads, self.platform)


class Mapped(Struct, frozen=True, tag=True):
    """The rows of run `run` are from now on in the mapped file `path` (see `core.rows`)."""

    run: int
    path: str


class Trained(Struct, frozen=True):
    """What one step trained on, as ids.

    `inputs` int32 (B, T) (padded with `pad` where ragged: then `mask` bool (B, T) says which are
    real), `targets` int32 (B,), `negatives` int32 (B, K) or None. For sentence-label, `targets`
    are label indices, not ids.
    """

    inputs: Array
    targets: Array
    mask: Array | None = None
    negatives: Array | None = None


class Gradients(Struct, frozen=True, tag=True):
    """The gradients of the watched rows in step `step`.

    `rows` (len(ids), D) are those of `ids`; a watched row that is not in `ids` got none.
    """

    run: int
    step: int
    ids: tuple[int, ...]
    rows: Array


class Explained(Struct, frozen=True, tag=True):
    """Why rows moved in step `step` and by edits since: see `core.movement.parts.Movement`.

    `before`, `after`, each of the `parts` and `rounding` (len(ids), D) are of the rows `ids`. A
    row that was asked for and is not in `ids` was not there before the step, or the step cannot
    be done again. `optimizer` is the one that did the step.
    """

    run: int
    step: int
    optimizer: OptimizerConfig
    ids: tuple[int, ...]
    before: Array
    after: Array
    parts: dict[Part, Array]
    rounding: Array


class RowsBefore(Struct, frozen=True):
    """`rows` (n, D): what the rows `ids` held in the step before."""

    ids: tuple[int, ...]
    rows: Array


class Frame(Struct, frozen=True, tag=True):
    """One whole step, ready in buffer `buffer` of the mapped rows.

    The first `moved` entries of the buffer's `moved_ids` are the rows whose bits changed since
    step `since`, which the frame before showed, and the first `touched` entries of its
    `touched_ids` the rows that got a gradient since then. `losses` float64 are those of the steps
    `step - len(losses) + 1` … `step`.

    In a `whole` frame any row may differ from the frame before. If it begins a mapping, nothing is
    known to have moved. If it answers `Seek` it is `sought`, `since` is the step before its own,
    and `came_from` are the rows that moved farthest, as they were then.

    Where its state was read, and the step not `done` here, nobody knows what it did to the rows.
    It is `as_stored` if steps around it can't be done again to what they were: its state was read.
    """

    run: int
    number: int
    step: int
    since: int
    buffer: int
    moved: int
    touched: int
    losses: Array
    steps_per_second: float
    running: bool
    whole: bool = False
    trained: Trained | None = None
    gradients: Gradients | None = None
    explained: Explained | None = None
    sought: bool = False
    came_from: RowsBefore | None = None
    as_stored: bool = False
    done: bool = True


class Parted(Struct, frozen=True, tag=True):
    """Steps of run `run` that were done again came, at `step`, to other bits than they did.

    From now on steps are shown as they were stored, unless they come out as they were.
    """

    run: int
    step: int


class Progress(Struct, frozen=True, tag=True):
    """Long work: `done` of `total` steps repeated."""

    run: int
    done: int
    total: int


class Changed(Struct, frozen=True, tag=True):
    """Change `number` was applied when `step` steps had been done."""

    run: int
    number: int
    step: int


class Refused(Struct, frozen=True, tag=True):
    """A command could not be done and changed nothing.

    `number` if it was a `MakeChange`, `run` if it was a `Build`.
    """

    problem: AnyProblem
    number: int | None = None
    run: int | None = None


class Stopped(Struct, frozen=True, tag=True):
    """The run paused by itself after `step`, for `problem`."""

    run: int
    step: int
    problem: AnyProblem


class Kept(Struct, frozen=True, tag=True):
    """The state after `step` steps and the first `events` changes is in the file `path`.

    It is not if there is a `problem`.
    """

    run: int
    step: int
    events: int
    path: str
    problem: AnyProblem | None = None


Report = (
    Ready
    | Mapped
    | Frame
    | Gradients
    | Explained
    | Parted
    | Progress
    | Changed
    | Refused
    | Stopped
    | Kept
)

_wire: Wire[Command, Report] = Wire(Command, Report)
pack, unpack_command, unpack_report = _wire.pack, _wire.unpack_command, _wire.unpack_report
