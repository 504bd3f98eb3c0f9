"""Nonlinear maps of the rows: which method, the map of each, and the process that makes them."""

from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from core.maps.messages import Grow, Growing, Grown, MapFailed, Stop
from core.maps.rows_file import write_rows
from core.maps.sample import most_frequent
from core.maps.settings import MapSettings, Method, default_settings, estimated_seconds
from core.messages import Array
from core.problems import AnyProblem, MapRefused, ProblemError
from core.progress import Progress
from core.vocabulary import Vocabulary
from gui.background import Background
from gui.holds import Hold
from gui.map_process import MapProcess
from gui.shown import Shown
from gui.shown_map import Making, ShownMap

Choice = Literal["pca", "tsne", "umap"]

AT_ONCE_SECONDS = 15.0
"""A map that takes longer is not made before somebody asks for it."""

FOLLOWING = 20
"""Iterations for each step that is followed."""

PATIENCE_MS = 3000
"""For a process to stop by itself; compiling, or finding neighbours, it may not listen."""


class Place(Protocol):
    """What is needed of the session."""

    frameShown: SignalInstance
    runStarted: SignalInstance
    viewTurned: SignalInstance

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the table on screen."""

    @property
    def shown(self) -> Shown | None:
        """The step on screen."""

    def hold(self) -> Hold | None:
        """Keep the rows on screen as they are."""


class Maps(QObject):
    """One map for each method and number of dimensions, so that they can be compared."""

    changed = Signal()  # the method, the settings, or what is being made
    pointsChanged = Signal()  # the points on screen
    problemRaised = Signal(object)

    def __init__(self, session: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.method: Choice = "pca"
        self.follows = False
        self.making: Making | None = None
        self._settings: dict[Method, MapSettings] = {}  # those that somebody chose
        self._maps: dict[tuple[Method, int], ShownMap] = {}
        self._fitted: tuple[object, object, NDArray[Any]] | None = None
        self._counted: tuple[object, int] = (None, 0)
        self._numbers = 0
        self._killed = False
        self._turned_to = 2
        self._process: MapProcess | None = None
        self._writers = Background(self)
        self._impatience = QTimer(self)
        self._impatience.setSingleShot(True)
        self._impatience.setInterval(PATIENCE_MS)
        self._impatience.timeout.connect(self._lose_patience)
        session.frameShown.connect(self._follow)
        session.runStarted.connect(self._forget)
        session.viewTurned.connect(self._turn)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    @property
    def settings(self) -> MapSettings:
        """What the next map by the chosen method is made with; t-SNE's while that is the PCA."""
        method: Method = "tsne" if self.method == "pca" else self.method
        return self._settings.get(method) or default_settings(method, self.available())

    @property
    def current(self) -> ShownMap | None:
        """The map on screen; None where the linear view is."""
        if self.method == "pca":
            return None
        return self._maps.get((self.method, self.dimensions))

    def points(self) -> NDArray[Any] | None:
        """(V, k) of the map on screen, for the table on screen; None where the linear view is.

        The same array until one of the two changes.
        """
        current, shown = self.current, self._session.shown
        if current is None or shown is None:
            return None
        view = shown.projected.points
        if self._fitted is None or self._fitted[0] is not current or self._fitted[1] is not view:
            self._fitted = (current, view, current.fitted(view))
        return self._fitted[2]

    @property
    def dimensions(self) -> int:
        """How many the points on screen have: those that were asked for come a moment later."""
        shown = self._session.shown
        return 2 if shown is None else int(shown.projected.points.shape[1])

    def available(self) -> int:
        """How many rows could be mapped."""
        shown = self._session.shown
        if shown is None:
            return 0
        view = shown.projected.points
        if view is not self._counted[0]:
            self._counted = (view, int(np.isfinite(view[:, 0]).sum()))
        return self._counted[1]

    def seconds(self) -> float:
        """Roughly how long a new map takes."""
        return estimated_seconds(self.settings, self.available(), self.dimensions)

    # ── what is asked ─────────────────────────────────────────────────────────────────────────

    def choose(self, method: Choice) -> None:
        """Show the PCA or a map, which is made at once if that is quick."""
        if method != self.method:
            self.stop()
            self.method = method
            self._show_other()

    def set_settings(self, settings: MapSettings) -> None:
        """Make the next map by `settings.method` with these."""
        if settings != self.settings:
            self._settings[settings.method] = settings
            self.changed.emit()

    def start(self) -> None:
        """Make a new map, from the linear view."""
        self._begin(None, self.settings)

    def go_on(self) -> None:
        """Let the map on screen go on, with the rows of the step on screen."""
        self._begin(self.current, self.settings)

    def stop(self) -> None:
        """End what is being made, and keep what there is of it."""
        self.set_follows(False)
        self._end()

    def set_follows(self, follows: bool) -> None:
        """Let the map move with the training."""
        if follows != self.follows:
            self.follows = follows
            self.changed.emit()
            self._follow()

    def close(self) -> None:
        """End the process and the threads."""
        busy = self.making is not None
        self.follows, self.making = False, None
        self._impatience.stop()
        self._writers.close()
        if self._process is not None:
            self._process.ended.disconnect(self._lose)
            if busy:  # compiling, it would let the window wait; it has nothing to lose
                self._process.kill()
            self._process.close()
            self._process = None

    # ── making one ────────────────────────────────────────────────────────────────────────────

    def _begin(self, before: ShownMap | None, settings: MapSettings) -> None:
        shown, hold = self._session.shown, self._session.hold()
        if shown is None or hold is None:
            return
        projected = shown.projected
        able = np.flatnonzero(np.isfinite(projected.points[:, 0]))
        counts = np.zeros(len(projected.points), np.int64)
        known = min(len(counts), len(self._session.vocabulary))
        counts[:known] = self._session.vocabulary.counts[:known]
        ids = most_frequent(able, counts[able], settings.most_rows)
        self._numbers += 1
        making = self.making = Making(
            self._numbers,
            settings,
            self.dimensions,
            ids,
            len(able),
            len(projected.points),
            shown.step,
            all(axis.kind == "pc" for axis in projected.axes),
            before,
        )
        grow = Grow(
            making.number,
            settings,
            "",
            Array.of(projected.points[ids]),
            None if before is None else Array.of(before.start_of(ids)),
            0.0 if before is None else before.scale,
        )
        job = self._writers.run("rows of a map", _Writing(hold, ids, grow), quiet=True)
        job.succeeded.connect(self._send)
        job.failed.connect(self._fail)
        self.changed.emit()

    @Slot(object)
    def _send(self, grow: Grow) -> None:
        making = self.making
        if making is None or making.number != grow.number:
            Path(grow.path).unlink(missing_ok=True)  # it was stopped meanwhile
            return
        if self._process is None:
            self._process = MapProcess(self)
            self._process.reported.connect(self._hear)
            self._process.ended.connect(self._lose)
            self._process.start()
        making.path = Path(grow.path)
        self._impatience.stop()
        self._process.send(grow)

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self.making = None
        if not isinstance(error, ProblemError):
            raise error
        self._give_up(error.problem)

    def _end(self) -> None:
        making = self.making
        if making is None:
            return
        if making.path is not None and self._process is not None:
            self._process.send(Stop())
            self._impatience.start()
        else:
            self.making = None
            self.changed.emit()

    # ── what comes of it ──────────────────────────────────────────────────────────────────────

    @Slot(object)
    def _hear(self, report: object) -> None:
        making = self.making
        match report:
            case Growing(number=number) if making is not None and number == making.number:
                making.note(report)
                self._put(making.forming(report))
            case Grown(number=number) if making is not None and number == making.number:
                self._finish()
                self._put(making.made(report))
                self._follow()
            case MapFailed(number=number) if making is not None and number == making.number:
                self._finish()
                self._give_up(report.problem)

    def _put(self, shown: ShownMap | None) -> None:
        """Show another state of a map."""
        if shown is not None:
            key = (shown.settings.method, shown.dimensions)
            self._maps[key] = shown
            if self.current is shown:
                self.pointsChanged.emit()
        self.changed.emit()

    def _finish(self) -> None:
        self.making = None
        self._impatience.stop()

    def _give_up(self, problem: AnyProblem) -> None:
        self.follows = False
        self.changed.emit()
        self.problemRaised.emit(problem)

    @Slot()
    def _lose_patience(self) -> None:
        if self._process is not None:
            self._killed = True
            self._process.kill()

    @Slot(str)
    def _lose(self, how: str) -> None:
        """The process has ended: the map stays as it was seen last, and another can go on."""
        making, killed = self.making, self._killed
        self._killed = False
        if self._process is not None:
            self._process.deleteLater()
            self._process = None
        self._finish()
        self.changed.emit()
        if making is not None and making.path is not None:
            making.path.unlink(missing_ok=True)
        if making is not None and not killed:
            self._give_up(MapRefused("ended", making.settings.method, 0, how))

    # ── following the session ─────────────────────────────────────────────────────────────────

    @Slot()
    def _follow(self) -> None:
        self._turn()
        shown, current = self._session.shown, self.current
        if not self.follows or self.making is not None or shown is None or self.method == "pca":
            return
        if current is None:
            self.start()
        elif current.step != shown.step or current.rows != len(shown.rows):
            self._begin(current, replace(self.settings, iterations=FOLLOWING))

    @Slot()
    def _forget(self) -> None:
        """Another run: its rows are others, and what is being made is of no use."""
        if self.making is not None and self._process is not None:
            self._process.send(Stop())
        self._finish()
        had_points = bool(self._maps)
        self._maps.clear()
        self.changed.emit()
        if had_points:
            self.pointsChanged.emit()
        self._make_if_quick()

    @Slot()
    def _turn(self) -> None:
        if self.dimensions != self._turned_to:
            self._turned_to = self.dimensions
            if self.method != "pca":
                self._show_other()

    @Slot()
    def _show_other(self) -> None:
        self.changed.emit()
        self.pointsChanged.emit()
        self._make_if_quick()

    def _make_if_quick(self) -> None:
        """Make the map that is to be shown, unless it is there or takes long."""
        if self.method == "pca" or self.current is not None:
            return
        wanted = (self.method, self.dimensions)
        making = self.making
        if making is not None and (making.settings.method, making.dimensions) == wanted:
            return
        if self.available() and self.seconds() <= AT_ONCE_SECONDS:
            self.start()


class _Writing:
    """Writes the rows of a map into a file, in a thread; gives back what asks for the map."""

    def __init__(self, hold: Hold, ids: NDArray[np.int64], grow: Grow) -> None:
        self._hold, self._ids, self._grow = hold, ids, grow

    def __call__(self, _progress: Progress) -> Grow:
        """Raises `ProblemError(TooMuchMemory)`."""
        with self._hold as hold:
            assert hold.rows is not None
            return replace(self._grow, path=str(write_rows(hold.rows, self._ids)))
