"""The colours of points: a ramp for values, and those of the series for groups.

The ramp begins near to the ground of the theme and gets lighter, or darker, all the way, so that
people with any colour vision, and a grey print, see the same order.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from core.colour_scale import COLOURS
from gui.oklab import lab, rgb, rgb_of
from gui.theme import DARK, LIGHT, Theme, ThemeName

_ANCHORS: dict[ThemeName, tuple[str, ...]] = {
    "light": ("#c98600", "#d4458a", "#9a36cc", "#5626b8", "#1c1058"),
    "dark": ("#7462ee", "#c357c4", "#f2706c", "#fbae4c", "#fdf59a"),
}

_TIE: dict[ThemeName, str] = {"light": "#000000", "dark": "#bbbb99"}


def ramp(theme: Theme) -> NDArray[np.uint8]:
    """uint8 (255, 3): the colours of the codes 0 … 254 of `core.colour_scale`."""
    return _ramp(theme.name)


def groups(theme: Theme) -> NDArray[np.uint8]:
    """uint8 (9, 3): the colours of the series, then the one of what belongs to several groups."""
    return _groups(theme.name)


@cache
def _ramp(name: ThemeName) -> NDArray[np.uint8]:
    anchors = np.array([lab(QColor(colour)) for colour in _ANCHORS[name]])
    # Equal ways in OKLab from colour to colour.
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(anchors, axis=0), axis=1))])
    places = np.linspace(0, way[-1], COLOURS)
    labs = np.stack([np.interp(places, way, part) for part in anchors.T], axis=1)
    return _fixed(rgb_of(labs))


@cache
def _groups(name: ThemeName) -> NDArray[np.uint8]:
    theme = DARK if name == "dark" else LIGHT
    return _fixed(
        np.array([rgb(colour) for colour in (*theme.series, QColor(_TIE[name]))], np.uint8)
    )


def _fixed(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    colours.flags.writeable = False
    return colours
