"""The colours of both themes, the map of values to colours, and the font of numbers.

Qt's own `setColorScheme` does nothing on many desktops, so each theme is the Fusion style with an
explicit palette. This is the only module with colour literals.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPalette,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.oklab import lab, linear, rgb, rgb_of

SPACING = 8
READABLE = 4.5  # the least contrast of text, WCAG 2.2 level AA

_BLACK = QColor(0, 0, 0)
_WHITE = QColor(255, 255, 255)

ThemeName = Literal["light", "dark"]
ThemeChoice = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Theme:
    """Every colour of the window, by what it is for.

    `window` lies behind panels, `surface` behind content, `raised` behind cards and buttons.
    `negative`, `middle` and `positive` are the ends and the zero of the map of values.
    `series` are eight colours that people with any colour vision can tell apart: found by a
    search for the set whose closest pair is furthest apart, also without red or green cones.
    """

    name: ThemeName
    window: QColor
    surface: QColor
    raised: QColor
    text: QColor
    muted: QColor
    line: QColor
    accent: QColor
    on_accent: QColor
    touched: QColor
    moved: QColor
    unknown: QColor
    pad: QColor
    warning: QColor
    not_finite: QColor
    negative: QColor
    middle: QColor
    positive: QColor
    series: tuple[QColor, ...]


LIGHT = Theme(
    name="light",
    window=QColor("#f3f4f6"),
    surface=QColor("#ffffff"),
    raised=QColor("#f8f9fb"),
    text=QColor("#1b1f24"),
    muted=QColor("#58616d"),
    line=QColor("#d3d8de"),
    accent=QColor("#1d5fbd"),
    on_accent=QColor("#ffffff"),
    touched=QColor("#b0128f"),
    moved=QColor("#0b6e66"),
    unknown=QColor("#865300"),
    pad=QColor("#767f8b"),
    warning=QColor("#b3261e"),
    not_finite=QColor("#6a1b9a"),
    negative=QColor("#1f66b0"),
    middle=QColor("#f7f7f7"),
    positive=QColor("#b85a08"),
    series=tuple(
        QColor(c)
        for c in (
            "#0066aa",
            "#dd7700",
            "#771144",
            "#6677ff",
            "#cc7755",
            "#3322aa",
            "#cc7799",
            "#772200",
        )
    ),
)

DARK = Theme(
    name="dark",
    window=QColor("#1b1e23"),
    surface=QColor("#22262c"),
    raised=QColor("#2b3038"),
    text=QColor("#e7eaee"),
    muted=QColor("#a4adb8"),
    line=QColor("#3c434d"),
    accent=QColor("#78aef5"),
    on_accent=QColor("#0e1622"),
    touched=QColor("#ff85dc"),
    moved=QColor("#54d3c6"),
    unknown=QColor("#e6b95c"),
    pad=QColor("#8b95a2"),
    warning=QColor("#ff9488"),
    not_finite=QColor("#c48bff"),
    negative=QColor("#62aef5"),
    middle=QColor("#30353d"),
    positive=QColor("#f59a45"),
    series=tuple(
        QColor(c)
        for c in (
            "#55bbee",
            "#eeee33",
            "#ee0099",
            "#77aa00",
            "#77ffdd",
            "#bb6655",
            "#0077ff",
            "#99ff99",
        )
    ),
)


def theme_of(widget: QWidget) -> Theme:
    """The theme that `widget` is shown in; ask again on `QEvent.Type.PaletteChange`."""
    # Of the active group: the grey text of a disabled widget lies between the themes.
    text = widget.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
    return DARK if text.lightness() > 128 else LIGHT


def system_theme() -> Theme:
    """The theme that the desktop asks for; light where it does not say."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """The Qt palette of `theme`, with every role that Fusion paints with."""
    role = QPalette.ColorRole
    palette = QPalette()
    dark = theme.name == "dark"
    for which, colour in {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.warning,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Light: theme.raised.lighter(115) if dark else theme.surface,
        role.Midlight: theme.raised.lighter(108) if dark else theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.window.darker(140) if dark else theme.line.darker(120),
        role.Shadow: theme.window.darker(200) if dark else theme.line.darker(160),
    }.items():
        palette.setColor(which, colour)
    faint = mix(theme.muted, theme.window, 0.45)
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, theme.line)
    return palette


def _outlined(theme: Theme) -> QPalette:
    """For what Fusion outlines in its window colour, darkened: in the dark it would be lost."""
    palette = palette_of(theme)
    if theme.name == "dark":
        palette.setColor(QPalette.ColorRole.Window, theme.muted)
        palette.setColor(QPalette.ColorRole.Button, theme.pad)
    return palette


class _ThemeKeeper(QObject):
    """Lives with the application and repaints it when the desktop's theme changes."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.choice: ThemeChoice = "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply)

    @Slot()
    def apply(self) -> None:
        """Give the application the palette of the chosen theme."""
        chosen = {"light": LIGHT, "dark": DARK}.get(self.choice) or system_theme()
        palette = palette_of(chosen)
        if self._app.style().objectName() != "fusion":
            self._app.setStyle("Fusion")
        self._app.setPalette(palette)
        for control in ("QCheckBox", "QRadioButton", "QSlider"):
            # The stub says bytes, and bytes raise ValueError.
            self._app.setPalette(_outlined(chosen), control)  # type: ignore[arg-type]
        QToolTip.setPalette(palette)


