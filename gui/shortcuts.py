"""The list of all keys and what they do, made from the actions themselves."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.theme import SPACING


class ShortcutsDialog(QDialog):
    """Shows every action that has a key, menu by menu, and the keys of the Space view."""

    def __init__(
        self, menus: Mapping[str, Sequence[QAction]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list = QTreeWidget()
        self._list.setObjectName("shortcutsList")
        self._list.setAccessibleName(self.tr("Keyboard shortcuts"))
        self._list.setHeaderLabels([self.tr("Command"), self.tr("Keys")])
        self._list.setRootIsDecorated(False)
        self._list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for title, actions in menus.items():
            rows = [(_plain(action.text()), _keys(action)) for action in actions]
            self._add(_plain(title), [row for row in rows if row[1]])
        self._add(self.tr("Space view, when it has the focus"), self._space_view_keys())
        self._add(self.tr("Lists, when they have the focus"), self._lists_keys())
        note = QLabel(
            self.tr(
                "Space and → go to the field, table or 3-D view that has the focus; "
                "Ctrl+Enter and Ctrl+→ always run and step."
            )
        )
        note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addWidget(self._list)
        layout.addWidget(note)
        layout.addWidget(buttons)
        margins = layout.contentsMargins()
        self.resize(max(560, self._list_width() + margins.left() + margins.right()), 620)

    def _list_width(self) -> int:
        """What both columns need, in text of any size."""
        columns = sum(self._list.sizeHintForColumn(column) for column in range(2))
        bar, frame = self._list.verticalScrollBar().sizeHint().width(), self._list.frameWidth()
        return columns + bar + 2 * frame + SPACING

    def _add(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        if not rows:
            return
        group = QTreeWidgetItem(self._list, [title])
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setFirstColumnSpanned(True)
        for row in rows:
            QTreeWidgetItem(group, list(row))
        group.setExpanded(True)

    def _space_view_keys(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Move the view; in 3-D, turn it"), self.tr("Arrow keys")),
            (self.tr("Nearer, farther"), "+  −"),
            (self.tr("Fit all points into the view"), "F"),
            (self.tr("Hold the axes, or let them follow"), "H"),
            (self.tr("Show all of the key to marks and colours, or less"), "K"),
            (self.tr("Pick by rectangle, by lasso"), "R  L"),
            (self.tr("Pick by rectangle at once"), self.tr("Ctrl and drag")),
            (self.tr("While picking: add, take away"), self.tr("Shift, Ctrl or Alt")),
            (self.tr("Move the cross; begin and end"), self.tr("Arrow keys; Space")),
            (self.tr("Give up what is drawn, leave picking"), "Esc"),
        ]

    def _lists_keys(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Pick the tokens of the list"), self.tr("Enter")),
            (self.tr("Add them to what is picked, take them away"), "+  −"),
            (self.tr("Copy the tokens, one a line"), "Ctrl+C"),
            (self.tr("Rename, remove"), self.tr("F2, Delete")),
        ]


def _keys(action: QAction) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(dict.fromkeys(keys.toString(native) for keys in action.shortcuts()))


def _plain(text: str) -> str:
    return text.replace("&", "")
