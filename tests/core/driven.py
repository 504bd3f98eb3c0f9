"""A run inside the engine, driven by hand."""

from pathlib import Path
from typing import TypeVar

import numpy as np
import torch

from core.active_run import ActiveRun
from core.config import RunConfig
from core.messages import (
    Build,
    Event,
    Frame,
    Report,
    SetCorpus,
)
from core.rows import RowBuffer
from tests.core.corpora import LABELS, SENTENCES, corpus, encoded, run_config

R = TypeVar("R", bound=Report)
NOTHING_WATCHED = torch.empty(0, dtype=torch.int64)
GROWN = SetCorpus(encoded([*SENTENCES, [14, 2, 13]], [*LABELS, 0]), 15)


class Driven:
    """A run with a window that acknowledges when it is told to."""

    def __init__(self, build: Build) -> None:
        self.reports: list[Report] = []
        self.run = ActiveRun(build, NOTHING_WATCHED, self.reports.append, lambda: False)

    def work(self, acknowledge: bool = True) -> None:
        """Work until nothing is due."""
        while self.run.wait() is not None:
            self.run.work()
            if acknowledge:
                self.run.acknowledge(self.frame.number)

    def of(self, kind: type[R]) -> list[R]:
        return [each for each in self.reports if isinstance(each, kind)]

    @property
    def frame(self) -> Frame:
        return self.of(Frame)[-1]

    @property
    def shown(self) -> np.ndarray:
        """The rows of the last frame."""
        return np.array(self.buffer.rows)

    @property
    def buffer(self) -> RowBuffer:
        """The one that the last frame is in."""
        return self.run._frames._mapped.buffers[self.frame.buffer]

    @property
    def losses(self) -> list[float]:
        return [loss for frame in self.of(Frame) for loss in frame.losses.numpy()]


def build(
    tmp_path: Path,
    config: RunConfig | None = None,
    events: tuple[Event, ...] = (),
    step: int = 0,
    reach: int = 0,
) -> Build:
    folder = str(tmp_path / "keyframes")
    return Build(1, config or run_config(), corpus(), folder, None, events, step, reach)


def opened(tmp_path: Path, config: RunConfig | None = None) -> Driven:
    driven = Driven(build(tmp_path, config))
    driven.run.acknowledge(1)
    return driven
