"""The colours of points stand out from their ground, and tell one value from another."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from core.colour_scale import COLOURS
from gui import palettes
from gui.oklab import lab
from gui.theme import DARK, LIGHT, Theme, contrast
from tests.gui.test_theme import GRAPHICS, WITHOUT_GREEN, WITHOUT_RED, seen

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
VISIONS = pytest.mark.parametrize(
    "vision", [np.eye(3), WITHOUT_RED, WITHOUT_GREEN], ids=["all", "p", "d"]
)


def colours(palette: np.ndarray) -> list[QColor]:
    return [QColor(*map(int, each)) for each in palette]


@THEMES
def test_there_is_a_colour_for_every_code(theme: Theme) -> None:
    assert palettes.ramp(theme).shape == (COLOURS, 3)
    assert palettes.groups(theme).shape == (9, 3)
    assert palettes.ramp(theme) is palettes.ramp(theme)


@THEMES
def test_every_colour_stands_out_from_the_ground(theme: Theme) -> None:
    for colour in (*colours(palettes.ramp(theme)), *colours(palettes.groups(theme))):
        assert contrast(colour, theme.surface) >= GRAPHICS, colour.name()


@THEMES
def test_more_is_always_lighter_in_the_dark_and_darker_in_the_light(theme: Theme) -> None:
    lightness = np.array([lab(colour)[0] for colour in colours(palettes.ramp(theme)[::8])])
    steps = np.diff(lightness) if theme is DARK else -np.diff(lightness)
    assert steps.min() > 0.003
    assert steps.max() < 0.022  # no leap either


@THEMES
@VISIONS
def test_a_sixteenth_of_the_scale_can_be_seen_by_everyone(theme: Theme, vision: np.ndarray) -> None:
    looks = np.array([seen(colour, vision) for colour in colours(palettes.ramp(theme)[::16])])
    assert np.linalg.norm(np.diff(looks, axis=0), axis=1).min() > 3  # 2.3: just noticeable


@THEMES
@VISIONS
def test_a_tie_looks_like_no_group(theme: Theme, vision: np.ndarray) -> None:
    *groups, tie = (seen(colour, vision) for colour in colours(palettes.groups(theme)))
    assert min(np.linalg.norm(tie - each) for each in groups) >= 20


@THEMES
@VISIONS
def test_no_value_does_not_look_like_any(theme: Theme, vision: np.ndarray) -> None:
    none = seen(theme.muted, vision)
    assert min(np.linalg.norm(none - seen(c, vision)) for c in colours(palettes.ramp(theme))) > 6
    assert min(np.linalg.norm(none - seen(c, vision)) for c in colours(palettes.groups(theme))) > 12
