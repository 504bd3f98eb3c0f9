"""One picture of Space: where everything of a scene is on the screen, and the layers it has."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.camera import Camera, nearness
from gui.canvas.lens import Lens
from gui.canvas.point_marks import Mark, MarkStamps, looks_of
from gui.canvas.space_scene import Scene
from gui.canvas.view_range import Area, Bounds, ViewRange
from gui.theme import Theme

MOST_ROUND = 3_000  # above this many, points are dots
_SHADES = 6  # of trails from old to new
_AS_ONE = 0.5  # pixels by which points that look like one may differ
_SHORTEST_ARROW = 2.0  # pixels
_LONG_ENOUGH = 20.0  # for the longest arrow of a step to be drawn to scale
_ENLARGED_TO = 50.0
_MOST_ENLARGED = 50  # beyond this a move is as good as none
_FACTORS = (1, 2, 5, 10, 20, _MOST_ENLARGED)
_HEAD = 6.0
_CROSS = 6.0


@dataclass(frozen=True)
class Picture:
    """A scene as it is seen through a range, and a camera when it has three dimensions.

    `reach` is how far a point can be from the camera's pivot, and `bounds` a box around all
    points, in three dimensions around the pivot on the plane of the screen; None: unknown. What
    is of all points is made when it is asked for: to paint a large cloud needs none of it.
    """

    scene: Scene
    shown: ViewRange
    camera: Camera
    area: Area
    frame: QRectF
    device_ratio: float
    reach: float = 1.0
    bounds: Bounds | None = None

    @cached_property
    def lens(self) -> Lens:
        """From the points to pixels."""
        if self.scene.dimensions == 2:
            return Lens.flat(self.shown, self.area)
        return Lens.deep(self.shown, self.area, self.camera)

    @cached_property
    def extent(self) -> Area | None:
        """The pixels in which all points are; None: unknown."""
        if self.bounds is None:
            return None
        box, lens = self.shown.pixels(self.bounds, self.area), self.lens
        # Far from 0 the places of points are as coarse as their numbers.
        farthest = max(map(abs, (*lens.centre, *astuple(self.bounds))))
        rough = 1 + 8 * float(np.finfo(np.float32).eps) * farthest * self.shown.scale
        return Area(box.left - rough, box.top - rough, box.right + rough, box.bottom + rough)

    @cached_property
    def screen(self) -> NDArray[np.float32]:
        """(V, 2) pixels of every point; NaN where a row is left out."""
        return self.lens.pixels(self.scene.points)

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """(V,) whether a point is within the frame."""
        seen = np.empty(len(self.scene.points), bool)
        for begin, (x, y, *_) in self.lens.pieces(self.scene.points):
            seen[begin : begin + len(x)] = self._within(x, y)
        return seen

    def _within(self, x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.bool_]:
        frame = self.frame
        within = (x >= frame.left()) & (x <= frame.right())
        within &= y >= frame.top()
        within &= y <= frame.bottom()
        return within

    def places(self, ids: NDArray[np.integer] | Sequence[int]) -> NDArray[np.float32]:
        """(n, 2) pixels of the rows `ids`."""
        return self.lens.pixels(self.scene.points[np.asarray(ids, np.intp)])

    def seen(self, ids: NDArray[np.integer] | Sequence[int]) -> NDArray[np.intp]:
        """Those of `ids` that are rows within the frame, in the same order."""
        wanted = np.asarray(ids, np.intp)
        if not len(wanted):
            return wanted
        known = wanted[(wanted >= 0) & (wanted < len(self.scene.points))]
        return known[self._within(*self.places(known).T)]

    @cached_property
    def radius(self) -> float:
        """Half the size of a point, in pixels."""
        count = len(self.scene.points)
        if count > MOST_ROUND:
            return 2.5
        return 5.0 if count <= 60 else 3.5 if count <= 600 else 2.5

    @cached_property
    def ways(self) -> NDArray[np.float32]:
        """(m, 2) pixels that each of the scene's moves went across and down."""
        moves = self.scene.moves
        if moves is None:
            return np.zeros((0, 2), np.float32)
        # The difference of places, not of pixels: pixels are too coarse for a small move.
        way = self.scene.points[moves.ids] - moves.starts
        if self.scene.dimensions == 3:
            way = way @ self.camera.basis()[:, :2]
        return np.asarray(way * np.array([self.shown.scale, -self.shown.scale], np.float32))

    @cached_property
    def enlarged(self) -> int:
        """How many times as long as the moves their arrows are: 1 if that is long enough."""
        longest = float(np.nan_to_num(np.hypot(*self.ways.T), nan=0.0).max(initial=0.0))
        if longest >= _LONG_ENOUGH or longest * _MOST_ENLARGED < _SHORTEST_ARROW:
            return 1
        fitting = [n for n in _FACTORS if n * longest <= _ENLARGED_TO]
        return max(fitting, default=1)

    def arrows(self) -> NDArray[np.intp]:
        """Which of the scene's moves have an arrow that is long enough to be seen."""
        lengths = np.hypot(*self.ways.T) * self.enlarged
        return np.flatnonzero(lengths >= _SHORTEST_ARROW)  # NaN is not

    def trails(self) -> list[list[list[float]]]:
        """The pixels of each of the scene's trails, oldest first, but for those not finite."""
        trails = self.scene.trails
        if not trails:
            return []
        # All at once: each of them is too short for numpy to be quick.
        pixels = self.to_screen(np.concatenate([trail.points for trail in trails]))
        ends = np.cumsum([len(trail.points) for trail in trails])[:-1]
        ways = np.split(pixels, ends)
        return [way.clip(-1e5, 1e5).tolist() for way in ways if np.isfinite(way).all()]

    def to_screen(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """(N, k) points of the scene's space as (N, 2) pixels."""
        return self.lens.pixels(points)

    def place(self, id_: int) -> tuple[float, float] | None:
        """The pixel of point `id_`; None if it is outside the frame, left out or no row."""
        if not len(self.seen([id_])):
            return None
        [(x, y)] = self.places([id_]).tolist()
        return x, y

    def nearest(self, x: float, y: float, reach: float) -> int | None:
        """The id of the point nearest to a pixel, at most `reach` pixels away; None without one.

        Of points that look like one the one nearest to the viewer, then the last drawn.
        """
        ids = [np.zeros(0, np.intp)]
        for begin, (across, down, *_) in self.lens.pieces(self.scene.points):
            across -= np.float32(x)
            down -= np.float32(y)
            close = np.abs(across, out=across) <= reach
            close &= np.abs(down, out=down) <= reach
            ids.append(np.flatnonzero(close) + begin)
        found = np.concatenate(ids)
        distance = np.hypot(*(self.places(found) - np.array([x, y], np.float32)).T)
        if not len(found) or distance.min() > reach:
            return None
        found = found[distance <= min(distance.min() + _AS_ONE, reach)]
        return int(found[np.lexsort((-found, -self.near(found)))[0]])

    def near(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """(n,) how near the rows `ids` are to the viewer: 1 the nearest that can be, 0 farthest.

        Without three dimensions, all are nearest.
        """
        if self.scene.dimensions == 2:
            return np.ones(len(ids), np.float32)
        return nearness(self.lens.towards(self.scene.points[ids]), self.reach)


def draw_special_points(painter: QPainter, picture: Picture, stamps: MarkStamps) -> None:
    """Over a cloud of dots: what is picked or typed as discs, the pad and unknown as shapes."""
    scene = picture.scene
    special = {scene.pad: Mark.PAD, scene.unknown: Mark.UNKNOWN}
    wanted = [*scene.that_matter()[::-1], *(id_ for id_ in special if id_ is not None)]
    if not wanted:
        return
    ids = picture.seen(wanted)
    size = 2 * picture.radius + 2
    looks = looks_of(scene.tints, ids)
    for id_, place, look in zip(ids.tolist(), picture.places(ids).tolist(), looks, strict=True):
        stamps.draw(painter, special.get(id_, Mark.POINT), [place], size, look=look)


def draw_rings(painter: QPainter, picture: Picture, stamps: MarkStamps) -> None:
    """Rings around what was touched, moved all the same, is picked, is under the cursor."""
    scene, size = picture.scene, 2 * picture.radius
    hovers = () if scene.hovered is None else (scene.hovered,)
    over = Mark.SELECTED if scene.hovered in (scene.pad, scene.unknown) else Mark.HOVERED
    for mark, ids in (
        (Mark.DRIFTED, scene.drifted.ids),
        (Mark.TOUCHED, scene.touched.ids),
        (Mark.SELECTED, scene.selected),
        (over, hovers),
    ):
        if len(ids):
            stamps.draw(painter, mark, picture.places(picture.seen(ids)).tolist(), size)


def draw_word_sum(painter: QPainter, picture: Picture, theme: Theme) -> None:
    """A cross at the sum of words; of a − b + c the parallelogram, whose fourth corner it is.

    The projection is linear, so that what is a parallelogram in the table is one here.
    """
    total = picture.scene.word_sum
    if total is None or not np.isfinite(total.point).all():
        return
    x, y = picture.to_screen(total.point[None])[0].clip(-1e5, 1e5).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.text, 1.4, Qt.PenStyle.DashLine))
    corners = [id_ for side in total.sides() for id_ in side]
    if corners and max(corners) < len(picture.scene.points):
        places = picture.places(corners).clip(-1e5, 1e5)
        if np.isfinite(places).all():
            for (x0, y0), (x1, y1) in zip(places[::2].tolist(), places[1::2].tolist(), strict=True):
                painter.drawLine(QLineF(x0, y0, x1, y1))
                painter.drawLine(QLineF(x1, y1, x, y))
    painter.setPen(QPen(theme.text, 2))
    painter.drawLine(QLineF(x - _CROSS, y, x + _CROSS, y))
    painter.drawLine(QLineF(x, y - _CROSS, x, y + _CROSS))


