"""What can go wrong, as typed data that crosses the pipe; `gui.explain` makes sentences of it.

A problem is a value, so that the engine can send it to the window; `ProblemError` carries one
through Python code.
"""

from typing import Literal

from core.looking_problems import AnyLookingProblem
from core.problem import Problem


class NoSuchFile(Problem, frozen=True):
    """`path` does not exist or is not a regular file."""

    path: str


class IsFolder(Problem, frozen=True):
    """`path` is a folder, where a file was wanted."""

    path: str


class FileUnreadable(Problem, frozen=True):
    """The system refused to read or write `path`; `reason` is the system's own word."""

    path: str
    reason: str


class FileTooLarge(Problem, frozen=True):
    """`path` has `size` bytes, above the `limit` in bytes."""

    path: str
    size: int
    limit: int


class EmptyFile(Problem, frozen=True):
    """`path` holds no token at all."""

    path: str


class NotUtf8(Problem, frozen=True):
    """The bytes of `path` stop being UTF-8 at offset `byte` (from 0)."""

    path: str
    byte: int


class UnknownName(Problem, frozen=True):
    """There is no `kind` called `name`; `available` lists those there are."""

    kind: str
    name: str
    available: list[str]


class OutOfBounds(Problem, frozen=True):
    """The setting `name` was `value`, outside `low` … `high` (None: no bound)."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


class IdOutOfRange(Problem, frozen=True):
    """The id at `position` (token `token`, if known) is not a row of a table of `rows` rows."""

    id: int
    position: int
    rows: int
    token: str | None = None


RefusalReason = Literal[
    "sparse-gradients-unsupported",
    "needs-sparse-gradients",
    "sparse-momentum-grows",
    "sparse-weight-decay",
    "sparse-scale-grad-by-freq",
    "no-momentum",
    "no-weight-decay",
    "nesterov-needs-momentum",
    "tied-gradients-are-dense",
    "sparse-tied",
]


class CombinationRefused(Problem, frozen=True):
    """torch refuses these settings together, or they degrade as they run; `reason` says which."""

    optimizer: str
    reason: RefusalReason


class CannotTie(Problem, frozen=True):
    """Tied output weights were asked for, and `objective` has none that could be."""

    objective: str


class NoExamples(Problem, frozen=True):
    """The sentences hold nothing that `objective` could train on."""

    objective: str


class NoLabels(Problem, frozen=True):
    """Line `line` (from 1) has no `label<TAB>sentence` form; None: no line has."""

    line: int | None = None


class TooMuchMemory(Problem, frozen=True):
    """`what` would need `needed` bytes, and `available` bytes are there for it."""

    what: str
    needed: int
    available: int


class BadTokenizer(Problem, frozen=True):
    """`path` is not a tokenizer.json that can be used; `reason` says why."""

    path: str
    reason: str


class TokenizerGaveUp(Problem, frozen=True):
    """A tokenizer that can be used fails on one text; `reason` is its library's word."""

    reason: str


TableReason = Literal["not-safetensors", "no-table", "not-a-table"]


class BadTable(Problem, frozen=True):
    """`path` is no file with a table in it; `detail` is the library's word, or the tensor."""

    path: str
    reason: TableReason
    detail: str = ""


class WhichTensor(Problem, frozen=True):
    """`path` holds several tables, `tensors` by name and shape, and none was named."""

    path: str
    tensors: list[str]


class UnknownFormat(Problem, frozen=True):
    """`path` is in no format that a table can be read from."""

    path: str


class UnknownEnding(Problem, frozen=True):
    """A table cannot be saved as `path`: its name ends in none of `endings`."""

    path: str
    endings: list[str]


TableFault = Literal[
    "truncated",
    "too-long",
    "wrong-count",
    "ragged",
    "not-a-number",
    "not-utf8",
    "impossible-claim",
    "bomb",
    "climbs-out",
    "code",
    "no-column",
    "damaged",
]


class BrokenTable(Problem, frozen=True):
    """The table in `path` cannot be read; `fault` says why, and `detail` what was found.

    `place` is the line of a text (from 1), the row of anything else (from 0), or None. Of counts,
    `found` are there where `wanted` should be.
    """

    path: str
    fault: TableFault
    place: int | None = None
    found: int = 0
    wanted: int = 0
    detail: str = ""


