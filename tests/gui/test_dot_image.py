"""A picture of dots has only the part that can have dots, and is the same picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.canvas.camera import Camera, sphere_of
from gui.canvas.dot_image import DotImage, part_of
from gui.canvas.dot_shades import palette_of
from gui.canvas.lens import Lens
from gui.canvas.point_cloud import Cloud, DotPainter
from gui.canvas.space_picture import Picture
from gui.canvas.space_scene import Scene
from gui.canvas.view_range import Area, ViewRange, bounds_of

WIDTH, HEIGHT = 90, 70
FRAME = QRectF(0, 0, WIDTH, HEIGHT)
PALETTE = palette_of(np.array([(10, 200, 30)], np.uint8), QColor(90, 90, 90))
AS_IT_IS = Lens((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)), (0.0, 0.0))  # points are pixels already


def painted(image: DotImage) -> np.ndarray:
    """(rows, columns) of the whole picture, in device pixels."""
    rows, columns = image.part.whole
    canvas = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
    canvas.setDevicePixelRatio(image.image.devicePixelRatioF())
    canvas.fill(0)
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    image.draw(painter)
    painter.end()
    return np.frombuffer(canvas.constBits(), np.uint32).reshape(rows, columns).copy()


def pictures(points: np.ndarray, side: int, ratio: float) -> list[DotImage]:
    """Without its extent and with it."""
    box = bounds_of(points)
    extent = None if box is None else Area(box.left, box.low, box.right, box.high)
    return [
        DotPainter().paint(
            Cloud(points, AS_IT_IS, WIDTH, HEIGHT, ratio, extent=known), PALETTE, side, 0.6
        )
        for known in (None, extent)
    ]


clouds = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 20), st.just(2)),
    elements=st.floats(20, 60, width=32) | st.floats(-200, 200, width=32) | st.just(np.nan),
)


@given(clouds, st.integers(1, 4), st.sampled_from([1.0, 1.25, 2.0]))
def test_a_part_has_all_of_the_picture(points: np.ndarray, side: int, ratio: float) -> None:
    whole, part = pictures(points, side, ratio)
    assert (painted(part) == painted(whole)).all()
    for square in (2, 3, 5):
        assert (part.covered(square) == whole.covered(square)).all()


def test_a_part_is_no_larger_than_it_must_be() -> None:
    # From 30 to 40 across, and a pixel for the dot and one for its middle on both sides: 28 … 43;
    # from the multiple of 12 before to the one after.
    part = part_of((70, 90), 1.0, Area(30, 50, 40, 52), 1)
    assert (part.left, part.left + part.columns) == (24, 48)
    assert (part.top, part.top + part.rows) == (48, 60)


@pytest.mark.parametrize("extent", [Area(-50, -50, -20, -20), Area(500, 500, 600, 600)])
def test_a_cloud_outside_needs_next_to_nothing(extent: Area) -> None:
    part = part_of((70, 90), 1.0, extent, 2)
    assert 0 < part.rows <= 12
    assert 0 < part.columns <= 12
    assert 0 <= part.left < 90
    assert 0 <= part.top < 70


def test_where_pixels_are_not_whole_the_part_is_all() -> None:
    part = part_of((105, 135), 1.5, Area(30, 50, 40, 52), 1)
    assert (part.top, part.left, part.rows, part.columns) == (0, 0, 105, 135)


def test_one_painter_paints_parts_of_all_sizes_in_the_same_memory() -> None:
    painter, generator = DotPainter(), np.random.default_rng(0)
    for spread in (5.0, 30.0, 2.0, 80.0, 10.0):
        points = generator.normal(40, spread, (3000, 2)).astype(np.float32)
        box = bounds_of(points)
        assert box is not None
        extent = Area(box.left, box.low, box.right, box.high)
        cloud = Cloud(points, AS_IT_IS, WIDTH, HEIGHT, extent=extent)
        again = painted(painter.paint(cloud, PALETTE, 2, 0.6))
        assert (again == painted(DotPainter().paint(cloud, PALETTE, 2, 0.6))).all()


@given(
    clouds,
    st.floats(-1e4, 1e4),
    st.sampled_from([1e-3, 1.0, 50.0, 1e6]),
    st.floats(-3, 3),
    st.booleans(),
)
def test_the_extent_of_a_picture_has_every_point(
    points: np.ndarray, far: float, scale: float, turn: float, deep: bool
) -> None:
    points = points + np.float32(far)
    camera, bounds, reach = Camera(), bounds_of(points), 1.0
    if deep:
        points = np.column_stack([points, points[:, 0]])
        sphere = sphere_of(points)
        if sphere is not None:
            camera, reach = Camera(turn=turn, pivot=sphere.centre), sphere.radius
            bounds = sphere.box()
    shown = ViewRange(0.0 if deep else far + 40.3, 0.0 if deep else far + 39.7, scale)
    picture = Picture(Scene(points), shown, camera, Area(5, 5, 85, 65), FRAME, 1.0, reach, bounds)
    extent = picture.extent
    assert (extent is None) == (not np.isfinite(points).all(axis=1).any())
    if extent is not None:
        seen = picture.screen[picture.inside]
        assert (seen >= (extent.left, extent.top)).all()
        assert (seen <= (extent.right, extent.bottom)).all()
