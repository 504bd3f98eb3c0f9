"""A frame of a film: what a panel shows now, in the size of the film, with the step under it."""

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QMainWindow, QWidget

from core.film import Frame
from gui.film_plan import Plan
from gui.film_subjects import bring_forward
from gui.picture import image_of
from gui.theme import SPACING, theme_of
from gui.throttle import Throttle


class FramePainter:
    """Paints the frames of one plan, all of the size they had when it was made.

    A panel that is made larger or smaller meanwhile is fitted in.
    """

    def __init__(self, plan: Plan) -> None:
        self._widget = plan.subject.widget
        self._size, self._strip = plan.size, plan.caption_height
        self._is_window = isinstance(self._widget.parentWidget(), QMainWindow)

    def paint(self, caption: str) -> QImage:
        """What is shown now, and `caption` under it, if the plan wants one."""
        bring_forward(self._widget)
        _come_to_rest(self._widget)
        theme = theme_of(self._widget)
        frame = QImage(self._size, QImage.Format.Format_RGB32)
        frame.fill(theme.window)
        room = QSize(self._size.width(), self._size.height() - self._strip)
        scale = _scale(self._widget, room)
        picture = image_of(self._widget, scale, with_buttons=self._is_window)
        painter = QPainter(frame)
        left = (room.width() - picture.width()) / 2
        top = (room.height() - picture.height()) / 2
        picture.setDevicePixelRatio(1)
        painter.drawImage(QPointF(round(left), round(top)), picture)
        if self._strip:
            font = self._widget.font()
            font.setPixelSize(max(6, round(self._widget.fontInfo().pixelSize() * scale)))
            painter.setFont(font)
            painter.setPen(theme.text)
            strip = QRectF(QRect(0, room.height(), room.width(), self._strip))
            inside = strip.adjusted(SPACING * scale, 0, -SPACING * scale, 0)
            painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, caption)
        painter.end()
        return frame


def pixels(image: QImage) -> Frame:
    """The pixels of `image` `(H, W, 3)`; in any thread."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width = image.height(), image.width()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return lines[:, : 3 * width].reshape(height, width, 3).copy()


def _come_to_rest(widget: QWidget) -> None:
    # Texts that wait, for a person reads no faster, are of the step before.
    for throttle in widget.findChildren(Throttle):
        throttle.hurry()
    # A view on its way to where the points are now; a flash over the colours of the values.
    for motion in widget.findChildren(QVariantAnimation):
        if motion.state() == QVariantAnimation.State.Running:
            motion.setCurrentTime(motion.totalDuration())


def _scale(widget: QWidget, room: QSize) -> float:
    return min(room.width() / max(1, widget.width()), room.height() / max(1, widget.height()))
