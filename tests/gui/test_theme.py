"""Both themes can be read by everyone, and the map of values tells the truth."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from gui.icons import icon
from gui.theme import (
    DARK,
    LIGHT,
    READABLE,
    Theme,
    apply_theme,
    contrast,
    heat,
    heat_colour,
    heat_image,
    ink_on,
    mix,
    number_font,
    palette_of,
    theme_of,
)

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
GRAPHICS = 3.0  # the least contrast of what is drawn, WCAG 2.2 level AA


@pytest.fixture(autouse=True)
def theme_of_the_system_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "system")


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def test_contrast_is_that_of_the_standard() -> None:
    black, white, grey = QColor("black"), QColor("white"), QColor(119, 119, 119)
    assert contrast(black, white) == pytest.approx(21)  # (1 + .05) / (0 + .05)
    assert contrast(white, white) == 1
    # #777: ((119/255 + .055) / 1.055) ** 2.4 = .1845; 1.05 / .2345 = 4.48
    assert contrast(grey, white) == pytest.approx(4.48, abs=0.005)


@THEMES
@pytest.mark.parametrize(
    "ink", ["text", "muted", "accent", "warning", "unknown", "touched", "moved", "not_finite"]
)
@pytest.mark.parametrize("paper", ["window", "surface", "raised"])
def test_text_can_be_read(theme: Theme, ink: str, paper: str) -> None:
    assert contrast(getattr(theme, ink), getattr(theme, paper)) >= READABLE


@THEMES
def test_text_on_the_accent_can_be_read(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= READABLE


@THEMES
@pytest.mark.parametrize("role", ["WindowText", "Text", "ButtonText", "ToolTipText"])
def test_the_palette_can_be_read(theme: Theme, role: str) -> None:
    papers = {"WindowText": "Window", "Text": "Base", "ButtonText": "Button"}
    palette = palette_of(theme)
    ink = palette.color(getattr(QPalette.ColorRole, role))
    paper = palette.color(getattr(QPalette.ColorRole, papers.get(role, "ToolTipBase")))
    assert contrast(ink, paper) >= READABLE


@THEMES
def test_what_is_drawn_stands_out(theme: Theme) -> None:
    for colour in (*theme.series, theme.pad, theme.touched, theme.moved, theme.unknown):
        assert contrast(colour, theme.surface) >= GRAPHICS, colour.name()


# How a colour looks without one kind of cone, on linear light: Machado, Oliveira and Fernandes,
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009, severity 1.
WITHOUT_RED = np.array(
    [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]
)
WITHOUT_GREEN = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)


def seen(colour: QColor, vision: np.ndarray) -> np.ndarray:
    """`colour` in CIE L*a*b* (D65), as `vision` (3, 3) sees it."""
    channels = np.array(rgb(colour)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    x, y, z = to_xyz @ np.clip(vision @ linear, 0, 1) / np.array([0.9505, 1.0, 1.089])
    fx, fy, fz = (np.cbrt(t) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


@THEMES
@pytest.mark.parametrize("vision", [np.eye(3), WITHOUT_RED, WITHOUT_GREEN], ids=["all", "p", "d"])
def test_colours_can_be_told_apart_with_any_colour_vision(theme: Theme, vision: np.ndarray) -> None:
    # A difference of about 2.3 is just noticeable; small points need several times that.
    for one, other in combinations(theme.series, 2):
        distance = np.linalg.norm(seen(one, vision) - seen(other, vision))
        assert distance >= 25, (one.name(), other.name(), distance)
    ends = seen(theme.negative, vision), seen(theme.positive, vision)
    assert np.linalg.norm(ends[0] - ends[1]) >= 40


@THEMES
def test_heat_at_the_ends_at_zero_and_beyond(theme: Theme) -> None:
    values = np.array([[-9, -2, 0], [2, 9, np.nan], [np.inf, -np.inf, -0.0]], dtype=np.float32)
    colours = heat(values, 2.0, theme)
    assert colours.shape == (3, 3, 4)
    assert colours.dtype == np.uint8
    middle, low, high, odd = (
        [*rgb(c), 255] for c in (theme.middle, theme.negative, theme.positive, theme.not_finite)
    )
    assert colours.tolist() == [[low, low, middle], [high, high, odd], [odd, odd, middle]]


@THEMES
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_heat_of_every_precision(theme: Theme, dtype: type) -> None:
    largest = np.finfo(dtype).max
    values = np.asarray([-largest, 0, largest], dtype)
    assert heat(values, 1.0, theme).tolist() == heat([-1.0, 0.0, 1.0], 1.0, theme).tolist()


@THEMES
def test_a_stronger_value_looks_stronger(theme: Theme) -> None:
    def strength(value: float) -> float:
        return contrast(heat_colour(value, 1.0, theme), theme.middle)

    for sign in (-1, 1):
        strengths = [strength(sign * size) for size in np.linspace(0, 1, 30)]
        assert strengths == sorted(strengths)
        assert strengths[-1] >= GRAPHICS


@THEMES
def test_with_no_limit_only_signs_are_shown(theme: Theme) -> None:
    assert heat([-1e-9, 0.0, 5.0], 0.0, theme).tolist() == heat([-1, 0, 1], 1.0, theme).tolist()


@THEMES
def test_numbers_can_be_read_on_every_heat(theme: Theme) -> None:
    for value in (*np.linspace(-1, 1, 61), float("nan")):
        cell = heat_colour(float(value), 1.0, theme)
        assert contrast(ink_on(cell, theme), cell) >= READABLE


def test_heat_image_has_the_pixels_where_the_values_are() -> None:
    image = heat_image(np.array([[0.0, 1.0, -1.0], [-1.0, 0.0, 1.0]]), 1.0, LIGHT)
    assert image.size() == QSize(3, 2)
    assert rgb(image.pixelColor(1, 0)) == rgb(LIGHT.positive)
    assert rgb(image.pixelColor(0, 1)) == rgb(LIGHT.negative)


def test_mix_is_a_share_of_each_channel() -> None:
    # 0.75·(200, 100, 0) + 0.25·(100, 100, 200) = (175, 100, 50)
    assert rgb(mix(QColor(200, 100, 0), QColor(100, 100, 200), 0.25)) == (175, 100, 50)


@THEMES
def test_a_chosen_theme_reaches_every_widget(
    theme: Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    apply_theme(qapp, theme.name)
    qtbot.waitUntil(lambda: theme_of(widget) is theme)
    assert qapp.style().objectName() == "fusion"
    assert rgb(widget.palette().color(QPalette.ColorRole.Base)) == rgb(theme.surface)


@THEMES
def test_boxes_to_tick_can_be_seen(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    box = QCheckBox()
    qtbot.addWidget(box)
    box.show()
    apply_theme(qapp, theme.name)
    qtbot.waitUntil(lambda: theme_of(box) is theme)
    image = box.grab().toImage()
    outlined = max(
        contrast(image.pixelColor(x, image.height() // 2), theme.window)
        for x in range(image.width())
    )
    assert outlined >= 1.4 if theme is LIGHT else outlined >= GRAPHICS


def test_icons_take_the_colour_of_the_theme_without_being_made_anew(qapp: QApplication) -> None:
    stop = icon("stop")
    for theme in (LIGHT, DARK):
        apply_theme(qapp, theme.name)
        image = stop.pixmap(QSize(24, 24)).toImage()
        assert rgb(image.pixelColor(12, 12)) == rgb(theme.text)
        assert image.pixelColor(0, 0).alpha() == 0
        faint = stop.pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage()
        assert rgb(faint.pixelColor(12, 12)) != rgb(theme.text)


def test_every_icon_draws_something() -> None:
    drawings = sorted(Path("resources/icons").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        image = icon(drawing.stem).pixmap(QSize(24, 24)).toImage()
        drawn = sum(image.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))
        assert 20 < drawn < 24 * 24, drawing.name


def test_an_icon_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        icon("no-such-icon")


def test_figures_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetricsF(number_font(qapp.font()))
    assert len({metrics.horizontalAdvance(figure * 8) for figure in "0123456789"}) == 1


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_disabled_widget_is_of_the_same_theme(qtbot, theme: Theme) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(theme))
    widget.setEnabled(False)
    assert theme_of(widget) is theme
