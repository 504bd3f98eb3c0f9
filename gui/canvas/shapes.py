"""Drawing shapes where the picture becomes an SVG, and pixels where it goes to the screen.

Pixels are much the quicker; in an SVG they would blur when it is enlarged, which is what an SVG is
for.
"""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPaintEngine, QPainter

MOST_CELLS = 20_000  # more make a file that no program likes to open


def into_shapes(painter: QPainter) -> bool:
    """Whether `painter` draws an SVG."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.SVG


def draw_cells(painter: QPainter, box: QRectF, image: QImage, line: int | None = None) -> None:
    """Draw each pixel of `image`, or of one `line` of it, as a cell; together they fill `box`."""
    top, height = (0, image.height()) if line is None else (line, 1)
    width = image.width()
    if not into_shapes(painter) or width * height > MOST_CELLS:
        painter.drawImage(box, image, QRectF(0, top, width, height))
        return
    across, down = box.width() / width, box.height() / height
    for y in range(height):
        for x in range(width):
            cell = QRectF(box.left() + x * across, box.top() + y * down, across, down)
            painter.fillRect(cell, image.pixelColor(x, top + y))
