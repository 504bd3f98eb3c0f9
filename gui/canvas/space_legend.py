"""The key to the marks of a picture: only of those that are in it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.canvas.point_marks import Mark, MarkStamps
from gui.canvas.space_picture import MOST_ROUND
from gui.canvas.space_scene import Marked, Scene
from gui.theme import Theme

_SWATCH = 22.0
_PADDING = 6.0


@dataclass(frozen=True)
class Entry:
    """One line of the key; `sign` is a mark, or "arrow", "dashed arrow" or "trail"."""

    sign: Mark | str
    text: str


class SpaceLegend(QObject):
    """Says what each mark in a scene means, and paints that into a corner."""

    def entries(self, scene: Scene) -> list[Entry]:
        """The marks that `scene` has, with their meaning."""
        found = [*self._kinds(scene), *self._changes(scene)]
        if scene.selected:
            found.append(Entry(Mark.SELECTED, self.tr("picked")))
        if scene.trails:
            text = self.tr("trails of {n} tokens").format(n=len(scene.trails))
            found.append(Entry("trail", text))
        return found

    def _kinds(self, scene: Scene) -> list[Entry]:
        found = []
        for mark, id_ in ((Mark.UNKNOWN, scene.unknown), (Mark.PAD, scene.pad)):
            if id_ is not None and id_ < len(scene.points):
                found.append(Entry(mark, scene.name_of(id_)))
        if found and len(scene.points) > MOST_ROUND:
            return []  # two points among thousands: their names say it
        return found

    def _changes(self, scene: Scene) -> list[Entry]:
        found = []
        if scene.touched.total:
            text = self._some(self.tr("touched: got a gradient"), scene.touched)
            found.append(Entry(Mark.TOUCHED, text))
        if scene.drifted.total:
            text = self._some(self.tr("moved without a gradient"), scene.drifted)
            found.append(Entry(Mark.DRIFTED, text))
        moves = scene.moves
        if moves is not None and len(moves.ids):
            sign = "arrow" if np.any(moves.by_gradient) else "dashed arrow"
            text = self.tr("move in this step, to scale")
            found.append(Entry(sign, self._some(text, Marked(moves.ids, moves.total))))
        return found

    def _some(self, text: str, marked: Marked) -> str:
        if len(marked.ids) == marked.total:
            return text
        return self.tr("{what} (largest {n:,} of {total:,})").format(
            what=text, n=len(marked.ids), total=marked.total
        )

    def draw(
        self,
        painter: QPainter,
        entries: list[Entry],
        frame: QRectF,
        font: QFont,
        stamps: MarkStamps,
    ) -> QRectF:
        """Paint `entries` into the upper right corner of `frame`; where that is, if it had room."""
        metrics = QFontMetricsF(font)
        line = max(metrics.height() + 2, 18.0)
        wide = max((metrics.horizontalAdvance(e.text) for e in entries), default=0.0)
        box = QRectF(0, 0, wide + _SWATCH + 2 * _PADDING, line * len(entries) + _PADDING)
        if not entries or box.width() > 0.7 * frame.width() or box.height() > 0.6 * frame.height():
            return QRectF()
        box.moveTopRight(frame.topRight() + QPointF(-4, 4))
        veil = QColor(stamps.theme.surface)
        veil.setAlphaF(0.85)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(veil)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        for number, entry in enumerate(entries):
            middle = box.top() + _PADDING / 2 + line * (number + 0.5)
            centre = QPointF(box.left() + _PADDING + _SWATCH / 2 - 3, middle)
            _draw_sign(painter, entry.sign, centre, stamps)
            painter.setPen(stamps.theme.muted)
            baseline = middle + (metrics.ascent() - metrics.descent()) / 2
            painter.drawText(QPointF(box.left() + _PADDING + _SWATCH, baseline), entry.text)
        return box


def _draw_sign(painter: QPainter, sign: Mark | str, centre: QPointF, stamps: MarkStamps) -> None:
    if isinstance(sign, Mark):
        place = [(centre.x(), centre.y())]
        if sign in (Mark.TOUCHED, Mark.DRIFTED, Mark.SELECTED):
            stamps.draw(painter, Mark.POINT, place, 6.0)
        stamps.draw(painter, sign, place, 6.0)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme: Theme = stamps.theme
    colours = {"arrow": theme.touched, "dashed arrow": theme.moved, "trail": theme.muted}
    pen = QPen(colours[sign], 1.6)
    if sign == "dashed arrow":
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    tip = centre + QPointF(8, 0)
    painter.drawLine(QLineF(centre - QPointF(8, 0), tip))
    if sign != "trail":
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(tip, tip + QPointF(-4, -3)))
        painter.drawLine(QLineF(tip, tip + QPointF(-4, 3)))
