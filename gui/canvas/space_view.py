"""The live point cloud as a widget: it paints scenes, and turns a person's hands into views."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.project.view import Look, Window
from gui.canvas import axis_scale, space_picture
from gui.canvas.camera import Camera, sphere_of
from gui.canvas.dot_layer import DotLayer
from gui.canvas.key_lines import Entry
from gui.canvas.labels import SQUARE
from gui.canvas.movement_arrows import draw_parts
from gui.canvas.other_points import draw_other
from gui.canvas.point_marks import MarkStamps
from gui.canvas.pooled_points import draw_pooled
from gui.canvas.range_keeper import RangeKeeper
from gui.canvas.region_drawing import RegionDrawing
from gui.canvas.region_tool import RegionTool
from gui.canvas.round_points import draw_round_points
from gui.canvas.rows_apart import RowsApart
from gui.canvas.sentence_path import draw_sentence
from gui.canvas.space_hands import SpaceHands
from gui.canvas.space_labels import SpaceLabels
from gui.canvas.space_legend import SpaceLegend
from gui.canvas.space_picture import MOST_ROUND, Picture
from gui.canvas.space_scene import EMPTY, Scene
from gui.canvas.view_range import Area, Bounds, ViewRange, bounds_of
from gui.theme import theme_of


class SpaceView(QWidget):
    """Shows one `Scene` at a time.

    Drag pans, or turns in three dimensions (then with Shift or the right button it pans); the
    wheel zooms around the cursor; a double click fits. From the keyboard, arrows turn, Shift and
    arrows pan, + and − zoom, 1, 2 and 3 look along an axis, F fits, H asks to hold the axes, K
    unfolds the key to the marks. In two dimensions plain arrows are left to the window.
    """

    hovered = Signal(object)  # the id under the cursor, or None
    picked = Signal(object, bool)  # an id or None, and whether it adds to what is picked
    insideChanged = Signal()
    holdAsked = Signal()  # the key H

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # All of it is painted, so that Qt need not paint what lies behind first.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 80)
        self._scene = EMPTY
        self._camera = Camera()
        self._bounds: Bounds | None = None
        self._picture: Picture | None = None
        self._box: Bounds | None = None  # around all points; those are what a view shows
        self._reach = 1.0
        self._scales = axis_scale.Scales()
        self._dots = DotLayer()
        self._stamps: MarkStamps | None = None
        self._labels = SpaceLabels()
        self._legend = SpaceLegend(self)
        self._apart = RowsApart(self)
        self._on_key = False  # whether it was the end of the key that was pressed last
        self.key_boxes: list[QRectF] = []  # the lines of the key, as they were painted last
        self._keeper = RangeKeeper(self)
        self._keeper.rangeChanged.connect(self._look_again)
        self.tool = RegionTool(self, self)
        self.tool.changed.connect(self.update)
        self.tool.modeChanged.connect(self._follow_tool)
        self.drawing = RegionDrawing(self.tool, self)
        self._hands = SpaceHands(self, self.tool, self)
        self._hands.hovered.connect(self.hovered)
        self._hands.picked.connect(self.picked)
        self._hands.holdAsked.connect(self.holdAsked)
        self._hands.keyAsked.connect(self.unfold_key)

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    @property
    def scene(self) -> Scene:
        """The scene on screen."""
        return self._scene

    @property
    def camera(self) -> Camera:
        """How three dimensions are looked at."""
        return self._camera

    @property
    def picture(self) -> Picture:
        """The scene as it is seen now."""
        if self._picture is None:
            self._picture = Picture(
                self._scene,
                self._keeper.range,
                self._camera,
                self._area(),
                QRectF(self.rect()),
                self.devicePixelRatioF(),
                self._reach,
                self._box,
            )
        return self._picture

    def show_scene(self, scene: Scene) -> None:
        """Paint `scene` from now on; the view follows the cloud unless a person moved it."""
        if scene.dimensions != self._scene.dimensions:
            self._keeper.restart()
        same_points = scene.points is self._scene.points
        self._scene = scene
        self._picture = None
        if not same_points:
            self._measure()
            self._keeper.follow(self._bounds, self._area())
        self.insideChanged.emit()
        self.update()

    def restart(self) -> None:
        """Another table comes: forget where the last one was looked at."""
        # Whose points may be here already, at the place of those before.
        self.show_scene(EMPTY)
        self._keeper.restart()
        self._labels.forget()

    def inside(self) -> int:
        """How many points are within the view."""
        return int(self.picture.inside.sum())

    def legend(self) -> list[Entry]:
        """The marks in the picture and what they mean."""
        return self._legend.entries(self.picture)

    def apart(self, at: QPointF) -> int | None:
        """The row at a pixel of the line of those that have no place."""
        return self._apart.at(at)

    @Slot()
    def fit(self) -> None:
        """Show all points, and follow them from now on."""
        self._keeper.fit(self._bounds, self._area())

    @property
    def look(self) -> Look:
        """How the points are looked at: what part of the plane, if a person chose one."""
        camera, range_, area = self._camera, self._keeper.range, self._area()
        window = None
        if self._keeper.taken:
            width, height = area.width / range_.scale, area.height / range_.scale
            window = Window(range_.x, range_.y, width, height)
        return Look(camera.turn, camera.tilt, camera.pivot, window)

    def look_from(self, look: Look) -> None:
        """Look at the points so; all of that part of the plane is seen, whatever the room is."""
        window, area = look.window, self._area()
        pivot = self._camera.pivot if window is None else look.pivot
        self._camera = Camera(look.turn, look.tilt, pivot)
        if window is not None:
            scale = min(area.width / window.width, area.height / window.height)
            self._keeper.take(ViewRange(window.x, window.y, scale))
            self._measure()  # how far the points are from another pivot
        elif self._keeper.taken:
            self.fit()
        self._look_again()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Make everything `factor` times larger, around the pixel `at` (None: the middle)."""
        x, y = (at.x(), at.y()) if at is not None else self._area().centre
        self._keeper.take(self._keeper.range.zoomed(factor, x, y, self._area()))

    def pan(self, dx: float, dy: float) -> None:
        """Drag the picture by `dx`, `dy` pixels."""
        self._keeper.take(self._keeper.range.panned(dx, dy))

    def turn(self, turn: float, tilt: float) -> None:
        """Turn three dimensions by `turn` and `tilt` radians."""
        self._camera = self._camera.turned(turn, tilt)
        self._look_again()

    def look_along(self, axis: int) -> None:
        """Turn three dimensions so that `axis`, 0 to 2, points at the viewer."""
        if self._scene.dimensions == 3:
            self._camera = self._camera.along(axis)
            self._look_again()

    @Slot()
    def look_along_first(self) -> None:
        """Look along the first axis."""
        self.look_along(0)

    @Slot()
    def look_along_second(self) -> None:
        """Look along the second axis."""
        self.look_along(1)

    @Slot()
    def look_along_third(self) -> None:
        """Look along the third axis."""
        self.look_along(2)

    # ── where things are ──────────────────────────────────────────────────────────────────────

    def _area(self) -> Area:
        width, height = self.width(), self.height()
        side = min(52.0, 0.14 * width)
        end = min(34.0 if self._scene.scaled else 16.0, 0.14 * height)  # room for the numbers
        key = self._legend.height(QRectF(self.rect()), self._small_font(), self._scene.tints)
        most = 0.3 if self._scene.tints is None else 0.45
        top = max(end, min(key + 14.0, most * height))
        below = end + min(18.0, 0.1 * height) if len(self._scene.left_out) else end
        return Area(side, top, width - side, height - below)

    def _measure(self) -> None:
        if self._scene.dimensions == 2:
            self._bounds = self._box = bounds_of(self._scene.points)
            return
        sphere = sphere_of(self._scene.points, self._camera.pivot)
        self._bounds = None if sphere is None else sphere.bounds()
        self._reach = 1.0 if sphere is None else sphere.radius
        self._box = None if sphere is None else sphere.box()
        if sphere is not None and sphere.centre != self._camera.pivot:
            # Turn around the middle of the cloud from now on, without a jump of the picture.
            dx, dy = self._camera.plane(np.array(sphere.centre, np.float32)).tolist()
            self._camera = replace(self._camera, pivot=sphere.centre)
            self._keeper.shifted(dx, dy)

    @Slot()
    def _look_again(self) -> None:
        self._picture = None
        self.insideChanged.emit()
        self.update()

    # ── painting ──────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the layers of the picture, from the background to the key."""
        stamps = self._stamps_now()
        theme, picture = stamps.theme, self.picture
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        small = self._small_font()
        painter.setFont(small)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._draw_axes(painter, picture, stamps)
        crowd = None
        if len(picture.scene.points) <= MOST_ROUND:
            draw_round_points(painter, picture, stamps)
        else:
            crowd = self._dots.draw(painter, picture, theme).covered(SQUARE)
            space_picture.draw_special_points(painter, picture, stamps)
        self._dots.draw_matches(painter, picture, stamps)
        space_picture.draw_word_sum(painter, picture, theme)
        means = draw_sentence(painter, picture, theme)
        space_picture.draw_trails(painter, picture, theme)
        space_picture.draw_rings(painter, picture, stamps)
        space_picture.draw_moves(painter, picture, theme)
        draw_parts(painter, picture, theme)
        draw_pooled(painter, picture, theme)
        draw_other(painter, picture, theme)
        self.key_boxes = self._legend.draw(painter, self.legend(), picture.frame, small, stamps)
        painter.setFont(small)
        apart = self._apart.draw(painter, picture.scene, picture.frame, theme)
        taken = [*self.key_boxes, *apart, *means]
        self._labels.draw(painter, picture, self.font(), theme, taken, crowd)
        self.drawing.draw(painter, picture.frame, theme)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(theme.accent)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _draw_axes(self, painter: QPainter, picture: Picture, stamps: MarkStamps) -> None:
        scene, frame, theme = picture.scene, picture.frame, stamps.theme
        if not len(scene.points) or not scene.scaled:
            return
        if scene.dimensions == 2:
            self._scales.draw(painter, picture.shown, picture.area, frame, theme, grid=scene.plain)
            axis_scale.draw_names(painter, scene.axis_names, frame, theme)
            return
        axis_scale.draw_bar(
            painter, picture.shown.scale, frame.right() - 12, frame.bottom() - 10, theme
        )
        corner = QPointF(76, frame.bottom() - 52)
        axis_scale.draw_orientation(
            painter, picture.camera.basis(), scene.axis_names, corner, 28, theme
        )

    def _stamps_now(self) -> MarkStamps:
        theme, ratio = theme_of(self), self.devicePixelRatioF()
        stamps = self._stamps
        if stamps is None or stamps.theme is not theme or stamps.device_ratio != ratio:
            stamps = self._stamps = MarkStamps(theme, ratio)
            self._picture = None
        return stamps

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * 0.88)
        return font

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again, unless a person chose the range."""
        super().resizeEvent(event)
        self._look_again()
        self._keeper.resized(self._bounds, self._area())

    @Slot()
    def _follow_tool(self) -> None:
        """In a mode the keys move a cross."""
        drawing = bool(self.tool.mode)
        self.setProperty("keepsKeys", drawing)
        if drawing:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or font: everything is painted anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._stamps = None
            self.update()

    @Slot()
    def unfold_key(self) -> None:
        """Show all of the key to the marks, or again no more than a third of the picture."""
        self._legend.unfolded = not self._legend.unfolded
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what a click on the end of the key does."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._legend.hint if self._legend.folds(QPointF(event.pos())) else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Unfold the key, or begin a click or a drag."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._on_key = left and self._legend.folds(event.position())
        if self._on_key:
            self.unfold_key()
        else:
            self._hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is pressed; otherwise light up what is under the cursor."""
        self._hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or pick what was clicked."""
        self._hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Fit, unless a point or the end of the key was pressed, which is elsewhere by now."""
        if not self._on_key:
            self._hands.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor."""
        super().leaveEvent(event)
        self._hands.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the cursor."""
        self._hands.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn, pan, zoom or fit."""
        if not self._hands.key(event):
            super().keyPressEvent(event)
