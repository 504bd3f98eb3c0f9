"""Projects: saved, opened, and not lost by closing the window."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from os import getpid
from pathlib import Path
from typing import Protocol
from weakref import WeakKeyDictionary

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.machine import Machine
from core.problems import AnyProblem, ProblemError, TrainedElsewhere, ViewUnreadable
from core.progress import Progress
from core.project.archive import SUFFIX
from core.project.contents import Project
from core.project.saving import write_project
from core.project.states import BUDGET
from core.project.view import Looked, View
from gui.background import Background, Job
from gui.export import Ask, ask_where
from gui.keyframe_folders import PREFIX
from gui.project_parts import (
    Loaded,
    Taken,
    branches_of,
    gather,
    lists_of,
    load_project,
    opened_of,
)
from gui.project_view import look_at
from gui.run_history import RunHistory
from gui.run_past import Gathered
from gui.session import Session
from gui.settings import Settings
from gui.state_taker import StateTaker
from gui.teller import Teller
from gui.undo import OpenCommand
from gui.unsaved import Unsaved

Button = QMessageBox.StandardButton
AskToSave = Callable[[str], Button]


@dataclass(frozen=True, eq=False)
class Wish:
    """To save to `path`; `own` of ours, which nobody is told of."""

    path: Path
    own: bool = False


@dataclass(frozen=True, eq=False)
class Coming:
    """A project that is opened; `source` is the file it is saved to from then on.

    It is `unsaved` if what was read is newer than that file.
    """

    loaded: Loaded
    history: RunHistory
    source: Path | None
    unsaved: bool


class Elsewhere(Protocol):
    """What is looked at outside of the session."""

    def complete(self, view: View) -> View:
        """`view` with that too."""

    def look_at(self, looked: Looked) -> None:
        """Look at it so again."""


class Projects(Teller):
    """The project file of a session, if it has one; one file is written or read at a time."""

    changed = Signal()  # the file, or whether there is anything unsaved
    written = Signal(object)  # Path
    settled = Signal()  # nothing is being written any more
    arriving = Signal()  # one that is opened is about to be looked at as it was
    opened = Signal(object)  # Path
    openingFailed = Signal(object)  # core.problems.AnyProblem, of one that could not be opened

    def __init__(
        self,
        session: Session,
        background: Background,
        settings: Settings,
        window: QWidget,
        ask: Ask | None = None,
        ask_to_save: AskToSave | None = None,
    ) -> None:
        super().__init__(window)
        self._session, self._background, self._settings = session, background, settings
        self._window = window
        self._ask, self._ask_to_save = ask or ask_where, ask_to_save or self._ask_user
        self.path: Path | None = None
        self.elsewhere: Elsewhere | None = None
        self.asks = False  # before closing; not where nobody is there to answer
        self.unsaved = Unsaved(session, self)
        self.unsaved.changed.connect(self.changed)
        self._taker = StateTaker(session, self)
        self._taker.taken.connect(self._write)
        self._taker.failed.connect(self._fail_taking)
        self._wishes: list[Wish] = []
        self._kept: Path | None = None
        self._own_problem: AnyProblem | None = None
        self._noted: tuple[object, ...] = ()
        self._reading: Job | None = None
        self._sources: dict[Job, tuple[Path | None, bool]] = {}
        self._coming: Coming | None = None
        self._paths: WeakKeyDictionary[RunHistory, Path | None] = WeakKeyDictionary()
        self._closing = False
        session.runStarted.connect(self._follow)

    # ── saving ────────────────────────────────────────────────────────────────────────────────

    @Slot()
    def save(self) -> None:
        """Save to the project's file; to one that is asked for if it has none."""
        if self.path is None:
            self.save_as()
        else:
            self.write(Wish(self.path))

    @Slot()
    def save_as(self) -> None:
        """Let the user choose a file, and save to it from now on."""
        source = self._session.text_source
        name = self.path.stem if self.path else source.stem if source else self.tr("project")
        folder = self.path.parent if self.path else self._settings.save_folder
        kinds = self.tr("Embedscope projects (*{ending})").format(ending=SUFFIX)
        title = self.tr("Save project")
        path = self._ask(self._window, title, folder / f"{name}{SUFFIX}", kinds)
        if path is None:
            self._closing = False
            return
        self._settings.save_folder = path.parent
        self.write(Wish(path))

    @property
    def is_writing(self) -> bool:
        """Whether a file is being written, or is about to be."""
        return bool(self._wishes)

    def write(self, wish: Wish) -> None:
        """Write what is open then, after what is being written."""
        self._wishes.append(wish)
        if len(self._wishes) == 1:
            self._taker.take()

    @Slot(object)
    def _write(self, taken: Taken) -> None:
        wish = self._wishes[0]
        self._kept = None if taken.kept is None else Path(taken.kept.path)
        try:
            gathered = gather(self._session, taken, self._complete, 0 if wish.own else BUDGET)
        except Exception:
            self._closing = False
            self._next(None)  # else nothing would be saved ever again
            raise
        run = gathered.project.runs[0]
        marks, lists = tuple(sorted(run.marks.items())), self._session.lists.lists
        self._noted = taken.opened.history, len(run.losses), len(run.events), marks, lists
        what = self.tr("Saving {file}").format(file=wish.path.name)
        work = partial(_write, wish.path, gathered)
        job = self._background.run(what, work, quiet=wish.own)
        job.succeeded.connect(self._note_written)
        job.failed.connect(self._fail_writing)
        job.stopped.connect(self._note_stopped)
        job.ended.connect(self._next)

    def _complete(self, view: View) -> View:
        return view if self.elsewhere is None else self.elsewhere.complete(view)

    @Slot(object)
    def _note_written(self, path: Path) -> None:
        if not self._wishes[0].own:
            self.path = path
            self._paths[self._session.history] = path
            self._settings.remember_file(path)
            self.unsaved.note_saved(self._noted)
            self.told.emit(self.tr("Saved {file}.").format(file=path.name))
            self.changed.emit()
        self.written.emit(path)

    @Slot(object)
    def _fail_writing(self, error: Exception) -> None:
        self._closing = False
        if self._wishes[0].own and isinstance(error, ProblemError):
            # A disk that is full stays so for a while: of our own files it is told once.
            if error.problem == self._own_problem:
                return
            self._own_problem = error.problem
        self._fail(error)

    @Slot(object)
    def _fail_taking(self, problem: AnyProblem) -> None:
        self._closing = False
        self.problemRaised.emit(problem)
        self._next(None)

    @Slot()
    def _note_stopped(self) -> None:
        self._closing = False
        self.told.emit(self.tr("Stopped; nothing was saved."))

    @Slot(object)
    def _next(self, _job: Job | None) -> None:
        if self._kept is not None:
            self._kept.unlink(missing_ok=True)
            self._kept = None
        self._wishes.pop(0)
        if self._wishes:
            self._taker.take()
            return
        self.settled.emit()
        if self._closing:
            self._window.close()

    # ── opening ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def ask_and_open(self) -> None:
        """Let the user choose a project."""
        folder = self.path.parent if self.path else self._settings.save_folder
        kinds = self.tr("Embedscope projects (*{ending});;All files (*)").format(ending=SUFFIX)
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open project"), str(folder), kinds
        )
        if name:
            self.open(Path(name))

    @Slot(object)
    def open(self, path: Path) -> None:
        """Read `path` in the background, then show it; one still being read is given up."""
        self.read(path, path)

    def read(self, path: Path, source: Path | None, *, unsaved: bool = False) -> None:
        """The same; from then on it is saved to `source`."""
        if self._reading is not None:
            self._reading.stop()
        # Named so that what a killed window leaves goes when the next session begins.
        folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{getpid()}-"))
        what = self.tr("Reading {file}").format(file=path.name)
        self._reading = job = self._background.run(what, partial(load_project, path, folder))
        self._sources[job] = source, unsaved
        job.succeeded.connect(self._show)
        job.failed.connect(self._fail_reading)
        job.ended.connect(self._forget)

    @Slot(object)
    def _show(self, loaded: Loaded) -> None:
        if self._reading is None:
            return
        source, unsaved = self._sources[self._reading]
        project, time = loaded.project, self._session.time
        opened = opened_of(loaded, [time.new_folder() for _ in project.runs])
        shutil.rmtree(loaded.folder, ignore_errors=True)
        now = opened[project.current]
        time.take_up(loaded.documents, branches_of(loaded, opened))
        self._coming = Coming(loaded, now.history, source, unsaved)
        self._session.show_opened(now)
        self._session.lists.use_saved(lists_of(project))

    @Slot(object)
    def _fail_reading(self, error: Exception) -> None:
        if isinstance(error, ProblemError):
            self.openingFailed.emit(error.problem)
        else:
            self._fail(error)

    @Slot(object)
    def _forget(self, job: Job) -> None:
        self._sources.pop(job, None)
        if job is self._reading:
            self._reading = None

    # ── following what is open ────────────────────────────────────────────────────────────────

    @Slot()
    def _follow(self) -> None:
        """Another run is shown: a project that was opened, or something else."""
        history, coming = self._session.history, self._coming
        stack = self._session.undo_stack
        command = stack.command(stack.index() - 1)
        if coming is not None and coming.history is history:
            self._coming = None
            self._arrive(coming)
        elif history in self._paths:  # an opening was undone
            self.path = self._paths[history]
            self.unsaved.note_unsaved()
        elif isinstance(command, OpenCommand) and command.opens_another:
            self.path = None
            self.unsaved.forget()
        self._paths[history] = self.path
        self.changed.emit()

    def _arrive(self, coming: Coming) -> None:
        self.path = coming.source
        project = coming.loaded.project
        self.arriving.emit()
        look_at(self._session, project.looked)
        if self.elsewhere is not None:
            self.elsewhere.look_at(project.looked)
        if project.view_lost:
            self.problemRaised.emit(ViewUnreadable(str(coming.loaded.path), project.view_lost))
        if coming.unsaved:
            self.unsaved.note_unsaved()
        else:
            self.unsaved.note_saved(self.unsaved.now())
        if coming.source is not None:
            self._settings.remember_file(coming.source)
        self.opened.emit(coming.loaded.path)
        self._compare_machines(project)

    def _compare_machines(self, project: Project) -> None:
        """Say that it was trained elsewhere, unless it was said already what that means."""
        now, history = self._session.machine, self._session.history
        if now is None or not len(history.losses) or history.parted is not None:
            return
        made_on = history.made_on or (project.machine,)
        others = [each for each in made_on if not each.computes_like(now)]
        if others:
            self.problemRaised.emit(TrainedElsewhere(self._told(others[-1]), self._told(now)))

    def _told(self, machine: Machine) -> str:
        text = self.tr("torch {torch}, {capability}, {threads} threads")
        if machine.threads == 1:
            text = self.tr("torch {torch}, {capability}, 1 thread")
        return text.format(
            torch=machine.torch, capability=machine.cpu_capability, threads=machine.threads
        )

    # ── closing ───────────────────────────────────────────────────────────────────────────────

    def may_close(self) -> bool:
        """Whether the window can close now; asks if unsaved work would be lost."""
        if not (self.asks and self.unsaved.is_worth_keeping):
            return True
        if self._closing and self.is_writing:
            return False
        self._closing = False
        name = self.path.name if self.path else self.tr("This session")
        answer = self._ask_to_save(name)
        if answer == Button.Save:
            self._closing = True
            self.save()
        return answer == Button.Discard

    def _ask_user(self, name: str) -> Button:
        box = QMessageBox(self._window)
        box.setObjectName("askToSave")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Unsaved work"))
        box.setText(self.tr("{name} has work that is not saved. Save it?").format(name=name))
        box.setStandardButtons(Button.Save | Button.Discard | Button.Cancel)
        box.setDefaultButton(Button.Save)
        answer = Button(box.exec())
        box.deleteLater()
        return answer

    def close(self) -> None:
        """Forget what is under way."""
        self._taker.close()


def _write(path: Path, gathered: Gathered, progress: Progress) -> Path:
    write_project(path, gathered.whole(), progress)
    return path
