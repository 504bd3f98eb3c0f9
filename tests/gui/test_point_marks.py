"""Marks of points as pixels."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from gui.canvas.point_marks import Mark, MarkStamps
from gui.theme import LIGHT

SIDE = 140  # pixels


def alphas(stamps: MarkStamps, places: list[tuple[float, float]], mark: Mark) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    image.setDevicePixelRatio(stamps.device_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    stamps.draw(painter, mark, places, 5.0)
    painter.end()
    return np.array(image.constBits()).reshape(SIDE, SIDE, 4)[..., 3].astype(float)


@pytest.mark.parametrize("mark", [Mark.POINT, Mark.TOUCHED, Mark.UNKNOWN])
@pytest.mark.parametrize("place", [(40.0, 30.0), (40.2, 29.7), (39.5, 30.5), (40.77, 30.9)])
def test_many_marks_are_where_each_would_be_alone(
    qtbot: QtBot, mark: Mark, place: tuple[float, float]
) -> None:
    stamps = MarkStamps(LIGHT, 1.0)
    # The same mark on the same pixels again covers what its edge lets through: 64 times is opaque.
    many = alphas(stamps, [place] * 64, mark)
    rows, columns = np.nonzero(many > 128)
    # The middle of a pixel is half a pixel from its number.
    assert columns.mean() + 0.5 == pytest.approx(place[0], abs=0.6)
    assert rows.mean() + 0.5 == pytest.approx(place[1], abs=0.6)


def test_many_marks_move_by_quarters_of_a_pixel(qtbot: QtBot) -> None:
    stamps = MarkStamps(LIGHT, 1.0)
    apart = [(10.0 + 16 * (number % 8), 10.0 + 16 * (number // 8)) for number in range(64)]
    middles = []
    for step in np.arange(0, 1, 0.125):
        found = alphas(stamps, [(x + float(step), y) for x, y in apart], Mark.TOUCHED)
        middles.append(float((found.sum(axis=0) * np.arange(SIDE)).sum() / found.sum()))
    ways = np.diff(middles)
    assert (ways >= -0.01).all()
    assert sum(ways) == pytest.approx(0.875, abs=0.15)
    assert max(ways) < 0.35


def test_a_few_marks_are_where_they_would_be_among_many(qtbot: QtBot) -> None:
    stamps = MarkStamps(LIGHT, 1.0)
    apart = [(10.0 + 16.37 * (number % 8), 10.4 + 16.21 * (number // 8)) for number in range(64)]
    together = alphas(stamps, apart, Mark.TOUCHED)
    for number in (0, 1, 10, 63):
        alone = alphas(stamps, [apart[number]], Mark.TOUCHED)
        assert alone.any()
        assert np.array_equal(alone[alone > 0], together[alone > 0])


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("count", [1, 64])
def test_marks_are_where_they_belong_at_any_size_of_pixels(
    qtbot: QtBot, ratio: float, count: int
) -> None:
    stamps = MarkStamps(LIGHT, ratio)
    for place in ((30.0, 30.0), (30.3, 29.9), (31.7, 30.6)):
        found = alphas(stamps, [place] * count, Mark.TOUCHED)
        for axis, expected in ((0, place[0]), (1, place[1])):
            along = found.sum(axis=axis)
            middle = float((along * (np.arange(SIDE) + 0.5)).sum() / along.sum())
            assert middle == pytest.approx(expected * ratio, abs=0.35)
