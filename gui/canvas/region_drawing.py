"""Paints what is being drawn to pick points: its outline, how many are in it, and what to press."""

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from gui.canvas.region_tool import RegionTool
from gui.theme import Theme

_PADDING = 6.0
_CROSS = 9.0
_LOW = 260.0  # a picture that has no room for all that could be said
_APART = 14.0  # between the last corner and the count


class RegionDrawing(QObject):
    """Over everything else in the picture."""

    def __init__(self, tool: RegionTool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tool = tool

    def draw(self, painter: QPainter, frame: QRectF, theme: Theme) -> None:
        """Paint it; nothing while there is neither a mode nor a drag."""
        tool = self._tool
        region = tool.region
        if region is None and not tool.mode:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if tool.mode and (region is None or tool.cross is not None):  # with a mouse it would hide
            self._draw_hint(painter, frame, theme)
        if region is not None:
            inside = QColor(theme.accent)
            inside.setAlpha(36)
            painter.setBrush(inside)
            painter.setPen(QPen(theme.accent, 1.5))
            corners = [QPointF(x, y) for x, y in region.outline()]
            painter.drawPolygon(QPolygonF(corners), Qt.FillRule.OddEvenFill)
        if tool.cross is not None:
            self._draw_cross(painter, QPointF(*tool.cross), theme)
        if region is not None:
            end = QPointF(*tool.cross) if tool.cross else corners[-1]
            if tool.mode != "lasso" and not tool.cross:
                end = corners[2]
            self._draw_count(painter, end, frame, theme)

    def hint(self) -> str:
        """What can be done in this mode; empty without one."""
        if not self._tool.mode:
            return ""
        if self._tool.region is not None:
            return self.tr("Space ends it · Shift adds, Ctrl takes away · Esc gives up")
        if self._tool.mode == "lasso":
            how = self.tr("Draw around tokens, or arrow keys and Space")
        else:
            how = self.tr("Drag a rectangle, or arrow keys and Space")
        return self.tr("{how} · Shift adds, Ctrl takes away · Esc leaves").format(how=how)

    def count(self) -> str:
        """How many points are in it, and what would become of them."""
        ids = self._tool.ids()
        text = self.tr("1 token") if len(ids) == 1 else self.tr("{n:,} tokens").format(n=len(ids))
        signs = {"add": "+", "subtract": "−", "replace": ""}
        return signs[self._tool.how] + text

    def _short_hint(self) -> str:
        if self._tool.region is not None:
            return self.tr("Space ends it · Esc gives up")
        return self.tr("Shift adds · Ctrl takes away · Esc leaves")

    def _draw_hint(self, painter: QPainter, frame: QRectF, theme: Theme) -> None:
        low = frame.height() < _LOW
        room = frame.adjusted(40, 0, -40, -4) if low else frame.adjusted(40, 30, -40, -30)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        wrapped = flags | Qt.TextFlag.TextWordWrap
        text = self._short_hint() if low else self.hint()
        box = QFontMetricsF(painter.font()).boundingRect(room, int(wrapped), text)
        _draw_box(painter, box, theme)
        painter.drawText(box, int(wrapped), text)

    def _draw_count(self, painter: QPainter, end: QPointF, frame: QRectF, theme: Theme) -> None:
        text = self.count()
        metrics = QFontMetricsF(painter.font())
        box = QRectF(0, 0, metrics.horizontalAdvance(text), metrics.height())
        box.moveTopLeft(end + QPointF(_APART, _APART))
        room = frame.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        if box.right() > room.right():
            box.moveRight(min(end.x() - _APART, room.right()))
        if box.bottom() > room.bottom():
            box.moveBottom(min(end.y() - _APART, room.bottom()))
        box.moveLeft(max(box.left(), room.left()))
        box.moveTop(max(box.top(), room.top()))
        _draw_box(painter, box, theme)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_cross(self, painter: QPainter, at: QPointF, theme: Theme) -> None:
        for colour, width in ((theme.surface, 4.0), (theme.text, 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(at - QPointF(_CROSS, 0), at + QPointF(_CROSS, 0))
            painter.drawLine(at - QPointF(0, _CROSS), at + QPointF(0, _CROSS))


def _draw_box(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """A ground for text, over whatever is there; leaves the pen ready for the text."""
    painter.setPen(QPen(theme.line, 1))
    painter.setBrush(theme.surface)
    painter.drawRoundedRect(box.adjusted(-_PADDING, -3, _PADDING, 3), 4, 4)
    painter.setPen(theme.text)
