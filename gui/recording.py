"""Records a run: shows its steps again one by one, and has a picture of each written as a film.

The window goes on working meanwhile: a frame is painted when its step is shown and nothing more of
it comes, and a thread writes it. Afterwards the step is on screen that was there before.
"""

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from core.film import write_film
from core.progress import Progress
from gui.background import Background, Job
from gui.film_belt import Belt
from gui.film_frames import FramePainter
from gui.film_plan import Plan
from gui.session import Session, State
from gui.teller import Teller

QUIET_MS = 20  # without news of a step: it is on screen whole
PATIENCE_MS = 400  # for a view that turns, and for what other threads find out about a step


class Recording(Teller):
    """One film at a time; `ended` when nothing of it is under way any more."""

    ended = Signal()

    def __init__(self, session: Session, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._background = session, background
        self._under_way: _Film | None = None
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._paint)
        self._since = QElapsedTimer()
        session.frameShown.connect(self._follow)
        for news in (session.viewTurned, session.gradientsShown, session.nearest.changed):
            news.connect(self._wait_on)
        session.stateChanged.connect(self._give_up_if_run)
        session.runStarted.connect(self._give_up_if_another)

    @property
    def is_under_way(self) -> bool:
        """Whether a film is being recorded."""
        return self._under_way is not None

    def record(self, plan: Plan, path: Path) -> None:
        """Begin to write the film of `plan` as `path`."""
        assert self._under_way is None
        assert plan.can_be_made
        session, count = self._session, len(plan.steps)
        session.pause()
        belt = Belt(self)
        belt.taken.connect(self._paint_if_waited)

        def write(progress: Progress) -> Path:
            return write_film(path, plan.kind, belt.frames(count, progress), plan.per_second)

        what = self.tr("Recording {file}").format(file=path.name)
        job = self._background.run(what, write)
        job.succeeded.connect(self._tell)
        job.failed.connect(self._fail)
        job.ended.connect(self._end)
        self._under_way = _Film(plan, belt, job, session)
        self._ask()

    # ── frame by frame ────────────────────────────────────────────────────────────────────────

    def _ask(self) -> None:
        """Have the step of the next frame shown."""
        film = self._under_way
        if film is None or film.wanted is None:
            return
        if self._session.time.position == film.wanted:
            self._follow()
        else:
            self._session.time.seek(film.wanted)

    def _shows(self, step: int) -> bool:
        """Whether `step` is on screen, or the one that was stored instead of it."""
        time = self._session.time
        return time.position == step or (time.is_as_stored and time.position < step)

    @Slot()
    def _follow(self) -> None:
        """A step is shown; somebody may have asked for another than the film wants."""
        film = self._under_way
        if film is None or film.wanted is None:
            return
        if self._shows(film.wanted):
            self._since.start()
            self._quiet.start()
        else:
            self._quiet.stop()
            self._session.time.seek(film.wanted)

    @Slot()
    def _wait_on(self) -> None:
        """There was more to show of the step."""
        if self._quiet.isActive() and self._since.elapsed() < PATIENCE_MS:
            self._quiet.start()

    @Slot()
    def _paint(self) -> None:
        film = self._under_way
        if film is None or film.wanted is None:
            return
        if not film.belt.has_room:
            film.waits = True
            return
        film.waits = False
        caption = self.tr("Step {step}").format(step=f"{self._session.time.position:,}")
        film.belt.put(film.painter.paint(caption))
        film.go_on()
        self._ask()

    @Slot()
    def _paint_if_waited(self) -> None:
        film = self._under_way
        if film is not None and film.waits and not self._quiet.isActive():
            self._quiet.start()

    # ── the end ───────────────────────────────────────────────────────────────────────────────

    @Slot()
    def _give_up_if_run(self) -> None:
        if self._session.state is State.RUNNING:
            self._give_up(self.tr("The recording was stopped, for training was started."))
        elif self._session.state is State.STOPPED:
            self._give_up(self.tr("The recording was stopped, for the steps cannot be shown."))

    @Slot()
    def _give_up_if_another(self) -> None:
        film = self._under_way
        if film is not None and self._session.time.history is not film.history:
            self._give_up(self.tr("The recording was stopped, for another run was opened."))

    def _give_up(self, sentence: str) -> None:
        film = self._under_way
        if film is not None and film.wanted is not None:
            film.wanted = None
            film.job.stop()
            self.refused.emit(sentence)

    @Slot(object)
    def _tell(self, path: Path) -> None:
        self.told.emit(self.tr("Saved {file}.").format(file=path.name))

    @Slot()
    def _end(self) -> None:
        film, self._under_way = self._under_way, None
        self._quiet.stop()
        if film is None:
            return
        session = self._session
        if session.time.history is film.history and session.state is State.PAUSED:
            session.time.seek(film.position)
        film.belt.deleteLater()
        self.ended.emit()


class _Film:
    """What is being recorded, and how far it is."""

    def __init__(self, plan: Plan, belt: Belt, job: Job, session: Session) -> None:
        self.belt, self.job = belt, job
        self.painter = FramePainter(plan)
        self.history, self.position = session.time.history, session.time.position
        self.waits = False  # for room on the belt
        self._steps = iter(plan.steps)
        self.wanted: int | None = None
        self.go_on()

    def go_on(self) -> None:
        """To the next step; None after the last."""
        self.wanted = next(self._steps, None)
