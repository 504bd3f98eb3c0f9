"""A map beside a table that has changed since."""

from dataclasses import replace

import numpy as np

from core.maps.settings import MapSettings
from gui.shown_map import ShownMap

NAN = np.nan
POINTS = np.array([[0, 0], [1, 1], [NAN, NAN], [3, 3]], np.float32)
MAP = ShownMap(MapSettings(), POINTS, np.array([0, 1, 3]), 4, 7, 2.0, beside_pca=True)


def placed(points: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isfinite(points[:, 0])).tolist()


def test_beside_the_same_rows_it_is_itself() -> None:
    assert MAP.fitted(np.zeros((4, 2), np.float32)) is POINTS


def test_rows_that_are_new_have_no_place() -> None:
    fitted = MAP.fitted(np.zeros((6, 2), np.float32))
    assert fitted.shape == (6, 2)
    assert placed(fitted) == [0, 1, 3]


def test_of_fewer_rows_only_those_are_left() -> None:
    fitted = MAP.fitted(np.zeros((2, 2), np.float32))
    assert fitted.tolist() == [[0, 0], [1, 1]]


def test_what_the_view_leaves_out_is_left_out() -> None:
    view = np.zeros((4, 2), np.float32)
    view[1] = NAN
    assert placed(MAP.fitted(view)) == [0, 3]
    assert placed(POINTS) == [0, 1, 3]  # it may come back
    view[2] = NAN  # it has no place anyhow
    view[1] = 0
    assert MAP.fitted(view) is POINTS


def test_it_goes_on_from_the_points_that_it_has() -> None:
    start = MAP.start_of(np.array([1, 2, 3, 5]))
    assert start[[0, 2]].tolist() == [[1, 1], [3, 3]]
    assert placed(start) == [0, 2]  # places in the list: row 2 had none, and row 5 was not there
    assert replace(MAP, points=POINTS[:2], ids=np.array([0, 1])).rows == 2
