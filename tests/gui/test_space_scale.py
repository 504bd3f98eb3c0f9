"""Scales: round numbers, written with as many places as they need."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter

from gui.canvas.axis_scale import Scales, name_box, numbers_of, round_step, tick_text, ticks
from gui.canvas.camera import Camera
from gui.canvas.view_range import Area, ViewRange
from gui.theme import DARK, LIGHT, Theme


@pytest.mark.parametrize(
    ("least", "step"), [(1, 1), (1.1, 2), (0.03, 0.05), (0.051, 0.1), (700, 1000), (2e-7, 2e-7)]
)
def test_steps_are_1_2_5_times_a_power_of_ten(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@given(st.floats(1e-12, 1e12))
def test_a_step_is_no_smaller_than_asked_and_at_most_two_and_a_half_times_it(least: float) -> None:
    assert 1 - 1e-8 <= round_step(least) / least <= 2.5 + 1e-8


def test_ticks_are_the_multiples_in_between() -> None:
    assert ticks(-0.6, 1.1, 0.5) == [-0.5, 0, 0.5, 1]


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0, 0.5, "0"),
        (0.5, 0.5, "0.5"),
        (-1, 0.5, "−1.0"),
        (0.15, 0.05, "0.15"),
        (200, 100, "200"),
        (3e-7, 1e-7, "3e−07"),
        (12e-7, 1e-7, "1.2e−06"),
        (2e6, 1e6, "2e+06"),
    ],
)
def test_numbers_have_the_places_of_their_step(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text


WIDE = Area(0, 0, 400, 300)
RANGE = ViewRange(0.0, 0.0, 100.0)


def picture_of(
    scales: Scales,
    shown: ViewRange = RANGE,
    area: Area = WIDE,
    size: float = 9.0,
    theme: Theme = LIGHT,
    grid: bool = False,
) -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(theme.surface)
    painter = QPainter(image)
    font = painter.font()
    font.setPointSizeF(size)
    painter.setFont(font)
    frame = QRectF(area.left, area.top, area.width, area.height)
    scales.draw(painter, shown, area, frame, theme, grid)
    painter.end()
    return image


@pytest.mark.parametrize(
    "change",
    [
        {"shown": ViewRange(0.3, 0.0, 100.0)},
        {"shown": ViewRange(0.0, 0.0, 130.0)},
        {"area": Area(0, 0, 300, 300)},
        {"size": 14.0},
        {"theme": DARK},
        {"grid": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_scales_that_are_kept_follow_what_is_shown(qapp: object, change: dict[str, Any]) -> None:
    kept = Scales()
    before = picture_of(kept)
    after = picture_of(kept, **change)
    assert after == picture_of(Scales(), **change)
    assert after != before
    assert picture_of(kept) == before


def test_numbers_keep_clear_of_the_names_of_the_axes(qapp: object) -> None:
    frame = QRectF(0, 0, 400, 300)
    metrics = QFontMetricsF(QFont())
    # 100 pixels for 1, at least 52 for a step: 0.6 → 1; across −2 … 2, of which the ends have no
    # room, down −1 … 1.
    found = numbers_of(RANGE, WIDE, frame, metrics, grid=False)
    assert [text for _, text in found.texts] == ["−1", "0", "1", "−1", "0", "1"]
    assert len(found.marks) == 5 + 3
    assert len(found.origin) == 2  # through 0, always
    assert not found.faint


@given(st.floats(-3.2, 3.2), st.floats(-1.6, 1.6))
def test_the_names_of_three_axes_never_overlap(turn: float, tilt: float) -> None:
    metrics = QFontMetricsF(QFont())
    names = ("cat → bread · 22%", "at a right angle · 27%", "at a right angle · 22%")
    directions = Camera(turn, tilt).basis()
    boxes: list[QRectF] = []
    for axis in np.argsort(directions[:, 2]).tolist():
        right, up, _ = directions[axis].tolist()
        boxes.append(name_box(names[axis], right, up, QPointF(76, 100), 28, metrics, boxes))
    for one, other in combinations(boxes, 2):
        assert not one.intersects(other)
    # The frame ends 52 pixels below the middle of the mark.
    assert max(box.bottom() for box in boxes) <= 100 + 52
    assert min(box.left() for box in boxes) >= 0
