"""What a window sees of a run: its rows in mapped memory, and frames that say what is in them.

At most one frame is in flight: the next is written only after `acknowledge`, so a slow window
slows nothing but itself.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.changes import config_after
from core.messages import Array, Change, Edit, Frame, Mapped, Report, RowsBefore, SetCorpus
from core.movement.explainer import Explainer
from core.publisher import Publisher
from core.rate import Rate
from core.rows import MappedRows
from core.seeking import StepMoves
from core.step_marks import gradients_of, take_lookups
from core.table import check_shape
from core.trainer import Trainer

FRAME_SECONDS = 1 / 60
PUBLISH_SHARE = 1 / 16  # of the engine's time, at the most


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a run stands between two steps, and whether it goes on from there.

    `as_stored` says that the trainer's state was read, since it can't be come to again.
    """

    trainer: Trainer
    running: bool
    as_stored: bool


class Frames:
    """Those of run `run`; `explainer` has what they tell of why rows moved."""

    def __init__(
        self, run: int, explainer: Explainer, watched: Tensor, send: Callable[[Report], None]
    ) -> None:
        self._run, self._explainer, self._send = run, explainer, send
        self.watched = watched  # ids; every frame tells the last step's gradients of these rows
        self.in_flight = False
        self.is_owed = False  # whether what is on screen is not what is
        self._number = 0
        self._next = 0.0
        self._mapped: MappedRows | None = None
        self._resized: MappedRows | None = None  # for a table of another size, not shown yet
        self._edited: list[int] = []
        self._losses: list[float] = []
        self._rate = Rate()

    def begin(self, now: Standing) -> None:
        """Show the run for the first time; raises `ProblemError` if its rows have no room."""
        self._map(_mapping_of(now.trainer), now)

    def acknowledge(self, number: int) -> None:
        """Frame `number` is on screen."""
        self.in_flight = self.in_flight and number != self._number

    def close(self) -> None:
        """Take the names of the mapped files away, where the window has not."""
        if self._mapped is not None:
            self._mapped.unlink()
        self._drop_resized()

    # ── when ──────────────────────────────────────────────────────────────────────────────────

    def due(self, now: float, *, running: bool) -> float | None:
        """When the next is to be written, of `time.perf_counter`; None if none is."""
        if not self.is_owed or self.in_flight:
            return None
        return self._next if running else now

    def has_room(self, now: float) -> bool:
        """Whether a step done `now` would be shown, though the run goes on."""
        return not self.in_flight and now >= self._next

    def forget_rate(self) -> None:
        """Measure the speed anew: the run has rested."""
        self._rate.forget()

    # ── what has happened since the last ──────────────────────────────────────────────────────

    def note_step(self, loss: float) -> None:
        """A step was done."""
        self._losses.append(loss)
        self.is_owed = True

    @contextmanager
    def room_for(self, change: Change, trainer: Trainer) -> Iterator[None]:
        """`change` is made within; raises `ProblemError` if the rows will have no room then.

        Reserved beforehand, so that a change there is no room for has changed nothing.
        """
        mapped = _mapping_after(change, trainer)
        try:
            yield
        except BaseException:
            if mapped is not None:
                mapped.unlink()
            raise
        if mapped is not None:
            self._drop_resized()
            self._resized = mapped
        if isinstance(change, Edit):
            self._edited.append(change.row)
        self.is_owed = True

    # ── writing ───────────────────────────────────────────────────────────────────────────────

    def publish(self, now: Standing) -> None:
        """Show the step after the one on screen, or whatever has been done since."""
        if self._resized is not None:
            self._map(self._resized, now)
            return
        # This thread's own time: a busy machine is no reason for fewer frames.
        begun = time.thread_time()
        looked_up, touched, norms = take_lookups(now.trainer)
        candidates = None
        if now.trainer.config.table.sparse:
            # Sparse optimizers write no other row, and reading the whole table takes long.
            candidates = np.union1d(looked_up, np.array(self._edited, np.int64))
        weight = _weight_of(now.trainer)
        buffer, moved = self._publisher.publish(weight, candidates, touched, norms)
        self._edited.clear()
        self._send_frame(now, buffer, moved, len(touched))
        cost = time.thread_time() - begun
        self._next = time.perf_counter() + max(FRAME_SECONDS, cost / PUBLISH_SHARE) - cost

    def show_sought(self, now: Standing, moves: StepMoves | None) -> None:
        """Show a step that was sought, and what it moved where that is known."""
        self._drop_resized()  # for a table that is left again before it was ever shown
        self._since = max(now.trainer.step - 1, 0)
        self._losses = []
        self._rate.forget()
        weight = _weight_of(now.trainer)
        if len(weight) != self._rows:
            self._map(_mapping_of(now.trainer), now, sought=True)
            return
        _, touched, norms = take_lookups(now.trainer)
        buffer, _ = self._publisher.publish(weight, None, touched, norms)
        moved, came_from = 0, None
        if moves is not None:
            self._publisher.tell_moves(moves.ids, moves.by)
            moved, came_from = len(moves.ids), moves.came_from
        self._send_frame(
            now, buffer, moved, len(touched), whole=True, sought=True, came_from=came_from
        )

    def _map(self, mapped: MappedRows, now: Standing, *, sought: bool = False) -> None:
        """Give the window the whole table, in a mapping of its present size."""
        if self._mapped is not None:
            # A frame of it has been acknowledged, so the window has opened it.
            self._mapped.unlink()
        self._mapped = mapped
        self._resized = None
        weight = _weight_of(now.trainer)
        self._rows = len(weight)
        self._publisher = Publisher(mapped, weight)
        _, touched, norms = take_lookups(now.trainer)
        mapped.buffers[0].note_touched(touched, norms)
        self._edited.clear()
        self._since = now.trainer.step
        self._send(Mapped(self._run, str(mapped.path)))
        self._send_frame(now, 0, 0, len(touched), whole=True, sought=sought)

    def _send_frame(
        self,
        now: Standing,
        buffer: int,
        moved: int,
        touched: int,
        *,
        whole: bool = False,
        sought: bool = False,
        came_from: RowsBefore | None = None,
    ) -> None:
        self._number += 1
        self.in_flight, self.is_owed = True, False
        trainer, step = now.trainer, now.trainer.step
        frame = Frame(
            self._run,
            self._number,
            step,
            self._since,
            buffer,
            moved,
            touched,
            Array.of(np.array(self._losses, np.float64)),
            self._rate.at(step),
            running=now.running,
            whole=whole,
            trained=trainer.trained(),
            gradients=gradients_of(trainer, self.watched, self._run),
            explained=self._explainer.explained(trainer),
            sought=sought,
            came_from=came_from,
            as_stored=now.as_stored,
            done=not trainer.is_read,
        )
        self._since = step
        self._losses = []
        self._send(frame)

    def _drop_resized(self) -> None:
        if self._resized is not None:
            self._resized.unlink()
            self._resized = None


def _weight_of(trainer: Trainer) -> NDArray[Any]:
    weight: NDArray[Any] = trainer.table.weight.detach().numpy()
    return weight


def _mapping_of(trainer: Trainer, rows: int | None = None) -> MappedRows:
    """A new one for the table of `trainer`, or for one of as many `rows`."""
    weight = _weight_of(trainer)
    count = len(weight) if rows is None else rows
    return MappedRows.create(count, weight.shape[1], weight.dtype.str)


def _mapping_after(change: Change, trainer: Trainer) -> MappedRows | None:
    """The one that the table will need after `change`, None if the present one will do."""
    if not isinstance(change, SetCorpus) or change.num_embeddings == len(trainer.table.weight):
        return None
    check_shape(config_after(trainer.config, change).table)
    return _mapping_of(trainer, change.num_embeddings)
