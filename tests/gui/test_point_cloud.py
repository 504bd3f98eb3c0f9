"""Dots as pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PySide6.QtGui import QColor

from gui.canvas.dot_image import DotImage
from gui.canvas.dot_shades import dot_side, palette_of
from gui.canvas.lens import PIECE, Lens
from gui.canvas.point_cloud import Cloud, DotPainter

INK = QColor(10, 200, 30)
OTHER = QColor(250, 5, 130)
MUTED = QColor(90, 90, 90)
PALETTE = palette_of(
    np.array([(c.red(), c.green(), c.blue()) for c in (INK, OTHER)], np.uint8), MUTED
)
NAN = float("nan")
OPAQUE = 248  # the last three bits are a lot
AS_IT_IS = Lens((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), (0.0, 0.0))  # points are pixels already
IN_DEPTH = Lens((0.0,) * 3, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)), (0.0, 0.0))


def image_of(screen: object, side: int = 3, strength: float = 0.7, **more: object) -> DotImage:
    points = np.asarray(screen, np.float32)
    points = points.reshape(-1, 2) if not points.size else points
    lens = AS_IT_IS if points.shape[1] == 2 else IN_DEPTH
    return DotPainter().paint(Cloud(points, lens, 40, 30, **more), PALETTE, side, strength)


def alphas(screen: object, **more: object) -> np.ndarray:
    return (image_of(screen, **more).pixels >> 24).astype(int)


def test_a_point_is_in_the_middle_of_its_dot() -> None:
    # Three pixels a side around (20, 10): rows 9 … 11, columns 19 … 21.
    found = alphas([[20.4, 10.4]])
    assert np.argwhere(found).tolist() == [[y, x] for y in (9, 10, 11) for x in (19, 20, 21)]


@pytest.mark.parametrize(("x", "columns"), [(19.6, [19, 20]), (20.4, [19, 20]), (20.6, [20, 21])])
def test_the_middle_of_an_even_dot_is_between_two_pixels(x: float, columns: list[int]) -> None:
    found = alphas([[x, 10]], side=2)
    assert np.flatnonzero(found.any(axis=0)).tolist() == columns


@pytest.mark.parametrize("side", [1, 2, 3, 4, 5])
def test_a_dot_in_the_corner_is_cut_off(side: int) -> None:
    for x, y in ((0, 0), (39.4, 29.4)):
        found = alphas([[x, y]], side=side)
        assert found[int(y), int(x)]
        rows, columns = np.nonzero(found)
        assert np.ptp(rows) < side
        assert np.ptp(columns) < side


def test_what_is_outside_or_nowhere_draws_nothing() -> None:
    outside = [[-1, 5], [40.6, 5], [5, -1], [5, 30.6], [NAN, NAN], [1e30, 5], [-1e30, -1e30]]
    for side in (1, 2, 3, 4):
        assert not alphas(outside, side=side).any()
    assert not alphas([]).any()


def test_dots_on_one_another_are_stronger() -> None:
    found = alphas([[5, 5], [20, 10], [20, 10], [30, 20], [30, 20], [30, 20], [30, 20]])
    assert 0 < found[5, 5] < found[10, 20] < found[20, 30]
    assert found[20, 30] >= OPAQUE


def test_more_points_than_can_be_told_apart_are_opaque() -> None:
    found = alphas([[5, 5]] * 70_000 + [[20, 10]])  # more than 16 bits can count
    assert found[5, 5] >= OPAQUE
    assert 0 < found[10, 20] < OPAQUE


def test_the_farther_the_fainter() -> None:
    found = alphas([[5, 5, -2], [20, 10, 0], [30, 20, 2]], reach=2.0)
    assert 0 < found[5, 5] < found[10, 20] < found[20, 30]


def test_in_depth_the_nearest_has_its_colour() -> None:
    codes = np.array([0, 1, 1, 0, 1], np.uint8)
    points = [[20, 10, 1], [20, 10, -1], [5, 5, -1], [5, 5, -0.5], [5, 5, 0.5]]
    image = image_of(points, codes=codes, reach=1.0).image
    assert hue(image.pixelColor(20, 10)) == hue(INK)
    assert hue(image.pixelColor(5, 5)) == hue(OTHER)


def alike(one: QColor, other: QColor) -> bool:
    """But for the rounding of premultiplied colours."""
    channels = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(mine - its) <= 2 for mine, its in channels)


def hue(colour: QColor) -> str:
    return max(("red", "green", "blue"), key=lambda name: getattr(colour, name)())


def test_pixels_are_premultiplied_and_carry_the_ink() -> None:
    image = image_of([[5, 5]] * 4 + [[20, 10]]).image
    assert alike(image.pixelColor(5, 5), INK)
    faint = image.pixelColor(20, 10)
    assert faint.alpha() < 255
    assert abs(faint.green() - INK.green()) <= 2


def test_codes_are_colours_and_255_has_none() -> None:
    codes = np.array([0, 1, 255], np.uint8)
    image = image_of([[5, 5], [20, 10], [30, 20]], codes=codes, strength=1.0).image
    found = [image.pixelColor(x, y) for x, y in ((5, 5), (20, 10), (30, 20))]
    assert all(map(alike, found, [INK, OTHER, MUTED]))


def test_colours_on_one_pixel_are_seen_in_proportion_whatever_their_order() -> None:
    # 8 points on each of 1,200 pixels, 2 of them of the other colour: of 1,200 lots about 300
    # fall to it, give or take √(1200 · ¼ · ¾) = 15.
    x, y = np.meshgrid(np.arange(40), np.arange(30))
    pixels = np.column_stack([x.ravel(), y.ravel()])
    for first in (0, 1):
        points = np.concatenate([pixels] * 8)
        codes = np.full(len(points), first, np.uint8)
        codes[: 2 * len(pixels)] = 1 - first
        image = image_of(points, codes=codes, side=1, strength=1.0).image
        rare = (OTHER, INK)[first]
        hits = sum(alike(image.pixelColor(a, b), rare) for a in range(40) for b in range(30))
        assert 240 < hits < 360


def test_the_same_points_give_the_same_picture_again() -> None:
    generator = np.random.default_rng(0)
    points = generator.uniform(0, 30, (3 * PIECE, 2)).astype(np.float32)
    codes = generator.integers(0, 2, len(points), np.uint8)
    one = image_of(points, codes=codes).pixels.copy()
    assert (image_of(points, codes=codes).pixels == one).all()


def test_what_is_faint_is_behind_what_is_not() -> None:
    faint = np.array([True, False, True, False])
    codes = np.array([0, 1, 0, 1], np.uint8)
    points = [[5, 5], [5, 5], [20, 10], [30, 20]]
    picture = image_of(points, codes=codes, faint=faint)
    lit = picture.image.pixelColor(5, 5)
    assert hue(lit) == hue(OTHER)
    assert picture.image.pixelColor(20, 10).alpha() < lit.alpha()
    # Nor do those behind it make it stronger: it is one point.
    assert abs(lit.alpha() - picture.image.pixelColor(30, 20).alpha()) < 8


def test_a_dense_screen_gets_more_pixels_for_the_same_picture() -> None:
    picture = image_of([[20, 10]], side=6, device_ratio=2.0)
    assert picture.pixels.shape[0] == 60
    assert picture.image.deviceIndependentSize().toTuple() == (40, 30)
    rows, columns = np.nonzero(picture.pixels)
    # 3 × 2 = 6 device pixels a side, around (40, 20).
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (17, 22, 37, 42)


def test_dots_of_a_large_cloud_are_smaller() -> None:
    assert [dot_side(n, 1.0) for n in (1_000, 100_000, 1_000_000)] == [3, 2, 2]


def test_the_order_of_points_of_one_colour_does_not_matter() -> None:
    places = np.random.default_rng(0).uniform(0, 30, (500, 2)).astype(np.float32)
    assert (image_of(places).pixels == image_of(places[::-1]).pixels).all()


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("side", [1, 2, 3, 4])
def test_covered_squares_are_those_of_the_dots(side: int, ratio: float) -> None:
    points = np.random.default_rng(side).uniform((1, 1), (38, 28), (12, 2)).astype(np.float32)
    image = image_of(points, side=side, device_ratio=ratio)
    covered = image.covered(5)
    assert covered.shape == (6, 8)  # 40 × 30 pixels in squares of 5
    touched = set(map(tuple, (np.argwhere(image.pixels) // (5 * ratio)).astype(int).tolist()))
    told = set(map(tuple, np.argwhere(covered).tolist()))
    assert told <= touched
    for x, y in (points // 5).astype(int).tolist():
        around = {(y + a, x + b) for a in (-1, 0, 1) for b in (-1, 0, 1)}
        assert told & around


screens = arrays.arrays(
    np.float32,
    st.tuples(st.integers(0, 60), st.just(2)),
    elements=st.floats(-50, 90, width=32) | st.just(NAN),
)


@given(screens, st.integers(1, 4))
def test_few_points_and_many_are_painted_alike(screen: np.ndarray, side: int) -> None:
    """Few are followed one by one, many are found again on the picture."""
    few = image_of(screen, side=side)
    nowhere = np.full((400, 2), NAN, np.float32)  # more than a quarter of 40 × 30 pixels
    many = image_of(np.concatenate([screen, nowhere]), side=side)
    assert (few.pixels == many.pixels).all()


@given(screens, st.integers(1, 4))
def test_every_point_in_the_picture_is_drawn_where_it_is(screen: np.ndarray, side: int) -> None:
    found = alphas(screen, side=side)
    within = (screen >= 0).all(axis=1) & (screen < (40, 30)).all(axis=1)
    for x, y in screen[within].astype(int).tolist():
        assert found[max(y - 1, 0) : y + 1, max(x - 1, 0) : x + 1].any()
    assert found.any() or not within.any()
