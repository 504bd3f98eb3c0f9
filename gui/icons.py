"""One-colour icons, tinted from the palette as they are painted: a theme switch reloads none."""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

MOST_KEPT = 16  # pictures of one icon: its sizes, in the colours of themes and modes


def icon(name: str) -> QIcon:
    """The icon of `resources/icons/<name>.svg`; raises `FileNotFoundError` if there is none."""
    _drawing(name)  # fail here, where the name is, and not in a paint event
    return QIcon(_TintedEngine(name))


@cache
def _drawing(name: str) -> QByteArray:
    return QByteArray((files("resources") / "icons" / f"{name}.svg").read_bytes())


class _TintedEngine(QIconEngine):
    """Paints a drawing's shape in the colour that text on buttons has just now."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._kept: dict[tuple[int, int, int], QPixmap] = {}  # those on Space are painted with it

    def clone(self) -> QIconEngine:
        """Another engine of the same drawing; Qt asks for one only if a pixmap is added to an icon.

        Never add one: PySide does not hand the clone over, and Qt would use it after its end.
        """
        return _TintedEngine(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Draw into `rect`, as sharp as the device is."""
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._tinted(rect.size() * ratio, mode)
        painter.drawPixmap(rect, pixmap)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """The icon in `size` device pixels."""
        return self._tinted(size, mode)

    def _tinted(self, size: QSize, mode: QIcon.Mode) -> QPixmap:
        ink = _ink(mode)
        key = (size.width(), size.height(), ink.rgba())
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._drawn(size, ink)
        return self._kept[key]

    def _drawn(self, size: QSize, ink: QColor) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        side = min(size.width(), size.height())
        area = QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side)
        QSvgRenderer(_drawing(self._name)).render(painter, area)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixmap.rect(), ink)
        painter.end()
        return pixmap


def _ink(mode: QIcon.Mode) -> QColor:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    if mode == QIcon.Mode.Selected:
        return palette.color(QPalette.ColorRole.HighlightedText)
    return palette.color(QPalette.ColorRole.ButtonText)
