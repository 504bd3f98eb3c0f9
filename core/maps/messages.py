"""What the window asks of the process that makes maps, and what it answers.

Imports only the standard library, msgspec and numpy.
"""

from typing import Literal

from msgspec import Struct

from core.maps.settings import MapSettings
from core.messages import Array
from core.problems import AnyProblem
from core.wire import Wire

Stage = Literal["starting", "neighbours", "points"]
"""Loading the library; finding the nearest rows of each row; moving the points."""


class MapCommand(Struct, frozen=True):
    """Each of them ends the work under way."""


class Grow(MapCommand, frozen=True, tag=True):
    """Make map `number` of the rows (n, D) in the file `path` (see `core.maps.rows_file`).

    `plane` float32 (n, k) are the points of the rows in the linear view, which a new map starts
    from and is compared with. A map that goes on has its last points in `start` float32 (n, k),
    NaN for rows it lacked, and the `scale` that was reported with them. The process removes the
    file.
    """

    number: int
    settings: MapSettings
    path: str
    plane: Array
    start: Array | None = None
    scale: float = 0.0


class Stop(MapCommand, frozen=True, tag=True):
    """End the work under way; what there is of the map comes with `Grown`."""


Command = Grow | Stop


class Growing(Struct, frozen=True, tag=True):
    """Map `number`: `done` of `total` units of `stage`, and how it looks by now.

    `points` float32 (n, k) are `scale` × those of the method; NaN where a row is left out.
    """

    number: int
    stage: Stage
    done: int
    total: int
    points: Array | None = None
    scale: float = 0.0


class Trust(Struct, frozen=True):
    """How far the `neighbours` nearest points of each row are also near in the table.

    0 … 1 (Venna & Kaski 2001), of the map and of the linear view beside it, measured among
    `sampled` of the mapped rows.
    """

    map: float
    plane: float
    neighbours: int
    sampled: int


class Grown(Struct, frozen=True, tag=True):
    """Map `number` is made, or was stopped after `done` of `total` iterations.

    `neighbours` is what its settings were lowered to. `left_out` are the places (from 0) of rows
    that have no point: NaN, infinity or, by the cosine, all zeros. `points` None: it was stopped
    before there were any.
    """

    number: int
    done: int
    total: int
    stopped: bool = False
    points: Array | None = None
    scale: float = 0.0
    neighbours: float = 0.0
    left_out: tuple[int, ...] = ()
    trust: Trust | None = None


class MapFailed(Struct, frozen=True, tag=True):
    """Map `number` cannot be made."""

    number: int
    problem: AnyProblem


Report = Growing | Grown | MapFailed

_wire: Wire[Command, Report] = Wire(Command, Report)
pack, unpack_command, unpack_report = _wire.pack, _wire.unpack_command, _wire.unpack_report
