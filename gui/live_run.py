"""The run on screen: drives the engine, and shows its steps one whole step at a time.

A frame flips only when its points are there too, so that header, cards, table and points always
show the same step; only then may the engine write into the buffer that was shown before.
"""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.machine import Machine
from core.messages import (
    Acknowledge,
    Change,
    Changed,
    Command,
    Explain,
    Explained,
    Frame,
    Gradients,
    Kept,
    MakeChange,
    Mapped,
    Parted,
    Pause,
    Progress,
    Ready,
    Refused,
    Run,
    Seek,
    Step,
    Stopped,
    Watch,
)
from core.movement.wire import movements_in
from core.problems import AnyProblem, EngineFailed, EngineRestarted, StepsParted
from core.rows import MappedRows
from gui.engine_process import EngineProcess
from gui.frame_points import FramePoints
from gui.holds import Hold, Holds
from gui.run_history import RunHistory
from gui.run_state import State
from gui.seeks import Seeks
from gui.shown import Arrived, Shown

__all__ = ["LiveRun", "Shown", "State"]

RESTARTS = 3  # of an engine that shows no step in between


class LiveRun(QObject):
    """One run at a time, in one engine that is started again whenever it ends."""

    stateChanged = Signal()
    adopted = Signal()  # a new run, or a table of another size, is shown; before `frameShown`
    frameShown = Signal()  # another step is shown
    viewTurned = Signal()  # the same step under other axes
    gradientsShown = Signal()  # the same step, with the gradients of other rows
    kept = Signal(object)  # Kept: what `Keep` asked for was done
    explained = Signal()  # the same step, and why rows moved in it
    changed = Signal(int)  # a change was made, by its number
    refused = Signal(int, object)  # the number of a change, 0 for an opening; and the problem
    problemRaised = Signal(object)
    progressed = Signal(int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.STARTING
        self.shown: Shown | None = None
        self.steps_per_second = 0.0
        self.machine: Machine | None = None  # what the engine computes with, once it has started
        self.speed: float | None = None
        self.history: RunHistory | None = None
        self.history_changed = False  # whether what was adopted last was another run
        self._numbers = self._changes = self._restarts = 0
        self._pending: dict[int, Change] = {}
        self._wishes: dict[type, Watch | Explain] = {}
        self._resume = False
        self._mapped: MappedRows | None = None
        self._seeks = Seeks(self.send)
        self._holds = Holds(self)
        self._holds.freed.connect(self.send)
        self.shown_history: RunHistory | None = None  # the run of what is on screen
        self._points = FramePoints(self, self)
        self._points.completed.connect(self._flip)
        self._points.turned.connect(self._turn)
        self._points.failed.connect(self._begin_again)
        self.projector = self._points.projector  # to be told what is shown of the rows
        self._engine = self._start_engine()

    @property
    def is_seeking(self) -> bool:
        """Whether a step that was asked for is on its way."""
        return self._seeks.busy

    @property
    def is_shown(self) -> bool:
        """Whether what is on screen is the run that was opened last, not yet the one before."""
        return self.shown is not None and self.shown_history is self.history

    # ── what the session asks ─────────────────────────────────────────────────────────────────

    def open(self, history: RunHistory) -> None:
        """Show `history` at the step it has reached, and go on from there."""
        self.history = history
        self._pending.clear()
        if self.state is State.STOPPED:
            self._try_again()
        else:
            self._build()

    def step(self, count: int) -> None:
        """Do `count` steps, then wait; one asked for too early is done when the run is there."""
        if self.state is State.STOPPED:
            self._try_again()
        if self.state is State.RUNNING:
            self._set_state(State.PAUSED)
        self._resume = False
        self.send(Step(count))

    def run(self) -> None:
        """Step until told otherwise."""
        if self.state is State.STOPPED:
            self._try_again()
        if self.state is State.PAUSED:
            self._set_state(State.RUNNING)
            self.send(Run(self.speed))
        elif self.state in (State.STARTING, State.BUILDING):
            self._resume = True

    def pause(self) -> None:
        """Stop after the step under way."""
        self._resume = False
        if self.state is State.RUNNING:
            self._set_state(State.PAUSED)
            self.send(Pause())

    def seek(self, step: int, *, forward: bool = False) -> None:
        """Show `step`, one that the run has come to; the newest of several. See `Seek`."""
        self.pause()
        self._seeks.want(Seek(step, forward))

    def set_speed(self, steps_per_second: float | None) -> None:
        """Run at most so fast; None: as fast as it goes."""
        self.speed = steps_per_second
        if self.state is State.RUNNING:
            self.send(Run(steps_per_second))

    def change(self, change: Change) -> int:
        """Have `change` made between two steps; returns its number."""
        number = self._next_number()
        self._pending[number] = change
        self.send(MakeChange(number, change))
        return number

    def changes_under_way(self) -> tuple[Change, ...]:
        """The changes that the engine has not answered yet, in their order."""
        return tuple(self._pending.values())

    def wish(self, wish: Watch | Explain) -> None:
        """Show the gradients of these rows too, or say why they moved."""
        if wish != self._wishes.get(type(wish)):
            self._wishes[type(wish)] = wish
            self.send(wish)

    def hold(self) -> Hold | None:
        """Keep the rows on screen as they are for a reader in another thread; None before any."""
        return None if self.shown is None else self._holds.take(self.shown.rows)

    def engine_process_id(self) -> int:
        """The system's id of the engine; 0 while there is none."""
        return self._engine.process_id()

    def close(self) -> None:
        """End the engine and the thread."""
        self._engine.close()
        self.projector.close()

    # ── the engine ────────────────────────────────────────────────────────────────────────────

    def _start_engine(self) -> EngineProcess:
        engine = EngineProcess(self)
        engine.reported.connect(self._hear)
        engine.ended.connect(self._restart)
        engine.start()
        return engine

    def _replace_engine(self) -> None:
        self._engine.deleteLater()
        self._set_state(State.STARTING)
        self._engine = self._start_engine()

    def _try_again(self) -> None:
        """Someone asks for another try, after the engine was given up."""
        self._restarts = 0
        self._resume = False
        self._replace_engine()
        self._build()

    @Slot(object)
    def send(self, command: Command) -> None:
        """Have the engine do `command`; one that has been given up does nothing."""
        if self.state is not State.STOPPED:
            self._engine.send(command)

    def _build(self) -> None:
        assert self.history is not None
        self._numbers += 1
        self._points.begin(self._numbers)
        self._seeks.forget()
        self._resume = self._resume or self.state is State.RUNNING
        if self.state is not State.STARTING:
            self._set_state(State.BUILDING)
        for wish in self._wishes.values():
            self.send(wish)
        self.send(self.history.build(self._numbers))
        for number, change in self._pending.items():
            self.send(MakeChange(number, change))

    @Slot()
    def _begin_again(self) -> None:
        """Have another engine come to where the screen is: this one waits for its frame there."""
        self._engine.kill()

    @Slot(str)
    def _restart(self, how: str) -> None:
        """Begin again where the screen is: nothing the engine did after that was seen."""
        self._resume = self._resume or self.state is State.RUNNING
        if self.history is not None:
            unseen = self.history.take_back_unseen()
            again = {self._next_number(): change for change in unseen}
            self._pending = again | self._pending  # whoever asked knows them by their numbers
        self._restarts += 1
        if self._restarts > RESTARTS:
            self._set_state(State.STOPPED)
            self.problemRaised.emit(EngineFailed(how))
            return
        self._replace_engine()
        if self.history is not None:
            self._build()
            self.problemRaised.emit(EngineRestarted(self.history.step, how))

    @Slot(object)
    def _hear(self, report: object) -> None:
        match report:
            case Ready():
                self.machine = report.machine
                if self.state is State.STARTING and self.history is not None:
                    self._set_state(State.BUILDING)
            case Refused(problem, number, run) if run in (None, self._numbers):
                self._refuse(problem, number)
            case object(run=run) if run == self._numbers:
                self._hear_of_run(report)

    def _hear_of_run(self, report: object) -> None:
        match report:
            case Mapped(path=path):
                self._map(Path(path))
            case Frame() if self._mapped is not None:
                self._points.take(Arrived(report, self._mapped.buffers[report.buffer]))
            case Gradients() | Explained():
                self._show_more(report)
            case Kept():
                self.kept.emit(report)
            case Parted(step=step):
                self.problemRaised.emit(StepsParted(step))
            case Progress(done=done, total=total):
                self.progressed.emit(done, total)
            case Changed(number=number, step=step):
                assert self.history is not None
                self.history.record(step, self._pending.pop(number))
                self.changed.emit(number)
            case Stopped(problem=problem):
                self._resume = False
                self._seeks.forget()
                self.progressed.emit(0, 0)
                self._set_state(State.PAUSED)
                self.problemRaised.emit(problem)

    def _map(self, path: Path) -> None:
        self._mapped = MappedRows.taken(path)
        if self._mapped is None:  # its file has gone; another engine makes another
            self._engine.kill()

    def _refuse(self, problem: AnyProblem, number: int | None) -> None:
        if number is None:
            self._set_state(State.PAUSED)
            self.refused.emit(0, problem)
        elif self._pending.pop(number, None) is not None:
            self.refused.emit(number, problem)

    def _next_number(self) -> int:
        self._changes += 1
        return self._changes

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            if self.state is State.BUILDING:
                self.progressed.emit(0, 0)
            self.state = state
            if state is State.PAUSED:
                self._points.rest()
            self.stateChanged.emit()

    # ── showing ───────────────────────────────────────────────────────────────────────────────

    @Slot(object)
    def _turn(self, shown: Shown) -> None:
        self.shown = shown
        self.viewTurned.emit()

    @Slot(object, object)
    def _flip(self, arrived: Arrived, shown: Shown) -> None:
        frame, buffer = arrived
        assert self.history is not None
        losses = frame.losses.numpy()
        if len(losses):
            self.history.losses.extend_to(frame.step, losses)
        before = None if self.shown is None else self.shown.rows
        self.shown = shown
        self.history.step = frame.step
        self.steps_per_second = frame.steps_per_second
        self._restarts = 0
        self.history_changed = self.shown_history is not self.history
        self.shown_history = self.history
        if self.history_changed or before is None or len(buffer.rows) != len(before):
            self.adopted.emit()
        self.frameShown.emit()
        self._holds.when_free(before, Acknowledge(frame.run, frame.number))
        if frame.sought:
            self.progressed.emit(0, 0)
            self._seeks.arrived()
        if self.state in (State.STARTING, State.BUILDING):
            # From a step as stored, training would not come to what is known to be later.
            self._begin(resume=not (frame.as_stored and frame.step < self.history.reach))

    def _begin(self, *, resume: bool) -> None:
        """The run is there: go on as it was wished meanwhile."""
        self._set_state(State.PAUSED)
        wished, self._resume = self._resume, False
        if wished and resume:
            self.run()

    def _show_more(self, news: Gradients | Explained) -> None:
        if self.shown is None or self.shown.step != news.step:
            return
        if isinstance(news, Gradients):
            self.shown = self.shown.with_gradients(news)
            self.gradientsShown.emit()
        else:
            self.shown = self.shown.explained_by(movements_in(news))
            self.explained.emit()
