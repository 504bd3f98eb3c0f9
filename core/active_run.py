"""A run inside the engine: trains step by step, and publishes whole steps between steps."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

from core.changes import config_after
from core.keeping import Moment
from core.keyframes import KeyframeStore
from core.messages import (
    Array,
    Build,
    Change,
    Event,
    Frame,
    Mapped,
    Parted,
    Report,
    RowsBefore,
    Seek,
    SetCell,
    SetCorpus,
    Stopped,
)
from core.movement.explainer import Explainer
from core.problems import AnyProblem, Diverged
from core.publisher import Publisher
from core.rate import Rate
from core.rebuilding import as_stored, rebuild
from core.replays import PartedError
from core.rows import MappedRows
from core.seeking import Seeker
from core.step_marks import gradients_of, take_lookups
from core.table import check_shape
from core.trainer import Trainer
from core.way import Way

FRAME_SECONDS = 1 / 60
PUBLISH_SHARE = 1 / 16  # of the engine's time, at the most


class ActiveRun:
    """The run of one `Build`; `work` does the next thing that is due, `wait` says when that is.

    At most one frame is in flight: the next is written only after `acknowledge`, so a slow window
    slows nothing but itself.
    """

    def __init__(
        self,
        build: Build,
        watched: Tensor,
        send: Callable[[Report], None],
        superseded: Callable[[], bool],
    ) -> None:
        """Rebuild the run up to its step and show it; raises `ProblemError` if that can't be.

        `superseded` is asked now and then on a long way; True raises `SupersededError`.
        """
        self.number = build.run
        self._send = send
        self._keyframes = KeyframeStore(Path(build.keyframes))
        self._way = Way(build.run, send, superseded)
        self._seeker = Seeker(build, self._keyframes)
        self._sought: Seek | None = None  # a step that is to be shown
        self._is_stored = self._told_of_parting = False
        self._events = self._seeker.applied(build.step)
        self._trainer = self._rebuild(build)
        self._explainer = Explainer(self._seeker.history, self._keyframes)
        if self._is_stored:
            self._explainer.leave_out(self._trainer.step)
        self._watched = watched
        self._remaining = 0.0  # steps still to do; infinity while running
        self._pause_between = 0.0
        self._next_step = self._next_frame = 0.0
        self._frame = 0
        self._acknowledged = True
        self._warned = False
        self._edited: list[int] = []
        self._mapped: MappedRows | None = None
        self._rate = Rate()
        self._losses: list[float] = []
        self._resized: MappedRows | None = None  # for a table of another size, not shown yet
        weight = self._weight()
        self._map(MappedRows.create(len(weight), weight.shape[1], weight.dtype.str))

    # ── what the window asks ──────────────────────────────────────────────────────────────────

    def step(self, count: int) -> None:
        """Do `count` steps, then wait."""
        self._remaining = count + (self._remaining if math.isfinite(self._remaining) else 0)
        self._pause_between = 0.0
        self._next_step = time.perf_counter()
        self._rate.forget()

    def run(self, steps_per_second: float | None) -> None:
        """Step until told otherwise; a run under way goes on at this speed."""
        now = time.perf_counter()
        self._pause_between = 1 / steps_per_second if steps_per_second else 0.0
        # A slider being drawn tells of many speeds, and none of them asks for a step at once.
        running = math.isinf(self._remaining)
        self._next_step = min(self._next_step, now + self._pause_between) if running else now
        self._remaining = math.inf
        self._rate.forget()

    def seek(self, step: int, *, forward: bool = False) -> None:
        """Show `step`, as soon as the frame in flight is on screen; see `Seek`."""
        self._remaining = 0
        self._sought = Seek(step, forward)

    def pause(self) -> None:
        """Stop between two steps, and show the last one as a step at rest."""
        self._remaining = 0
        self._unpublished = True

    def stop(self, problem: AnyProblem) -> None:
        """Pause because of `problem`, and say so."""
        self.pause()
        self._send(Stopped(self.number, self._trainer.step, problem))

    def acknowledge(self, number: int) -> None:
        """Frame `number` is on screen."""
        self._acknowledged = self._acknowledged or number == self._frame

    def watch(self, ids: Tensor) -> None:
        """Send the last step's gradients of `ids` now and with every frame."""
        self._watched = ids
        gradients = gradients_of(self._trainer, self._watched, self.number)
        if gradients is not None:
            self._send(gradients)

    def explain(self, ids: tuple[int, ...]) -> None:
        """Say why the rows `ids` moved, as soon as that is known and with every frame."""
        self._explainer.ask(ids)

    def change(self, change: Change) -> int:
        """Apply `change`; returns the number of steps done before it. Raises `ProblemError`."""
        mapped = self._reserve_for(change)
        try:
            self._trainer.apply(change)
        except BaseException:
            if mapped is not None:
                mapped.unlink()
            raise
        event = Event(self._trainer.step, change)
        self._keyframes.forget_after(event.step, self._events)
        self._seeker.note(event)
        self._events = self._seeker.applied(event.step)
        self._unpublished = True
        if isinstance(change, SetCell):
            self._edited.append(change.row)
        if mapped is not None:
            self._drop_resized()
            self._resized = mapped
        return self._trainer.step

    def moment(self) -> Moment:
        """Where it is, and all that training has changed until now; its hash is written down."""
        step, state = self._trainer.step, self._trainer.state()
        self._keyframes.replays.note(step, self._events, state)
        return Moment(self.number, step, self._events, state)

    # ── the loop ──────────────────────────────────────────────────────────────────────────────

    def wait(self) -> float | None:
        """Seconds until something is due: 0 for now, None until a command comes."""
        if self._sought is not None:
            return 0.0 if self._acknowledged else None
        if self._remaining and not self._pause_between:
            return 0.0
        now = time.perf_counter()
        due = [self._next_step] if self._remaining else []
        if self._unpublished and self._acknowledged:
            due.append(self._next_frame if self._remaining else now)
        if self._must_explain() or not self._trainer.is_prepared:
            due.append(now)
        return max(0.0, min(due) - now) if due else None

    def work(self) -> None:
        """Do a step if one is due, and publish if a frame is."""
        if self._sought is not None:
            if self._acknowledged:
                self._show_sought(self._sought)
            return
        now = time.perf_counter()
        if self._remaining and now >= self._next_step:
            self._next_step = max(self._next_step + self._pause_between, now)
            # A run's last step rests on screen, whenever the frame before it is acknowledged.
            shown = self._remaining <= 1 or (self._acknowledged and now >= self._next_frame)
            self._step(explained=shown and self._explainer.is_asked)
        if (
            self._unpublished
            and self._acknowledged
            and (not self._remaining or now >= self._next_frame)
        ):
            self._publish()
        elif self._must_explain():
            self._explainer.work(self._trainer)
            explained = self._explainer.explained(self._trainer)
            if explained is not None:
                self._send(explained)
        else:
            self._trainer.prepare()  # after the frame that people wait for

    def close(self) -> None:
        """Take the names of the mapped files away, where the window has not."""
        if self._mapped is not None:
            self._mapped.unlink()
        self._drop_resized()

    def _step(self, *, explained: bool) -> None:
        if not self._trainer.step:
            self._keyframes.replays.note(0, self._events, self._trainer.state())
        if explained:
            loss = self._explainer.advance(self._trainer, self._watched.tolist())
        else:
            loss = self._trainer.advance()
        self._remaining -= 1
        self._losses.append(loss)
        self._unpublished = True
        self._is_stored = False
        if self._has_parted():
            return
        if self._keyframes.is_due() and self._keyframes.replays.is_beyond(self._trainer.step):
            self._keyframes.save(self._trainer.step, self._events, self._trainer.state())
        if not math.isfinite(loss) and not self._warned:
            self._warned = True  # once: a person may want to watch a table of NaN train on
            self.stop(Diverged(self._trainer.step, loss))

    def _has_parted(self) -> bool:
        """Whether a step that the run had come to before is not what it was; then one is sought."""
        try:
            self._keyframes.pass_by(self._trainer.step, self._events, self._trainer.state)
        except PartedError as parted:
            self._tell_of_parting(parted.step)
            self.seek(parted.step)
            self._unpublished = False
            return True
        return False

    def _tell_of_parting(self, step: int) -> None:
        if not self._told_of_parting:
            self._told_of_parting = True
            self._send(Parted(self.number, step))

    # ── publishing ────────────────────────────────────────────────────────────────────────────

    def _reserve_for(self, change: Change) -> MappedRows | None:
        """The mapping that the table will need after `change`, None if the present one will do.

        Reserved beforehand, so that a change there is no room for has changed nothing.
        """
        weight = self._weight()
        if not isinstance(change, SetCorpus) or change.num_embeddings == len(weight):
            return None
        check_shape(config_after(self._trainer.config, change).table)
        return MappedRows.create(change.num_embeddings, weight.shape[1], weight.dtype.str)

    def _drop_resized(self) -> None:
        if self._resized is not None:
            self._resized.unlink()
            self._resized = None

    def _map(self, mapped: MappedRows, *, sought: bool = False) -> None:
        """Give the window the whole table, in a mapping of its present size."""
        if self._mapped is not None:
            # A frame of it has been acknowledged, so the window has opened it.
            self._mapped.unlink()
        self._mapped = mapped
        self._resized = None
        weight = self._weight()
        self._rows = len(weight)
        self._publisher = Publisher(mapped, weight)
        _, touched, norms = take_lookups(self._trainer)
        mapped.buffers[0].note_touched(touched, norms)
        self._edited.clear()
        self._since = self._trainer.step
        self._send(Mapped(self.number, str(self._mapped.path)))
        self._send_frame(0, moved=0, touched=len(touched), whole=True, sought=sought)

    def _publish(self) -> None:
        if self._resized is not None:
            self._map(self._resized)
            return
        # This thread's own time: a busy machine is no reason for fewer frames.
        begun = time.thread_time()
        looked_up, touched, norms = take_lookups(self._trainer)
        candidates = None
        if self._trainer.config.table.sparse:
            # Sparse optimizers write no other row, and reading the whole table takes long.
            candidates = np.union1d(looked_up, np.array(self._edited, np.int64))
        buffer, moved = self._publisher.publish(self._weight(), candidates, touched, norms)
        self._edited.clear()
        self._send_frame(buffer, moved, len(touched))
        cost = time.thread_time() - begun
        self._next_frame = time.perf_counter() + max(FRAME_SECONDS, cost / PUBLISH_SHARE) - cost

    def _show_sought(self, seek: Seek) -> None:
        self._sought = None
        self._seeker.leave(self._trainer)
        tell = self._way.to(seek.step)
        sought = self._seeker.go(self._trainer, seek.step, tell, forward=seek.forward)
        self._trainer, moves, step = sought.trainer, sought.moves, sought.trainer.step
        self._is_stored = sought.parted is not None
        if sought.parted is not None:
            self._tell_of_parting(sought.parted)
            self._explainer.leave_out(step)
        self._events = self._seeker.applied(step)
        self._since = max(step - 1, 0)
        self._losses = []
        self._rate.forget()
        weight = self._weight()
        if len(weight) != self._rows:
            mapped = MappedRows.create(len(weight), weight.shape[1], weight.dtype.str)
            self._map(mapped, sought=True)
            return
        _, touched, norms = take_lookups(self._trainer)
        buffer, _ = self._publisher.publish(weight, None, touched, norms)
        if moves is not None:
            self._publisher.tell_moves(moves.ids, moves.by)
        moved = 0 if moves is None else len(moves.ids)
        came_from = None if moves is None else moves.came_from
        self._send_frame(buffer, moved, len(touched), whole=True, sought=True, came_from=came_from)

    def _send_frame(
        self,
        buffer: int,
        moved: int,
        touched: int,
        *,
        whole: bool = False,
        sought: bool = False,
        came_from: RowsBefore | None = None,
    ) -> None:
        self._frame += 1
        self._acknowledged = False
        self._unpublished = False
        step = self._trainer.step
        frame = Frame(
            self.number,
            self._frame,
            step,
            self._since,
            buffer,
            moved,
            touched,
            Array.of(np.array(self._losses, np.float64)),
            self._rate.at(step),
            running=self._remaining > 0,
            whole=whole,
            trained=self._trainer.trained(),
            gradients=gradients_of(self._trainer, self._watched, self.number),
            explained=self._explainer.explained(self._trainer),
            sought=sought,
            came_from=came_from,
            as_stored=self._is_stored,
            done=not self._trainer.is_read,
        )
        self._since = step
        self._losses = []
        self._send(frame)

    def _must_explain(self) -> bool:
        """Whether the step at rest on screen is to be explained, which no other frame will do."""
        at_rest = self._acknowledged and not self._remaining
        return at_rest and self._explainer.is_due(self._trainer.step)

    def _weight(self) -> NDArray[Any]:
        weight: NDArray[Any] = self._trainer.table.weight.detach().numpy()
        return weight

    # ── rebuilding ────────────────────────────────────────────────────────────────────────────

    def _rebuild(self, build: Build) -> Trainer:
        """The trainer after `build.step` steps and the events until then."""
        self._keyframes.forget_after(max(build.step, build.reach), len(build.events))
        tell = self._way.to(build.step)
        until = replace(build, events=build.events[: self._events])
        parted: int | None = None
        try:
            if self._keyframes.is_to_be_proven(build.step, self._events):
                sought = self._seeker.go(as_stored(build, self._keyframes), build.step, tell)
                trainer, parted = sought.trainer, sought.parted
            else:
                for trainer in rebuild(until, self._keyframes):
                    tell(trainer)
        except PartedError as error:
            trainer, parted = as_stored(build, self._keyframes), error.step
        if parted is not None:
            self._is_stored = True
            self._tell_of_parting(parted)
        self._events = self._seeker.applied(trainer.step)
        return trainer
