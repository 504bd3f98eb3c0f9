"""What a panel shows as a picture: without its buttons, as pixels or as SVG."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QToolButton, QWidget


def image_of(widget: QWidget, ratio: float | None = None, *, with_buttons: bool = False) -> QImage:
    """`widget` as it is on screen, of `ratio` times its size; None: as sharp as the screen is."""
    ratio = widget.devicePixelRatioF() if ratio is None else ratio
    image = QImage(widget.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    with nullcontext() if with_buttons else _without_buttons(widget):
        widget.render(image)
    return image


def png_of(widget: QWidget) -> bytes:
    """`widget` as a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image_of(widget))
    return bytes(content.data())


def svg_of(widget: QWidget, title: str) -> bytes:
    """`widget` as an SVG file: shapes and text, and pixels only where it draws too many dots."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(widget.size())
    generator.setViewBox(QRect(QPoint(0, 0), widget.size()))
    generator.setResolution(widget.logicalDpiX())
    generator.setTitle(title)
    with _without_buttons(widget):
        painter = QPainter(generator)
        widget.render(painter, QPoint(0, 0))
        painter.end()
    return bytes(content.data())


@contextmanager
def _without_buttons(widget: QWidget) -> Iterator[None]:
    """Buttons and whoever has the focus are of the window, not of what is shown."""
    focused = QApplication.focusWidget()
    hidden = []
    for button in widget.findChildren(QToolButton):
        policy = button.sizePolicy()
        if button.isVisible():
            kept = policy.retainSizeWhenHidden()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            button.hide()
            hidden.append((button, kept))
    if focused is not None and widget.isAncestorOf(focused):
        focused.clearFocus()
    try:
        yield
    finally:
        for button, kept in hidden:
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(kept)
            button.setSizePolicy(policy)
            button.show()
        if focused is not None and widget.isAncestorOf(focused):
            focused.setFocus()