def apply_theme(app: QApplication, choice: ThemeChoice) -> None:
    """Show `app` in the theme `choice`; "system" goes on following the desktop."""
    keeper = app.findChild(_ThemeKeeper) or _ThemeKeeper(app)
    keeper.choice = choice
    keeper.apply()


def number_font(base: QFont) -> QFont:
    """`base` with figures that are all equally wide, so that columns line up.

    Where `base` has none, the system's fixed-pitch font of the same size.
    """
    font = QFont(base)
    font.setFeature(QFont.Tag("tnum"), 1)
    metrics = QFontMetricsF(font)
    if len({metrics.horizontalAdvance(figure * 8) for figure in "0123456789"}) == 1:
        return font
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if base.pointSizeF() > 0:
        fixed.setPointSizeF(base.pointSizeF())
    else:
        fixed.setPixelSize(base.pixelSize())
    return fixed


# ── values as colours ─────────────────────────────────────────────────────────────────────────

_HALF = 255
_NOT_FINITE = 2 * _HALF + 1


def heat(values: ArrayLike, limit: float, theme: Theme) -> NDArray[np.uint8]:
    """The colours of `values`, of any shape (...): RGBA uint8 (..., 4), opaque.

    −`limit` and below is `theme.negative`, 0 exactly `theme.middle`, `limit` and above
    `theme.positive`; NaN and ±Inf are `theme.not_finite`. A `limit` of 0 shows signs only.
    """
    numbers = np.asarray(values)
    if numbers.dtype != np.float64:
        numbers = numbers.astype(np.float32, copy=False)
    finite = np.isfinite(numbers)
    safe = np.where(finite, numbers, 0)
    share = np.clip(safe / limit, -1, 1) if limit > 0 else np.sign(safe)
    index = np.where(finite, np.rint(share * _HALF) + _HALF, _NOT_FINITE).astype(np.intp)
    return _heat_colours(theme.name)[index]


def heat_image(values: ArrayLike, limit: float, theme: Theme) -> QImage:
    """One pixel for each of `values` (H, W), to be drawn scaled up without smoothing."""
    pixels = np.ascontiguousarray(heat(values, limit, theme))
    height, width, depth = pixels.shape
    image = QImage(pixels.data, width, height, width * depth, QImage.Format.Format_RGBX8888)
    return image.copy()  # the copy owns its pixels; the array is about to go


def heat_colour(value: float, limit: float, theme: Theme) -> QColor:
    """The colour of one value."""
    red, green, blue, _ = heat(value, limit, theme).tolist()
    return QColor(red, green, blue)


def ink_on(background: QColor, theme: Theme) -> QColor:
    """The theme's text colour where it can be read on `background`, else black or white.

    One of the two always reaches 4.5:1.
    """
    if contrast(background, theme.text) >= READABLE:
        return theme.text
    return max(_BLACK, _WHITE, key=lambda ink: contrast(background, ink))


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio 1 … 21 of two opaque colours, as WCAG 2.2 defines it."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with `share` (0 … 1) of `other` mixed in, channel by channel."""
    channels = zip(_channels(one), _channels(other), strict=True)
    red, green, blue = (round((1 - share) * mine + share * its) for mine, its in channels)
    return QColor(red, green, blue)


def _luminance(colour: QColor) -> float:
    return float(linear(rgb(colour) / 255) @ np.array([0.2126, 0.7152, 0.0722]))


def _channels(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


@cache
def _heat_colours(name: ThemeName) -> NDArray[np.uint8]:
    """RGBA (512, 4): from negative over middle (at 255) to positive, then the not-finite colour."""
    theme = DARK if name == "dark" else LIGHT
    negative, middle, positive = (lab(c) for c in (theme.negative, theme.middle, theme.positive))
    share = np.linspace(0, 1, _HALF + 1)[:, None]
    rise = middle + share * (positive - middle)
    fall = middle + share[:0:-1] * (negative - middle)
    colours = np.full((_NOT_FINITE + 1, 4), 255, dtype=np.uint8)
    colours[:_NOT_FINITE, :3] = rgb_of(np.concatenate([fall, rise]))
    colours[_HALF, :3] = rgb(theme.middle)
    colours[_NOT_FINITE, :3] = rgb(theme.not_finite)
    colours.flags.writeable = False
    return colours
