"""A run inside the engine: trains step by step, and shows whole steps between steps."""

import math
import time
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from torch import Tensor

from core.changes import settings_after
from core.frames import Frames, Standing
from core.keeping import Moment
from core.keyframes import KeyframeStore
from core.memory import SHOWN, check_memory
from core.messages import Build, Change, Event, Parted, Report, Seek, Stopped
from core.movement.explainer import Explainer
from core.problems import AnyProblem, Diverged
from core.rebuilding import as_stored, rebuild
from core.replays import PartedError
from core.seeking import Seeker
from core.step_marks import gradients_of
from core.trainer import Trainer
from core.way import Way


class ActiveRun:
    """The run of one `Build`; `work` does the next thing that is due, `wait` says when that is."""

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
        until = build.events[: self._events]
        check_memory(settings_after(build.config, build.corpus, until)[0], SHOWN)
        self._trainer = self._rebuild(build)
        self._explainer = Explainer(self._seeker.history, self._keyframes)
        if self._is_stored:
            self._explainer.leave_out(self._trainer.step)
        self._remaining = 0.0  # steps still to do; infinity while running
        self._pause_between = 0.0
        self._next_step = 0.0
        self._warned = False
        self._frames = Frames(build.run, self._explainer, watched, send)
        self._frames.begin(self._standing)

    # ── what the window asks ──────────────────────────────────────────────────────────────────

    def step(self, count: int) -> None:
        """Do `count` steps, then wait."""
        self._remaining = count + (self._remaining if math.isfinite(self._remaining) else 0)
        self._pause_between = 0.0
        self._next_step = time.perf_counter()
        self._frames.forget_rate()

    def run(self, steps_per_second: float | None) -> None:
        """Step until told otherwise; a run under way goes on at this speed."""
        now = time.perf_counter()
        self._pause_between = 1 / steps_per_second if steps_per_second else 0.0
        # A slider being drawn tells of many speeds, and none of them asks for a step at once.
        running = math.isinf(self._remaining)
        self._next_step = min(self._next_step, now + self._pause_between) if running else now
        self._remaining = math.inf
        self._frames.forget_rate()

    def seek(self, step: int, *, forward: bool = False) -> None:
        """Show `step`, as soon as the frame in flight is on screen; see `Seek`."""
        self._remaining = 0
        self._sought = Seek(step, forward)

    def pause(self) -> None:
        """Stop between two steps, and show the last one as a step at rest."""
        self._remaining = 0
        self._frames.is_owed = True

    def stop(self, problem: AnyProblem) -> None:
        """Pause because of `problem`, and say so."""
        self.pause()
        self._send(Stopped(self.number, self._trainer.step, problem))

    def acknowledge(self, number: int) -> None:
        """Frame `number` is on screen."""
        self._frames.acknowledge(number)

    def watch(self, ids: Tensor) -> None:
        """Send the last step's gradients of `ids` now and with every frame."""
        self._frames.watched = ids
        gradients = gradients_of(self._trainer, ids, self.number)
        if gradients is not None:
            self._send(gradients)

    def explain(self, ids: tuple[int, ...]) -> None:
        """Say why the rows `ids` moved, as soon as that is known and with every frame."""
        self._explainer.ask(ids)

    def change(self, change: Change) -> int:
        """Apply `change`; returns the number of steps done before it. Raises `ProblemError`."""
        with self._frames.room_for(change, self._trainer):
            self._trainer.apply(change)
        event = Event(self._trainer.step, change)
        self._keyframes.forget_after(event.step, self._events)
        self._seeker.note(event)
        self._events = self._seeker.applied(event.step)
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
            return None if self._frames.in_flight else 0.0
        if self._remaining and not self._pause_between:
            return 0.0
        now = time.perf_counter()
        due = [self._next_step] if self._remaining else []
        frame = self._frames.due(now, running=self._remaining > 0)
        if frame is not None:
            due.append(frame)
        if self._must_explain() or not self._trainer.is_prepared:
            due.append(now)
        return max(0.0, min(due) - now) if due else None

    def work(self) -> None:
        """Do a step if one is due, and publish if a frame is."""
        if self._sought is not None:
            if not self._frames.in_flight:
                self._show_sought(self._sought)
            return
        now = time.perf_counter()
        if self._remaining and now >= self._next_step:
            self._next_step = max(self._next_step + self._pause_between, now)
            # A run's last step rests on screen, whenever the frame before it is acknowledged.
            shown = self._remaining <= 1 or self._frames.has_room(now)
            self._step(explained=shown and self._explainer.is_asked)
        frame = self._frames.due(now, running=self._remaining > 0)
        if frame is not None and now >= frame:
            self._frames.publish(self._standing)
        elif self._must_explain():
            self._explainer.work(self._trainer)
            explained = self._explainer.explained(self._trainer)
            if explained is not None:
                self._send(explained)
        else:
            self._trainer.prepare()  # after the frame that people wait for

    def close(self) -> None:
        """Take the names of the mapped files away, where the window has not."""
        self._frames.close()

    @property
    def _standing(self) -> Standing:
        return Standing(self._trainer, self._remaining > 0, self._is_stored)

    def _must_explain(self) -> bool:
        """Whether the step at rest on screen is to be explained, which no other frame will do."""
        at_rest = not self._frames.in_flight and not self._remaining
        return at_rest and self._explainer.is_due(self._trainer.step)

    def _step(self, *, explained: bool) -> None:
        if not self._trainer.step:
            self._keyframes.replays.note(0, self._events, self._trainer.state())
        if explained:
            loss = self._explainer.advance(self._trainer, self._frames.watched.tolist())
        else:
            loss = self._trainer.advance()
        self._remaining -= 1
        self._frames.note_step(loss)
        self._is_stored = False
        self._explainer.leave_out(None)
        if self._has_parted():
            return
        if self._keyframes.is_due() and self._keyframes.replays.is_beyond(self._trainer.step):
            self._keyframes.save(self._trainer.step, self._events, self._trainer.state())
        if not math.isfinite(loss) and not self._warned:
            self._warned = True  # once: a person may want to watch a table of NaN train on
            self.stop(Diverged(self._trainer.step, loss))

    # ── steps done again ──────────────────────────────────────────────────────────────────────

    def _has_parted(self) -> bool:
        """Whether a step that the run had come to before is not what it was; then one is sought."""
        try:
            self._keyframes.pass_by(self._trainer.step, self._events, self._trainer.state)
        except PartedError as parted:
            self._tell_of_parting(parted.step)
            self.seek(parted.step)
            self._frames.is_owed = False
            return True
        return False

    def _tell_of_parting(self, step: int) -> None:
        if not self._told_of_parting:
            self._told_of_parting = True
            self._send(Parted(self.number, step))

    def _show_sought(self, seek: Seek) -> None:
        self._sought = None
        self._seeker.leave(self._trainer)
        tell = self._way.to(seek.step)
        sought = self._seeker.go(self._trainer, seek.step, tell, forward=seek.forward)
        self._trainer = sought.trainer
        self._is_stored = sought.parted is not None
        if sought.parted is not None:
            self._tell_of_parting(sought.parted)
        self._explainer.leave_out(self._trainer.step if self._is_stored else None)
        self._events = self._seeker.applied(self._trainer.step)
        self._frames.show_sought(self._standing, sought.moves)

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
