"""The key to colours by point: a gradient bar with its numbers, or a mark for each name."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gui.canvas.point_marks import Look, Mark, MarkStamps, look_of_code
from gui.canvas.shapes import draw_cells
from gui.canvas.tints import NO_VALUE, Scale, Tints

SWATCH = 20.0
PADDING = 4.0
_BAR = 88.0
_BAR_HEIGHT = 9.0
_MARK = 8.0


@dataclass(frozen=True)
class Swatch:
    """The mark of the points of one colour."""

    look: Look


@dataclass(frozen=True, eq=False)
class Ramp:
    """A gradient bar of `palette` uint8 (n, 3) between its numbers, after a `title`."""

    title: str
    scale: Scale
    palette: NDArray[np.uint8]

    def pieces(self) -> list[str | NDArray[np.uint8]]:
        """Texts, and between them the parts of the bar."""
        scale, palette = self.scale, self.palette
        if not scale.middle:
            return [self.title, scale.low, palette, scale.high]
        half = len(palette) // 2
        low, high = palette[: half + 1], palette[half:]
        return [self.title, scale.low, low, scale.middle, high, scale.high]

    def width(self, metrics: QFontMetricsF) -> float:
        """Pixels from the first text to the last."""
        pieces = self.pieces()
        texts = sum(metrics.horizontalAdvance(each) for each in pieces if isinstance(each, str))
        bars = sum(not isinstance(each, str) for each in pieces)
        return texts + _BAR + PADDING * (len(pieces) + 2 * bars - 1)

    def draw(self, painter: QPainter, left: float, box: QRectF, stamps: MarkStamps) -> None:
        """Paint all pieces from `left` on, in the middle of the height of `box`."""
        metrics = QFontMetricsF(painter.font())
        pieces = self.pieces()
        long = _BAR / sum(not isinstance(each, str) for each in pieces)
        baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.setPen(stamps.theme.muted)
        for each in pieces:
            if isinstance(each, str):
                painter.drawText(QPointF(left, baseline), each)
                left += metrics.horizontalAdvance(each) + PADDING
            else:
                left += PADDING
                top = box.center().y() - _BAR_HEIGHT / 2
                _draw_bar(painter, QRectF(left, top, long, _BAR_HEIGHT), each)
                left += long + 2 * PADDING


class TintKey(QObject):
    """Writes the key to colours by point."""

    def lines(
        self, tints: Tints, shapes: bool, most: int | None = None
    ) -> list[tuple[Swatch | Ramp | str, str]]:
        """Signs and texts; a sign "" has nothing to paint.

        `shapes` says that points of different names have different shapes. With `most`, that is
        the number of points of each: what the key needs at the most.
        """
        found: list[tuple[Swatch | Ramp | str, str]] = []
        key = tints.key
        if isinstance(key, Scale):
            text = self.tr("{title}: {low} to {high}")
            if key.middle:
                text = self.tr("{title}: {low} by {middle} to {high}")
            text = text.format(title=tints.title, low=key.low, middle=key.middle, high=key.high)
            title = self.tr("{title}:").format(title=tints.title)
            found.append((Ramp(title, key, tints.palette), text))
        else:
            title = self.tr("{title}:").format(title=tints.title)
            found.append(("", title if key else tints.title))
            for each in key:
                look = look_of_code(tints, each.colour)
                count = each.count if most is None else most
                text = self.tr("{name} ({n:,})").format(name=each.name, n=count)
                found.append((Swatch(look if shapes else Look(look.rgb)), text))
        if tints.without_value:
            name = tints.missing or self.tr("no value")
            count = tints.without_value if most is None else most
            text = self.tr("{name} ({n:,})").format(name=name, n=count)
            found.append((Swatch(look_of_code(tints, NO_VALUE)), text))
        return found


def draw_swatch(painter: QPainter, swatch: Swatch, centre: QPointF, stamps: MarkStamps) -> None:
    """Paint the mark of some points, as they are in a small cloud."""
    stamps.draw(painter, Mark.POINT, [(centre.x(), centre.y())], _MARK, look=swatch.look)


def _draw_bar(painter: QPainter, box: QRectF, palette: NDArray[np.uint8]) -> None:
    pixels = np.ascontiguousarray(palette)
    image = QImage(pixels.data, len(pixels), 1, 3 * len(pixels), QImage.Format.Format_RGB888)
    draw_cells(painter, box, image)
