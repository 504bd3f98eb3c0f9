"""The dots of a picture with many points: all of them, and over them those that are emphasised."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter

from gui.canvas.dot_image import DotImage
from gui.canvas.dot_shades import dot_side, dot_strength, palette_of
from gui.canvas.lens import Lens
from gui.canvas.point_cloud import Cloud, DotPainter
from gui.canvas.point_marks import Mark, MarkStamps, ink_of_points
from gui.canvas.space_picture import Picture
from gui.canvas.tints import NO_VALUE, Tints
from gui.theme import Theme

MOST_FRAMED = 1_000  # above this many, points that are found are dots of another colour
_OVER = 0.9  # the least strength of what is drawn over all dots
_COLOURED = 0.6  # the same where colours are to be compared with their key


@dataclass(frozen=True, eq=False)
class _Seen:
    """All that a picture of the dots depends on."""

    points: NDArray[np.float32]
    tints: Tints | None
    faint: NDArray[np.bool_] | None
    theme: Theme
    rest: tuple[Lens, float, float, float, float]

    def same_as(self, other: "_Seen | None") -> bool:
        """Whether the picture is the one that was painted for `other`."""
        return (
            other is not None
            and self.points is other.points
            and self.tints is other.tints
            and self.faint is other.faint
            and self.theme is other.theme
            and self.rest == other.rest
        )


class DotLayer:
    """Draws dots; paints them anew only where another picture needs that."""

    def __init__(self) -> None:
        self._painter, self._over = DotPainter(), DotPainter()
        self._seen: _Seen | None = None
        self._image: DotImage | None = None

    def draw(self, painter: QPainter, picture: Picture, theme: Theme) -> DotImage:
        """Every point of `picture` as a dot, larger where emphasised; the picture of them all."""
        scene, frame = picture.scene, picture.frame
        rest = (picture.lens, frame.width(), frame.height(), picture.device_ratio, picture.reach)
        seen = _Seen(scene.points, scene.tints, scene.faint, theme, rest)
        if self._image is None or not seen.same_as(self._seen):
            count = len(scene.points)
            side, strength = dot_side(count, picture.device_ratio), dot_strength(count)
            if scene.tints is not None:
                strength = max(strength, _COLOURED)
            palette = _palette(scene.tints, theme)
            self._image = self._painter.paint(_cloud(picture), palette, side, strength)
            self._seen = seen
        self._image.draw(painter)
        if len(scene.emphasised):
            self._draw_over(painter, picture, scene.emphasised, _palette(scene.tints, theme))
        return self._image

    def draw_matches(self, painter: QPainter, picture: Picture, stamps: MarkStamps) -> None:
        """A frame around each point that is found; dark dots where frames would hide all."""
        seen = picture.seen(picture.scene.matches)
        if not len(seen):
            return
        if len(seen) <= MOST_FRAMED:
            places = picture.places(seen).tolist()
            stamps.draw(painter, Mark.MATCH, places, 2 * picture.radius)
        else:
            ink = stamps.theme.text
            self._draw_over(painter, picture, seen, _palette_of_one(ink), larger=0)

    def _draw_over(
        self,
        painter: QPainter,
        picture: Picture,
        ids: NDArray[np.integer],
        palette: NDArray[np.uint8],
        larger: int = 2,
    ) -> None:
        known = ids[(ids >= 0) & (ids < len(picture.scene.points))]
        ratio = picture.device_ratio
        side = dot_side(len(picture.scene.points), ratio) + round(larger * ratio)
        cloud = _cloud(picture, known)
        image = self._over.paint(cloud, palette, side, max(_OVER, dot_strength(len(known))))
        image.draw(painter)


def _cloud(picture: Picture, ids: NDArray[np.integer] | None = None) -> Cloud:
    """The points of a picture, or those of `ids`."""
    scene, frame = picture.scene, picture.frame
    points, faint = scene.points, scene.faint
    codes = None if scene.tints is None else scene.tints.codes
    if ids is not None:
        points, faint = points[ids], None
        codes = None if codes is None else codes[ids]
    return Cloud(
        points,
        picture.lens,
        frame.width(),
        frame.height(),
        picture.device_ratio,
        codes,
        faint,
        picture.reach,
        picture.extent,
    )


def _palette(tints: Tints | None, theme: Theme) -> NDArray[np.uint8]:
    if tints is None:
        return _palette_of_one(ink_of_points(theme))
    return palette_of(tints.palette, theme.muted)


def _palette_of_one(ink: QColor) -> NDArray[np.uint8]:
    rgb = np.array([(ink.red(), ink.green(), ink.blue())], np.uint8)
    return palette_of(rgb.repeat(NO_VALUE, axis=0), ink)
