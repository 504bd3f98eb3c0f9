"""The view of a project in its file: its JSON, and its arrays among those of the runs."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from core.axes import ShownAxes
from core.project.view import Looked, MapPoints, View

Arrays = Mapping[str, NDArray[Any]]
CROOKED = 1e-3  # how far axes may be from unit length and right angles


class BadViewError(Exception):
    """The view cannot be used; the message is for a person."""


def arrays_of(looked: Looked) -> Iterator[tuple[str, NDArray[Any]]]:
    """The arrays of a view, by the names that they have in the file."""
    if looked.axes is not None:
        yield "view/basis", looked.axes.basis
        yield "view/centre", looked.axes.centre
    for number, each in enumerate(looked.maps):
        yield f"view/maps/{number}/ids", each.ids
        yield f"view/maps/{number}/points", each.points


def read_view(built: object, arrays: Arrays, rows: int, columns: int) -> Looked:
    """The view in `built` and `arrays`, of a table with so many rows and columns.

    Raises `BadViewError`.
    """
    try:
        view = msgspec.convert(built, View)
    except msgspec.ValidationError as error:
        raise BadViewError(str(error)) from error
    maps = () if view.maps is None else view.maps.maps
    points = tuple(
        _points(arrays, number, rows, each.dimensions) for number, each in enumerate(maps)
    )
    return Looked(view, _axes(arrays, columns, view), points)


def _points(arrays: Arrays, number: int, rows: int, dimensions: int) -> MapPoints:
    ids = arrays.get(f"view/maps/{number}/ids")
    points = arrays.get(f"view/maps/{number}/points")
    if ids is None or points is None:
        raise BadViewError(f"map {number} has no points")
    fits = (
        ids.dtype == np.int64
        and points.dtype == np.float32
        and ids.ndim == 1
        and points.shape == (len(ids), dimensions)
    )
    if not fits or (len(ids) and not (ids.min() >= 0 and ids.max() < rows)):
        raise BadViewError(f"the points of map {number} are not those of its rows")
    if np.isinf(points).any():
        raise BadViewError(f"map {number} has points that are nowhere")
    return MapPoints(ids, points)


def _axes(arrays: Arrays, columns: int, view: View) -> ShownAxes | None:
    basis, centre = arrays.get("view/basis"), arrays.get("view/centre")
    if basis is None or centre is None:
        return None
    fits = (
        basis.dtype == centre.dtype == np.float64
        and basis.shape == (columns, view.dimensions)
        and centre.shape == (columns,)
        and np.isfinite(basis).all()
        and np.isfinite(centre).all()
    )
    if not fits or not np.allclose(basis.T @ basis, np.eye(view.dimensions), atol=CROOKED):
        raise BadViewError("the axes of Space are no axes of its table")
    if len(view.named) not in (0, view.dimensions):
        raise BadViewError("the axes of Space have other names")
    return ShownAxes(basis, centre, view.since, view.named)