class RepeatedToken(Problem, frozen=True):
    """In `path` the rows `first` and `second` (from 0) are both called `token`."""

    path: str
    token: str
    first: int
    second: int


class TokensDoNotFit(Problem, frozen=True):
    """`path` has `tokens` tokens, and the table has `rows` rows."""

    path: str
    tokens: int
    rows: int


class RowsChanged(Problem, frozen=True):
    """The rows that a run began with were in `path`, which has changed since or is gone."""

    path: str


CannotHoldReason = Literal[
    "token-with-space", "token-with-line-end", "token-with-tab", "half-a-character"
]


class CannotHold(Problem, frozen=True):
    """The format of `path` cannot hold `token`, of row `row`, so that it can be read again."""

    path: str
    reason: CannotHoldReason
    token: str
    row: int


AnyTableProblem = (
    BadTable
    | WhichTensor
    | UnknownFormat
    | UnknownEnding
    | BrokenTable
    | RepeatedToken
    | TokensDoNotFit
    | RowsChanged
    | CannotHold
)


SpecialTokenReason = Literal["same-id", "same-name", "not-one-word", "not-at-its-id"]


class BadSpecialTokens(Problem, frozen=True):
    """The special token `token` cannot be used as it is set; `reason` says why."""

    token: str
    reason: SpecialTokenReason


class DuplicateToken(Problem, frozen=True):
    """`token` has both ids `first` and `second`."""

    token: str
    first: int
    second: int


class SequenceTooLong(Problem, frozen=True):
    """Sequence `sequence` (from 0) has `size` ids, more than the `length` to pad to."""

    sequence: int
    size: int
    length: int


class Diverged(Problem, frozen=True):
    """The loss of step `step` was not a finite number."""

    step: int
    loss: float


ProjectReason = Literal["not-a-project", "damaged", "missing", "stranger", "too-large"]


class BadProject(Problem, frozen=True):
    """`path` is no project that can be opened; `part` of it is to blame, `detail` says how."""

    path: str
    reason: ProjectReason
    part: str = ""
    detail: str = ""


class NewerProject(Problem, frozen=True):
    """`path` has version `version` of the project file; `known` is the newest known here."""

    path: str
    version: int
    known: int


class ViewUnreadable(Problem, frozen=True):
    """The project `path` was opened, but not how it was looked at; `detail` says why."""

    path: str
    detail: str


class TrainedElsewhere(Problem, frozen=True):
    """The run was trained with `was`, and would go on with `now`: other bits may come of it."""

    was: str
    now: str


class StepsParted(Problem, frozen=True):
    """Steps of the run that were done again came, at `step`, to other bits than they did."""

    step: int


class StateUnfit(Problem, frozen=True):
    """A saved state of a run does not fit it: its part `name` is missing or of another shape."""

    name: str


class EngineRestarted(Problem, frozen=True):
    """The engine ended (`how`, in the system's words) and was started again at `step`."""

    step: int
    how: str


class EngineFailed(Problem, frozen=True):
    """The engine met an error of its own; `detail` is its last traceback line."""

    detail: str


AnyProblem = (
    NoSuchFile
    | IsFolder
    | FileUnreadable
    | FileTooLarge
    | EmptyFile
    | NotUtf8
    | UnknownName
    | OutOfBounds
    | IdOutOfRange
    | CombinationRefused
    | CannotTie
    | NoExamples
    | NoLabels
    | TooMuchMemory
    | BadTokenizer
    | TokenizerGaveUp
    | AnyTableProblem
    | BadSpecialTokens
    | DuplicateToken
    | SequenceTooLong
    | Diverged
    | AnyLookingProblem
    | BadProject
    | NewerProject
    | ViewUnreadable
    | TrainedElsewhere
    | StepsParted
    | StateUnfit
    | EngineFailed
    | EngineRestarted
)


class ProblemError(Exception):
    """Raised in `core` with a typed problem; never with prose."""

    def __init__(self, problem: AnyProblem) -> None:
        super().__init__(problem)
        self.problem = problem
