"""How a session is looked at, for its project, and looking at it so again.

What is seen of it that no session knows, as the tab and the part of Space, is `gui.window_view`'s.
"""

from collections.abc import Callable
from typing import cast, get_args

import numpy as np

from core.axes import MOST_COMPONENTS, ShownAxes
from core.project.view import (
    LayersView,
    Looked,
    MapPoints,
    MapsView,
    MapView,
    SearchView,
    View,
)
from gui.colour_work import Choice
from gui.session import Session
from gui.shown_map import ShownMap

Complete = Callable[[View], View]


def looked_at(session: Session, complete: Complete) -> Looked:
    """How `session` is looked at; `complete` adds what it does not know itself."""
    vocabulary, axes, colouring = session.vocabulary, session.chosen_axes, session.colouring
    shown_axes = _shown_axes(session)
    maps = session.maps.shown_maps
    view = View(
        3 if session.dimensions == 3 else 2,
        session.axes,
        axes.numbers,
        tuple(str(each) for each in axes.words),
        tuple(vocabulary.token(id_) for id_ in session.selection),
        session.shown_only.tokens,
        colouring.choice,
        colouring.cluster_count,
        session.speed,
        0 if shown_axes is None else shown_axes.since,
        () if shown_axes is None else shown_axes.numbers,
        layers=_layers(session),
        maps=MapsView(
            session.maps.method, session.maps.chosen_settings, tuple(_told(each) for each in maps)
        ),
        search=SearchView(session.search.text, session.search.mode),
    )
    points = tuple(_points(each, len(vocabulary)) for each in maps)
    return Looked(complete(view), shown_axes, points)


def _shown_axes(session: Session) -> ShownAxes | None:
    """The axes on screen, where they are components: others are found again as they are."""
    shown = session.shown
    if shown is None or any(axis.kind != "pc" for axis in shown.projected.axes):
        return None
    projected = shown.projected
    if projected.basis.shape[1] != session.dimensions:  # those that were asked for are to come
        return None
    named = projected.exact and all(axis.number <= MOST_COMPONENTS for axis in projected.axes)
    numbers = tuple(axis.number for axis in projected.axes) if named else ()
    return ShownAxes(projected.basis, projected.centre, projected.since, numbers)


def _layers(session: Session) -> LayersView:
    layers = session.layers
    return LayersView(layers.path, layers.mean, layers.pooled, layers.labels)


def _told(shown: ShownMap) -> MapView:
    return MapView(
        shown.settings,
        3 if shown.dimensions == 3 else 2,
        shown.of,
        shown.step,
        shown.scale,
        shown.beside_pca,
        shown.complete,
        shown.neighbours,
        shown.left_out,
        shown.trust,
        shown.trusted,
    )


def _points(shown: ShownMap, rows: int) -> MapPoints:
    """The points of a map, but for those of rows that an undone edit has removed since."""
    ids = shown.ids[shown.ids < rows].astype(np.int64)
    return MapPoints(ids, shown.points[ids])


# ── looking at it so again ────────────────────────────────────────────────────────────────────


def look_at(session: Session, looked: Looked) -> None:
    """Look at `session` so; what is not there any more is left out."""
    view = looked.view
    session.set_dimensions(view.dimensions)
    session.set_axes(view.axes)
    if view.directions:
        session.chosen_axes.show_directions(view.directions)
    elif view.components and view.components != session.chosen_axes.numbers:
        session.chosen_axes.show_components(view.components)
    if view.picked is not None:
        ids = [session.vocabulary.id(token) for token in view.picked]
        session.select(id_ for id_ in ids if id_ is not None)
    if view.only:
        session.shown_only.show(view.only)
    else:
        session.shown_only.show_all()
    if looked.axes is not None and not view.directions:
        session.chosen_axes.show_again(looked.axes)
    session.colouring.set_cluster_count(view.clusters)
    if view.colour is None or view.colour in get_args(Choice):
        session.colouring.choose(cast(Choice | None, view.colour))
    if view.layers is not None:
        _draw(session, view.layers)
    if view.maps is not None:
        _map(session, view.maps, looked.maps)
    if view.search is not None:
        session.search.set_mode(view.search.mode)
        session.search.look_for(view.search.text)
    session.set_speed(view.speed)


def _draw(session: Session, wanted: LayersView) -> None:
    layers = session.layers
    layers.set_path(wanted.path)
    layers.set_mean(wanted.mean)
    layers.set_pooled(wanted.pooled)
    layers.set_labels(wanted.labels)


def _map(session: Session, wanted: MapsView, points: tuple[MapPoints, ...]) -> None:
    rows = len(session.vocabulary)
    pairs = zip(wanted.maps, points, strict=True)
    shown = [_shown(told, each, rows) for told, each in pairs]
    session.maps.show_again(wanted.method, wanted.settings, shown, session.dimensions)


def _shown(told: MapView, saved: MapPoints, rows: int) -> ShownMap:
    points = np.full((rows, told.dimensions), np.nan, np.float32)
    points[saved.ids] = saved.points
    return ShownMap(
        told.settings,
        points,
        saved.ids,
        told.of,
        told.step,
        told.scale,
        told.beside_pca,
        told.complete,
        told.neighbours,
        told.left_out,
        told.trust,
        told.trusted,
    )
