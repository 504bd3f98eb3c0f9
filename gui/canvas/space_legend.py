"""The key to the marks of a picture: only of those that are in it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.canvas.key_lines import (
    MORE,
    Entry,
    before_text,
    folded,
    line_height,
    lines_of,
    width_of,
)
from gui.canvas.movement_arrows import PartSign, draw_part, drawn_parts
from gui.canvas.other_points import draw_hollow
from gui.canvas.point_marks import Mark, MarkStamps
from gui.canvas.sentence_path import draw_mean, draw_ways, ways
from gui.canvas.space_picture import MOST_ROUND, Picture
from gui.canvas.space_scene import Marked, Scene
from gui.canvas.tint_key import SWATCH, Ramp, Swatch, TintKey, draw_swatch
from gui.canvas.tints import Tints
from gui.theme import Theme

_ROOM_FOR_PARTS = 200.0  # pixels of height, below which the key would hide the points
_MOST = 1 / 3  # of the height, unless somebody unfolds it


class SpaceLegend(QObject):
    """Says what each mark in a scene means, and paints that along the upper edge.

    <unk> and <pad> have no line: their names always stand beside them. No more of it is painted
    than a third of the height has room for, until it is unfolded.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tint_key = TintKey(self)
        self._asked: tuple[float, str, Tints | None] | None = None
        self._usual, self._line = 0, 0.0
        self.unfolded = False
        self._fold: QRectF | None = None  # where a click unfolds and folds what was painted last

    def entries(self, picture: Picture) -> list[Entry]:
        """The marks that `picture` has, with their meaning."""
        scene = picture.scene
        found = []
        if scene.touched.total:
            found.append(Entry(Mark.TOUCHED, self._some(self.tr("got a gradient"), scene.touched)))
        if scene.drifted.total:
            text = self._some(self.tr("moved without a gradient"), scene.drifted)
            found.append(Entry(Mark.DRIFTED, text))
        moves = scene.moves
        if moves is not None and len(moves.ids):
            sign = "arrow" if np.any(moves.by_gradient) else "dashed arrow"
            text = self.tr("move, to scale")
            if not len(picture.arrows()):
                text = self.tr("moves: too small to be drawn")
            elif picture.enlarged > 1:
                text = self.tr("move, drawn {n:,} times as long").format(n=picture.enlarged)
            found.append(Entry(sign, self._some(text, Marked(moves.ids, moves.total))))
        if scene.trails:
            count = len(scene.trails)
            text = self.tr("trail of one token") if count == 1 else self.tr("trails of {n} tokens")
            found.append(Entry("trail", text.format(n=count)))
        if len(scene.matches):
            text = self.tr("fits the search ({n:,})").format(n=len(scene.matches))
            found.append(Entry(Mark.MATCH, text))
        if scene.word_sum is not None:
            found.append(Entry("cross", scene.word_sum.text))
        found += self._sentence(picture)
        if scene.selected:
            found.append(Entry(Mark.SELECTED, self._picked(scene)))
        found += self._parts(picture)
        other = [] if scene.other is None else [Entry("other", scene.other.name)]
        return found + other + self._colours(picture)

    def _picked(self, scene: Scene) -> str:
        if scene.picked <= len(scene.selected):
            return self.tr("picked")
        text = self.tr("the last {some:,} of {n:,} picked; the others are faint")
        return text.format(some=len(scene.selected), n=scene.picked)

    def _colours(self, picture: Picture) -> list[Entry]:
        """The lines about colours by point."""
        tints = picture.scene.tints
        if tints is None:
            return []
        shapes = len(picture.scene.points) <= MOST_ROUND
        lines = self._tint_key.lines(tints, shapes)
        return [Entry(sign, text, of_colours=True) for sign, text in lines]

    def _parts(self, picture: Picture) -> list[Entry]:
        """The lines about what moved one row."""
        scene, drawn = picture.scene, drawn_parts(picture)
        if scene.parts is None or not drawn.lines:
            return []
        head = self.tr("what moved “{token}”, to scale")
        if drawn.enlarged > 1:
            head = self.tr("what moved “{token}”, drawn {n:,} times as long")
        title = head.format(token=scene.name_of(scene.parts.id), n=drawn.enlarged)
        if picture.frame.height() < _ROOM_FOR_PARTS:
            return [Entry("", title)]  # the list of the parts, in the same colours, is beside it
        signs = [Entry(PartSign(kind), name) for kind, name, _ in drawn.lines]
        return [Entry("", self.tr("{what}:").format(what=title)), *signs]

    def _sentence(self, picture: Picture) -> list[Entry]:
        """The lines about the typed line."""
        scene, found = picture.scene, list[Entry]()
        sentence = scene.sentence
        if sentence is None:
            return found
        if any(True for _ in ways(picture, sentence)):
            text = self.tr("typed line, in reading order")
            if len(sentence.ids) < sentence.total:
                text = self.tr("typed line, its first {n:,} of {total:,} tokens").format(
                    n=len(sentence.ids), total=sentence.total
                )
            if sentence.unknown and scene.unknown is not None:
                text = self.tr("{what}, {n:,} through {unknown}").format(
                    what=text, n=sentence.unknown, unknown=scene.name_of(scene.unknown)
                )
            found.append(Entry("way", text))
        if sentence.mean is not None:
            padded = sentence.padded_mean is not None
            text = self.tr("mean, pads left out") if padded else self.tr("mean of the typed line")
            found.append(Entry("mean", self._finite(text, sentence.mean)))
        if sentence.padded_mean is not None:
            text = self.tr("mean with the pads")
            found.append(Entry("padded mean", self._finite(text, sentence.padded_mean)))
        return found

    def _finite(self, text: str, point: NDArray[np.float32]) -> str:
        if np.isfinite(point).all():
            return text
        return self.tr("{what}: none, a row is NaN or Inf").format(what=text)

    def height(self, frame: QRectF, font: QFont, tints: Tints | None = None) -> float:
        """The room to leave for all the usual lines, so that it is the same for every scene.

        And for the key to `tints`, as if each of its names had all the points; but no more than
        is painted while the key is folded.
        """
        asked = (frame.width(), font.key(), tints)
        if asked != self._asked:
            metrics = QFontMetricsF(font)
            self._asked, self._usual = asked, self._usual_lines(frame.width(), metrics, tints)
            self._line = line_height(metrics)
        return min(self._usual, _most_lines(frame, self._line)) * self._line

    def _usual_lines(self, width: float, metrics: QFontMetricsF, tints: Tints | None) -> int:
        usual = (
            self.tr("got a gradient"),
            self.tr("moved without a gradient"),
            self.tr("move, to scale"),
            self.tr("picked"),
        )
        entries = [Entry("trail", text) for text in usual]
        if tints is not None:
            lines = self._tint_key.lines(tints, shapes=False, most=len(tints.codes))
            entries += [Entry(sign, text) for sign, text in lines]
        return len(lines_of(entries, width, metrics))

    def folds(self, at: QPointF) -> bool:
        """Whether the pixel `at` is where a click unfolds or folds the key."""
        return self._fold is not None and self._fold.contains(at)

    @property
    def hint(self) -> str:
        """What a click there does."""
        if self.unfolded:
            return self.tr("Show less of the key (K)")
        return self.tr("Show all of the key (K)")

    def _laid(
        self, entries: list[Entry], frame: QRectF, metrics: QFontMetricsF
    ) -> list[list[Entry]]:
        """The lines that are painted."""
        width, most = frame.width(), _most_lines(frame, line_height(metrics))
        if not self.unfolded:
            more = self.tr("… and {n:,} more")
            return folded(entries, width, metrics, most, lambda n: more.format(n=n))
        lines = lines_of(entries, width, metrics)
        if len(lines) > most:
            lines = lines_of([*entries, Entry(MORE, self.tr("show less"))], width, metrics)
        return lines

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
    ) -> list[QRectF]:
        """Paint `entries` in lines that end at the upper right of `frame`; where they are."""
        metrics = QFontMetricsF(font)
        high = line_height(metrics)
        painter.setFont(font)
        boxes, self._fold = [], None
        for number, line in enumerate(self._laid(entries, frame, metrics)):
            wide = sum(width_of(entry, metrics) for entry in line)
            box = QRectF(frame.right() - wide, frame.top() + 2 + number * high, wide, high)
            boxes.append(box)
            veil = QColor(stamps.theme.surface)
            veil.setAlphaF(0.85)
            painter.fillRect(box, veil)
            x = box.left()
            for entry in line:
                _draw_entry(painter, entry, x, box, stamps)
                if entry.sign == MORE:
                    self._fold = QRectF(x, box.top(), width_of(entry, metrics), high)
                x += width_of(entry, metrics)
        return boxes


