"""Which points of a picture get their names, and how a name is painted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from gui.canvas.labels import Anchor, LabelLayout, crowd_of
from gui.canvas.space_picture import Picture
from gui.canvas.view_range import Area
from gui.theme import Theme

_WIDEST = 180.0
_MARGIN = 3.0  # on both sides of a name
_MOST_OTHERS = 150  # ids tried for the room that is left
_MOST_WHILE_RUNNING = 30  # the same, besides those shown: the next frame has another try
_FIRST_IDS = 5_000  # the others come from these: the tokens seen first
_AT_ONCE = 500
_MOST_INSISTENT = 10  # of those picked last, whose names rather cover points or the key than go
_ALL_TAKE_ROOM = 120  # up to this many points no label covers any of them


class SpaceLabels:
    """The names beside points; remembers the last layout, so that names hold still."""

    def __init__(self) -> None:
        self._layout = LabelLayout()
        self._widths: dict[tuple[str, bool], tuple[str, float]] = {}
        self._font_key = ""

    def forget(self) -> None:
        """Another table is shown."""
        self._layout.forget()
        self._widths.clear()

    def draw(
        self,
        painter: QPainter,
        picture: Picture,
        font: QFont,
        theme: Theme,
        taken: Sequence[QRectF] = (),
        crowd: NDArray[np.bool_] | None = None,
    ) -> None:
        """Paint as many names as have room, those that matter first, and none over `taken`.

        `crowd` is where points are (see `labels.crowd_of`); None: take it from the picture.
        """
        strong = QFont(font)
        strong.setBold(True)
        metrics = {False: QFontMetricsF(font), True: QFontMetricsF(strong)}
        high = {bold: each.height() for bold, each in metrics.items()}
        if font.key() != self._font_key:
            self._font_key = font.key()
            self._widths.clear()
        scene = picture.scene
        chosen = {scene.hovered, *scene.selected}
        last = scene.selected[-_MOST_INSISTENT:]
        insistent = {scene.hovered, *last, *scene.typed, scene.unknown, scene.pad}
        names: dict[int, tuple[str, bool]] = {}
        anchors: list[Anchor] = []
        candidates = _candidates(picture, self._layout.shown)
        places = picture.places([id_ for id_, _ in candidates]).tolist()
        for (id_, matters), (x, y) in zip(candidates, places, strict=True):
            bold = id_ in chosen or id_ in scene.typed
            text, width = self._measured(scene.name_of(id_), bold, metrics[bold])
            if text:
                gap = picture.radius + (6.0 if id_ in chosen else 3.5)
                wide = width + 2 * _MARGIN
                insists = id_ in insistent
                anchors.append(Anchor(id_, x, y, wide, high[bold], gap, matters, insists))
                names[id_] = (text, bold)
        frame = picture.frame
        area = Area(frame.left(), frame.top(), frame.right(), frame.bottom())
        if crowd is None:
            crowd = crowd_of(picture.screen[picture.inside], area)
        in_the_way = [*taken, *_points_in_the_way(picture)]
        for label in self._layout.place(anchors, area, in_the_way, crowd, scene.most_labels):
            text, bold = names[label.id]
            painter.setFont(strong if bold else font)
            style = "chosen" if label.id in chosen else "plain" if bold else "quiet"
            _draw_name(painter, label.box, text, style, theme)
        painter.setFont(font)

    def _measured(self, name: str, bold: bool, metrics: QFontMetricsF) -> tuple[str, float]:
        key = (name, bold)
        if key not in self._widths:
            if len(self._widths) > 20_000:
                self._widths.clear()
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _WIDEST)
            self._widths[key] = (text, metrics.horizontalAdvance(text))
        return self._widths[key]


def _candidates(picture: Picture, shown: Sequence[int]) -> list[tuple[int, bool]]:
    """Ids of points in view, the most important first, and whether they matter.

    Those that are `shown` stay among them.
    """
    scene = picture.scene
    special = [id_ for id_ in (scene.unknown, scene.pad) if id_ is not None]
    ranked = dict.fromkeys([*scene.that_matter(), *special])
    matter = picture.seen(list(ranked)).tolist()
    most = _MOST_WHILE_RUNNING if scene.running else _MOST_OTHERS
    first = _first(picture, most)
    others = dict.fromkeys([*first, *picture.seen(shown).tolist()]).keys() - set(matter)
    return [(id_, True) for id_ in matter] + [(id_, False) for id_ in sorted(others)]


def _first(picture: Picture, most: int) -> list[int]:
    """The first ids in view that do not step back, at most `most` of them."""
    found: list[int] = []
    faint = picture.scene.faint
    last = min(_FIRST_IDS, len(picture.scene.points))
    for begin in range(0, last, _AT_ONCE):
        ids = np.arange(begin, min(begin + _AT_ONCE, last))
        found += picture.seen(ids if faint is None else ids[~faint[ids]]).tolist()
        if len(found) >= most:
            break
    return found[:most]


def _points_in_the_way(picture: Picture) -> list[QRectF]:
    everyone = len(picture.scene.points) <= _ALL_TAKE_ROOM
    ids = np.flatnonzero(picture.inside) if everyone else picture.seen(picture.scene.that_matter())
    half = picture.radius
    return [QRectF(x - half, y - half, 2 * half, 2 * half) for x, y in picture.places(ids).tolist()]


def _draw_name(painter: QPainter, box: QRectF, text: str, style: str, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    if style == "chosen":
        painter.setBrush(theme.accent)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.on_accent)
    else:
        veil = QColor(theme.surface)
        veil.setAlphaF(0.7)
        painter.setBrush(veil)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.text if style == "plain" else theme.muted)
    baseline = box.top() + painter.fontMetrics().ascent()
    painter.drawText(QPointF(box.left() + _MARGIN, baseline), text)
