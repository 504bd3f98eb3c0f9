"""Above the table: what its rows are sorted by, which are shown, and a way to one of them."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from core.row_order import Sorting, SortKey
from gui.panels.row_sorter import Only, RowSorter, Wish, first_way
from gui.small_label import SmallLabel
from gui.theme import SPACING


class SortButton(QToolButton):
    """A menu of what rows can be sorted by, which way, and which rows are shown."""

    goWanted = Signal()

    def __init__(self, sorter: RowSorter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sorter = sorter
        self.setObjectName("tableSort")
        self.setText(self.tr("Sort"))
        self.setAccessibleName(self.tr("Sort and filter the rows"))
        self.setToolTip(self.tr("Sort the rows, show only some of them, or go to one"))
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self._keys = self._group(menu, self._key_names(), self._choose_key)
        menu.addSeparator()
        ways = {
            "ascending": self.tr("Smallest or first on top"),
            "descending": self.tr("Largest or last on top"),
        }
        self._ways = self._group(menu, ways, self._choose_way)
        menu.addSeparator()
        self._only = self._group(
            menu,
            {
                "all": self.tr("All rows"),
                "picked": self.tr("Only those picked now"),
                "matches": self.tr("Only what the search matches"),
            },
            self._choose_rows,
        )
        menu.addSeparator()
        menu.addAction(self.tr("Go to a row…")).triggered.connect(self.goWanted)
        menu.aboutToShow.connect(self._check)
        self.setMenu(menu)

    def _key_names(self) -> dict[str, str]:
        return {
            "id": self.tr("By id"),
            "token": self.tr("By token"),
            "count": self.tr("By count in the sentences"),
            "norm": self.tr("By norm"),
            "moved": self.tr("By how far it moved last"),
            "gradient": self.tr("By norm of its last gradient"),
        }

    def _group(self, menu: QMenu, names: dict[str, str], chosen: object) -> QActionGroup:
        group = QActionGroup(self)
        for name, text in names.items():
            action = group.addAction(menu.addAction(text))
            action.setCheckable(True)
            action.setData(name)
        group.triggered.connect(chosen)
        return group

    @Slot()
    def _check(self) -> None:
        sorting = self._sorter.sorting
        way = "descending" if sorting.descending else "ascending"
        groups = ((self._keys, sorting.key), (self._ways, way), (self._only, self._sorter.only))
        for group, name in groups:
            for action in group.actions():
                action.setChecked(action.data() == name)

    @Slot(QAction)
    def _choose_key(self, action: QAction) -> None:
        key: SortKey = action.data()
        self._sorter.sort_by(first_way(key))

    @Slot(QAction)
    def _choose_way(self, action: QAction) -> None:
        descending = action.data() == "descending"
        self._sorter.sort_by(Sorting(self._sorter.sorting.key, descending))

    @Slot(QAction)
    def _choose_rows(self, action: QAction) -> None:
        only: Only = action.data()
        self._sorter.show_only(only)


class RowField(QLineEdit):
    """Takes an id or a token; `wanted` carries it, and Escape leaves."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tableGoTo")
        self.setAccessibleName(self.tr("Row to go to"))
        self.setPlaceholderText(self.tr("id or token"))
        self.returnPressed.connect(self._tell)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _tell(self) -> None:
        self.wanted.emit(self.text())


class OrderLine(QWidget):
    """Says how the rows stand where that is not simply all of them by id; holds the field."""

    def __init__(self, sorter: RowSorter, parent: QWidget) -> None:
        super().__init__(parent)
        self._sorter = sorter
        self._said = ""
        self.label = SmallLabel("tableOrder", parent)
        self.field = RowField(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING)
        row.addWidget(self.label, 1)
        row.addWidget(self.field, 1)
        self.field.installEventFilter(self)
        sorter.busyChanged.connect(self._tell)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take no room while there is nothing to say and nothing to type."""
        if event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self._tell()
        return super().eventFilter(watched, event)

    def say(self, wish: Wish) -> None:
        """The rows stand as wished."""
        parts = []
        if wish.ids is not None:
            what = {
                "picked": self.tr("{count} of {rows} rows: those picked"),
                "matches": self.tr("{count} of {rows} rows: what the search matches"),
            }[wish.only]
            parts.append(what.format(count=f"{len(wish.ids):,}", rows=f"{wish.rows:,}"))
        if wish.sorting != Sorting():
            parts.append(self._sorted_by(wish))
        self._said = " · ".join(parts)
        self._tell()

    def _sorted_by(self, wish: Wish) -> str:
        texts = {
            "id": (self.tr("sorted by id"), self.tr("sorted by id, largest first")),
            "token": (self.tr("sorted by token"), self.tr("sorted by token, last first")),
            "count": (
                self.tr("sorted by count, smallest first"),
                self.tr("sorted by count, largest first"),
            ),
            "norm": (
                self.tr("sorted by norm of step {n}, smallest first"),
                self.tr("sorted by norm of step {n}, largest first"),
            ),
            "moved": (
                self.tr("sorted by move in {span}, smallest first"),
                self.tr("sorted by move in {span}, largest first"),
            ),
            "gradient": (
                self.tr("sorted by gradient of step {n}, smallest first"),
                self.tr("sorted by gradient of step {n}, largest first"),
            ),
        }
        text = texts[wish.sorting.key][wish.sorting.descending]
        text = text.format(n=f"{wish.step:,}", span=self._span(wish))
        if wish.done or wish.sorting.key not in ("moved", "gradient"):
            return text
        return self.tr("{order} (what that step did was not stored)").format(order=text)

    def _span(self, wish: Wish) -> str:
        if wish.step - wish.since > 1:
            first, last = f"{wish.since + 1:,}", f"{wish.step:,}"
            return self.tr("steps {first}–{last}").format(first=first, last=last)
        return self.tr("step {n}").format(n=f"{wish.step:,}")

    @Slot()
    def _tell(self) -> None:
        text = self._said
        if not text and self._sorter.busy:
            text = self.tr("Sorting …")
        if text != self.label.text():
            self.label.setText(text)
        self.label.setVisible(bool(text))
        self.setVisible(bool(text) or not self.field.isHidden())
