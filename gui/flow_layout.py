"""A bar of widgets that goes on in another line where it has too little room."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Widgets side by side, as many in a line as there is room for; each line ends at the right.

    One that takes whatever width there is (its policy is Ignored) gets what the others of its
    line leave, and nothing where that is less than `least`.
    """

    def __init__(self, least: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self._items: list[QLayoutItem] = []

    # ── what Qt asks of a layout ──────────────────────────────────────────────────────────────

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        lines = self._lines(width - margins.left() - margins.right())
        heights = [self._height(line) for line in lines]
        between = self.spacing() * max(len(heights) - 1, 0)
        return margins.top() + sum(heights) + between + margins.bottom()

    def sizeHint(self) -> QSize:
        line = self._shown()
        between = self.spacing() * max(len(line) - 1, 0)
        width = sum(self._width(item) for item in line) + between
        return QSize(width, self._height(line)).grownBy(self.contentsMargins())

    def minimumSize(self) -> QSize:
        line = self._shown()
        widest = max((self._width(item) for item in line), default=0)
        return QSize(widest, self._height(line)).grownBy(self.contentsMargins())

    def setGeometry(self, rectangle: QRect) -> None:
        super().setGeometry(rectangle)
        room = rectangle.marginsRemoved(self.contentsMargins())
        y = room.top()
        for line in self._lines(room.width()):
            height = self._height(line)
            self._place(line, QRect(room.left(), y, room.width(), height))
            y += height + self.spacing()

    # ── inside ────────────────────────────────────────────────────────────────────────────────

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, room: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            width = self._width(item)
            if lines and used + self.spacing() + width <= room:
                lines[-1].append(item)
                used += self.spacing() + width
            else:
                lines.append([item])
                used = width
        return lines

    def _place(self, line: list[QLayoutItem], room: QRect) -> None:
        spare = room.width() - sum(self._width(item) for item in line)
        spare -= self.spacing() * (len(line) - 1)
        takers = sum(self._takes(item) for item in line)
        share = spare // takers if takers and spare // takers >= self._least else 0
        x = room.left() + max(spare - share * takers, 0)
        for item in line:
            width = share if self._takes(item) else self._width(item)
            height = min(item.sizeHint().height(), room.height())
            y = room.top() + (room.height() - height) // 2
            item.setGeometry(QRect(x, y, width, height))
            x += width + self.spacing()

    def _takes(self, item: QLayoutItem) -> bool:
        widget = item.widget()
        policy = widget.sizePolicy().horizontalPolicy() if widget is not None else None
        return policy is QSizePolicy.Policy.Ignored

    def _width(self, item: QLayoutItem) -> int:
        if self._takes(item):
            return 0
        return max(item.sizeHint().width(), item.minimumSize().width())

    def _height(self, line: list[QLayoutItem]) -> int:
        return max((item.sizeHint().height() for item in line), default=0)
