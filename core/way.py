"""A long way to a step: how far it is done is told, and something newer ends it."""

import time
from collections.abc import Callable

from core.messages import Progress, Report
from core.trainer import Trainer

PROGRESS_SECONDS = 0.1


class SupersededError(Exception):
    """Something newer was asked for while a run was on its way to a step."""


class Way:
    """Tells of run `run`; `superseded` is asked now and then."""

    def __init__(
        self, run: int, send: Callable[[Report], None], superseded: Callable[[], bool]
    ) -> None:
        self._run, self._send, self._superseded = run, send, superseded

    def to(self, goal: int) -> Callable[[Trainer], None]:
        """What is to be called on the way to step `goal`; it raises `SupersededError`."""
        said = time.perf_counter()

        def tell(trainer: Trainer) -> None:
            nonlocal said
            if time.perf_counter() - said > PROGRESS_SECONDS:
                said = time.perf_counter()
                self._send(Progress(self._run, trainer.step, goal))
                if self._superseded():
                    raise SupersededError

        return tell
