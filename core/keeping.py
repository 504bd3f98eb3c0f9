"""Writes the state of one moment of a run into a file that somebody else asked for."""

from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from core.keyframes import write_state
from core.messages import Kept
from core.problems import FileUnreadable


@dataclass(frozen=True, eq=False)
class Moment:
    """Run `run` after `step` steps and its first `events` changes; `state` as a trainer gives."""

    run: int
    step: int
    events: int
    state: dict[str, Tensor]


def keep(moment: Moment, path: str) -> Kept:
    """Write the state of `moment` to `path`, whole or not at all; the answer says which."""
    problem = None
    try:
        write_state(Path(path), moment.state)
    except OSError as error:
        problem = FileUnreadable(path, error.strerror or str(error))
    return Kept(moment.run, moment.step, moment.events, path, problem)