def draw_trails(painter: QPainter, picture: Picture, theme: Theme) -> None:
    """Lines along the ways of the followed points, the older the fainter; over all points."""
    if not picture.scene.trails:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor(theme.text)
    ways = [[QPointF(x, y) for x, y in way] for way in picture.trails()]
    for shade in range(_SHADES):
        colour.setAlphaF(0.6 * (shade + 1) / _SHADES)
        painter.setPen(QPen(colour, 1.5))
        for way in ways:
            first, last = (len(way) * part // _SHADES for part in (shade, shade + 1))
            painter.drawPolyline(way[max(first - 1, 0) : last])


def draw_moves(painter: QPainter, picture: Picture, theme: Theme) -> None:
    """An arrow for each move of the step; dashed where there was no gradient.

    To scale it leads from the old place to the new one. Moves too small for that are enlarged,
    all by one factor, and point on from the new place, so that the mark does not hide them.
    """
    moves = picture.scene.moves
    if moves is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ends = picture.places(moves.ids)
    for place in picture.arrows().tolist():
        pen = QPen(theme.touched if moves.by_gradient[place] else theme.moved, 1.6)
        if not moves.by_gradient[place]:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        x, y = ends[place].clip(-1e5, 1e5).tolist()
        across, down = (picture.ways[place] * picture.enlarged).clip(-1e5, 1e5).tolist()
        if picture.enlarged == 1:
            _draw_arrow(painter, QLineF(x - across, y - down, x, y))
        else:
            _draw_arrow(painter, QLineF(x, y, x + across, y + down))


def _draw_arrow(painter: QPainter, line: QLineF) -> None:
    painter.drawLine(line)
    head = min(_HEAD, 0.5 * line.length())
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    for side in (-25.0, 25.0):
        barb = QLineF(line.p2(), line.p1())
        barb.setLength(head)
        barb.setAngle(barb.angle() + side)
        painter.drawLine(barb)