def _most_lines(frame: QRectF, line: float) -> int:
    """How many lines a folded key has at most; one for the marks and one for the colours."""
    return max(2, int(_MOST * frame.height() / line))


def _draw_entry(painter: QPainter, entry: Entry, x: float, box: QRectF, stamps: MarkStamps) -> None:
    if isinstance(entry.sign, Ramp):
        entry.sign.draw(painter, x, box, stamps)
        return
    _draw_sign(painter, entry.sign, QPointF(x + SWATCH / 2, box.center().y()), stamps)
    metrics = QFontMetricsF(painter.font())
    painter.setPen(stamps.theme.accent if entry.sign == MORE else stamps.theme.muted)
    baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2
    painter.drawText(QPointF(x + before_text(entry), baseline), entry.text)


def _draw_sign(
    painter: QPainter, sign: Mark | Swatch | PartSign | str, centre: QPointF, stamps: MarkStamps
) -> None:
    if isinstance(sign, Swatch):
        draw_swatch(painter, sign, centre, stamps)
        return
    if isinstance(sign, PartSign):
        across = QPointF(9, 0)
        draw_part(painter, QLineF(centre - across, centre + across), sign.kind, stamps.theme)
        return
    if sign in ("", MORE):
        return
    if isinstance(sign, Mark):
        place = [(centre.x(), centre.y())]
        if sign in (Mark.TOUCHED, Mark.DRIFTED, Mark.SELECTED, Mark.MATCH):
            stamps.draw(painter, Mark.POINT, place, 6.0)
        stamps.draw(painter, sign, place, 6.0)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_line_sign(painter, sign, centre, stamps.theme)


def _draw_line_sign(painter: QPainter, sign: str, centre: QPointF, theme: Theme) -> None:
    if sign in ("mean", "padded mean"):
        draw_mean(painter, centre, theme, hollow=sign == "padded mean")
        return
    if sign == "other":
        draw_hollow(painter, centre, theme)
        return
    if sign == "way":
        draw_ways(painter, [QLineF(centre - QPointF(8, 0), centre + QPointF(9, 0))], theme)
        return
    colours = {
        "arrow": theme.touched,
        "dashed arrow": theme.moved,
        "trail": theme.muted,
        "cross": theme.text,
    }
    pen = QPen(colours[sign], 1.6)
    if sign == "dashed arrow":
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    if sign == "cross":
        painter.drawLine(QLineF(centre - QPointF(5, 0), centre + QPointF(5, 0)))
        painter.drawLine(QLineF(centre - QPointF(0, 5), centre + QPointF(0, 5)))
        return
    tip = centre + QPointF(8, 0)
    painter.drawLine(QLineF(centre - QPointF(8, 0), tip))
    if sign != "trail":
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.drawLine(QLineF(tip, tip + QPointF(-4, -3)))
        painter.drawLine(QLineF(tip, tip + QPointF(-4, 3)))
