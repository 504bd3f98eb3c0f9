"""Dots as pixels."""

import numpy as np
from PySide6.QtGui import QColor

from gui.canvas.point_cloud import dot_side, dots

INK = QColor(10, 200, 30)
NAN = float("nan")


def alphas(screen: list[list[float]], **settings: object) -> np.ndarray:
    points = np.array(screen, np.float32).reshape(-1, 2)
    return (dots(points, 40, 30, INK, **settings).pixels >> 24).astype(int)


def test_a_point_is_in_the_middle_of_its_dot() -> None:
    found = alphas([[20, 10]])
    # Three pixels a side around (20, 10): rows 9 … 11, columns 19 … 21.
    assert np.argwhere(found).tolist() == [[y, x] for y in (9, 10, 11) for x in (19, 20, 21)]


def test_what_is_outside_or_nowhere_draws_nothing() -> None:
    assert not alphas([[-1, 5], [40, 5], [5, -1], [5, 30], [NAN, NAN], [1e30, 5]]).any()
    assert not alphas([]).any()


def test_dots_on_one_another_are_stronger() -> None:
    found = alphas([[5, 5], [20, 10], [20, 10], [30, 20], [30, 20], [30, 20], [30, 20]])
    assert 0 < found[5, 5] < found[10, 20] < found[20, 30] == 255


def test_the_farther_the_fainter() -> None:
    found = alphas([[5, 5], [20, 10], [30, 20]], near=np.array([0, 0.5, 1], np.float32))
    assert 0 < found[5, 5] < found[10, 20] < found[20, 30]


def test_pixels_are_premultiplied_and_carry_the_ink() -> None:
    image = dots(np.array([[5, 5]] * 4 + [[20, 10]], np.float32), 40, 30, INK).image
    assert image.pixelColor(5, 5) == INK
    faint = image.pixelColor(20, 10)
    assert faint.alpha() < 255
    assert abs(faint.green() - INK.green()) <= 2


def test_a_dense_screen_gets_more_pixels_for_the_same_picture() -> None:
    picture = dots(np.array([[20, 10]], np.float32), 40, 30, INK, device_ratio=2.0)
    assert picture.pixels.shape[0] == 60
    assert picture.image.deviceIndependentSize().toTuple() == (40, 30)
    rows, columns = np.nonzero(picture.pixels)
    # 3 × 2 = 6 device pixels a side, around (40, 20).
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (17, 22, 37, 42)


def test_dots_of_a_large_cloud_are_smaller() -> None:
    assert [dot_side(n, 1.0) for n in (1_000, 100_000, 1_000_000)] == [3, 2, 2]


def test_the_order_of_points_does_not_matter() -> None:
    places = np.random.default_rng(0).uniform(0, 30, (500, 2)).astype(np.float32)
    one, other = dots(places, 40, 30, INK), dots(places[::-1], 40, 30, INK)
    assert (one.pixels == other.pixels).all()


def test_places_have_a_pixel_of_every_dot() -> None:
    points = np.random.default_rng(0).uniform((1, 1), (38, 28), (40, 2)).astype(np.float32)
    places = dots(points, 40, 30, INK).places()
    farthest = max(np.abs(places - point).max(axis=1).min() for point in points)
    assert farthest <= 3
