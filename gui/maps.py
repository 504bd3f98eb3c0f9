"""Nonlinear maps of the rows: which method is chosen, the map of each, which follows training."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, SignalInstance, Slot

from core.maps.sample import most_frequent
from core.maps.settings import (
    MapSettings,
    Method,
    default_settings,
    estimated_seconds,
    is_installed,
)
from core.problems import AnyProblem
from core.projected import Projected
from gui.map_maker import MapMaker
from gui.session_sides import WithRows, WithWords
from gui.shown_map import Making, ShownMap

Choice = Literal["pca", "tsne", "umap"]

AT_ONCE_SECONDS = 15.0
"""A map that takes longer is not made before somebody asks for it."""

FOLLOWING = 20
"""Iterations for each step that is followed."""


class Place(WithRows, WithWords, Protocol):
    """What is needed of the session."""

    viewTurned: SignalInstance


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
        self._maker = MapMaker(self)
        self._settings: dict[Method, MapSettings] = {}  # those that somebody chose
        self._maps: dict[tuple[Method, int], ShownMap] = {}
        self._fitted: tuple[object, object, NDArray[Any]] | None = None
        self._counted: tuple[object, int] = (None, 0)
        self._numbers = 0
        self._turned_to = 2
        self._maker.changed.connect(self.changed)
        self._maker.drawn.connect(self._put)
        self._maker.made.connect(self._follow)
        self._maker.failed.connect(self._give_up)
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
    def making(self) -> Making | None:
        """The map under way."""
        return self._maker.making

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

    @property
    def can_make(self) -> bool:
        """Whether what makes such maps is installed; one that was kept can be seen without it."""
        return self.method == "pca" or is_installed(self.method)

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
        self._maker.stop()

    def set_follows(self, follows: bool) -> None:
        """Let the map move with the training."""
        if follows != self.follows:
            self.follows = follows
            self.changed.emit()
            self._follow()

    @property
    def chosen_settings(self) -> tuple[MapSettings, ...]:
        """The settings that somebody chose, of one method or both."""
        return tuple(self._settings.values())

    @property
    def shown_maps(self) -> tuple[ShownMap, ...]:
        """All maps there are, of whichever method and number of dimensions."""
        return tuple(self._maps.values())

    def show_again(
        self,
        method: Choice,
        settings: Iterable[MapSettings],
        maps: Iterable[ShownMap],
        dimensions: int,
    ) -> None:
        """Show what was shown once: these `maps`, which are of the run on screen.

        The points will soon have so many `dimensions`; a map that is missing is made if that is
        quick.
        """
        self.set_follows(False)
        self._maker.give_up()
        self.method = method
        self._settings = {each.method: each for each in settings}
        self._maps = {(each.settings.method, each.dimensions): each for each in maps}
        self.changed.emit()
        self.pointsChanged.emit()
        if dimensions == self.dimensions:
            self._make_if_quick()

    def close(self) -> None:
        """End the process and the threads."""
        self.follows = False
        self._maker.close()

    def process_id(self) -> int:
        """The system's id of the process that makes maps; 0 while there is none."""
        return self._maker.process_id()

    # ── making one ────────────────────────────────────────────────────────────────────────────

    def _begin(self, before: ShownMap | None, settings: MapSettings) -> None:
        if not self.can_make:  # before rows are held that nobody would let go of
            return
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
        making = Making(
            self._numbers,
            settings,
            self.dimensions,
            ids,
            len(able),
            len(projected.points),
            shown.step,
            _is_pca(projected),
            before,
        )
        self._maker.begin(making, hold, projected.points)

    @Slot(object)
    def _put(self, shown: ShownMap) -> None:
        """Show a map as it is by now."""
        self._maps[shown.settings.method, shown.dimensions] = shown
        if self.current is shown:
            self.pointsChanged.emit()

    @Slot(object)
    def _give_up(self, problem: AnyProblem) -> None:
        self.follows = False
        self.changed.emit()
        self.problemRaised.emit(problem)

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
        self._maker.give_up()
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
        if self.can_make and self.available() and self.seconds() <= AT_ONCE_SECONDS:
            self.start()


def _is_pca(projected: Projected) -> bool:
    """Whether the view is that of the first principal components of these very rows."""
    if projected.policy != "follow" or any(axis.kind != "pc" for axis in projected.axes):
        return False
    first = tuple(range(1, len(projected.axes) + 1))
    return not projected.numbers or tuple(sorted(projected.numbers)) == first
