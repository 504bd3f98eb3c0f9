"""Lists: what is picked now, and the lists of tokens that are kept; what can be done with each."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QListView,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.list_files import ListFiles
from gui.opening import dropped_file
from gui.panel_labels import waiting_label
from gui.panels.lists_menu import ListsMenu
from gui.panels.lists_model import PICKED, Entry, ListsModel, TokensModel
from gui.selection import How, picked_after
from gui.session import Session
from gui.theme import SPACING

_Key = Qt.Key
_HOW: dict[int, How] = {
    _Key.Key_Plus: "add",
    _Key.Key_Equal: "add",
    _Key.Key_Minus: "subtract",
}


class ListsPanel(QWidget):
    """The lists on the left, the first tokens of the current one on the right.

    `told` carries a sentence about what was done.
    """

    told = Signal(str)

    def __init__(self, session: Session, files: ListFiles, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("listsPanel")
        self.setAcceptDrops(True)
        self._session, self._files = session, files
        self._export: QMenu | None = None
        self._make_buttons()
        self._make_views()
        self._lay_out()
        session.lists.changed.connect(self._refresh)
        session.selectionChanged.connect(self._refresh_picked)
        self._go_to(PICKED)

    # ── making ────────────────────────────────────────────────────────────────────────────────

    def _make_buttons(self) -> None:
        self._keep = self._button(
            "listsKeep",
            self.tr("Keep"),
            self.tr("Keep what is picked as a list, which can be named and found again"),
        )
        self._keep.setAccessibleName(self.tr("Keep as list"))
        self._keep.clicked.connect(self.keep)
        self._pick = self._button(
            "listsPick", self.tr("Pick"), self.tr("Pick the tokens of this list (Enter)")
        )
        self._pick.clicked.connect(self.pick)
        self._only = self._button(
            "listsOnly",
            self.tr("Show only"),
            self.tr("Show these tokens alone in Space, with the PCA of just these"),
        )
        self._only.setAccessibleName(self.tr("Show only these"))
        self._only.clicked.connect(self.show_only)
        self._more = self._button("listsMore", "⋯", self.tr("What else can be done with the list"))
        self._more.setAccessibleName(self._more.toolTip())
        self._more.clicked.connect(self._open_menu_at_button)

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        return button

    def _make_views(self) -> None:
        self._lists = self._view("listsNames", self.tr("Lists of tokens"))
        self._model = ListsModel(self._session, self._lists)
        self._lists.setModel(self._model)
        self._lists.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self._lists.selectionModel().currentChanged.connect(self._show_entry)
        self._lists.activated.connect(self.pick)
        self._lists.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._lists.customContextMenuRequested.connect(self._open_menu_at)
        self._tokens = self._view("listsTokens", self.tr("Tokens of the list"))
        self._tokens_model = TokensModel(self._session, self._tokens)
        self._tokens.setModel(self._tokens_model)
        self._tokens.setMouseTracking(True)
        self._tokens.entered.connect(self._hover)
        self._tokens.activated.connect(self._pick_one)
        self._tokens_port = self._tokens.viewport()
        for watched in (self._lists, self._tokens, self._tokens_port):
            watched.installEventFilter(self)
        self._words = waiting_label(
            "listsWords",
            self.tr(
                "Nothing is picked. Pick tokens in Space with a rectangle (R) or a lasso (L), or "
                "drop a text file here that has a token on each line."
            ),
        )
        self._words.setMinimumHeight(1)

    def _view(self, name: str, told: str) -> QListView:
        view = QListView()
        view.setObjectName(name)
        view.setAccessibleName(told)
        view.setUniformItemSizes(True)
        view.setSpacing(2)
        view.setMinimumHeight(view.fontMetrics().height())
        return view

    def _lay_out(self) -> None:
        half = SPACING // 2
        self._pages = QStackedWidget()
        self._pages.addWidget(self._tokens)
        self._pages.addWidget(self._words)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("listsSplitter")
        both.setChildrenCollapsible(False)
        both.setHandleWidth(SPACING - 2)
        both.addWidget(self._lists)
        both.addWidget(self._pages)
        both.setSizes([SPACING, SPACING])
        row = QHBoxLayout()
        row.setSpacing(half)
        for button in (self._keep, self._pick, self._only):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(half, half, half, half)
        column.setSpacing(half)
        column.addLayout(row)
        column.addWidget(both, 1)

    def set_export_menu(self, menu: QMenu) -> None:
        """Offer what `menu` offers too: pictures and numbers."""
        self._export = menu

    # ── what is shown ─────────────────────────────────────────────────────────────────────────

    @property
    def entry(self) -> Entry:
        """The current line."""
        return self._model.entry(max(self._lists.currentIndex().row(), PICKED))

    def changeEvent(self, event: QEvent) -> None:
        """Paint the chips anew in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._lists.viewport().update()

    @Slot()
    def _refresh(self) -> None:
        at = self._lists.currentIndex().row()
        self._model.refresh()
        self._go_to(min(at, self._model.rowCount() - 1))

    def _go_to(self, line: int) -> None:
        self._lists.setCurrentIndex(self._model.index(line))
        self._show_entry()

    @Slot()
    def _refresh_picked(self) -> None:
        self._model.refresh_picked()
        if self.entry.number is None:
            self._show_entry()

    @Slot()
    def _show_entry(self) -> None:
        entry = self.entry
        picked = entry.number is None
        self._keep.setVisible(picked)
        self._keep.setEnabled(bool(entry.ids))
        self._pick.setVisible(not picked)
        self._pick.setEnabled(bool(entry.ids))
        self._only.setEnabled(bool(entry.ids))
        self._tokens_model.show_tokens(entry.tokens)
        self._pages.setCurrentIndex(1 if picked and not entry.ids else 0)

    # ── what is done ──────────────────────────────────────────────────────────────────────────

    @Slot()
    def keep(self) -> None:
        """Keep what is picked as a list, to be named at once."""
        tokens = self._model.entry(PICKED).tokens
        if not tokens:
            self.told.emit(self.tr("Nothing is picked that could be kept."))
            return
        number = self._session.lists.keep(tokens)
        name = self._session.lists.lists[number].name
        self._go_to(number + 1)
        self._lists.setFocus()
        self._lists.edit(self._lists.currentIndex())
        kept = self.tr("{tokens} kept as {name}.")
        self.told.emit(kept.format(tokens=self._count(len(tokens)), name=name))

    @Slot()
    def pick(self) -> None:
        """Pick the tokens of the current list."""
        self.change_picked("replace")

    def change_picked(self, how: How) -> None:
        """Pick the tokens of the current list, or pick them too, or no more."""
        entry, session = self.entry, self._session
        if entry.number is None:
            return
        if not entry.ids:
            self.told.emit(self.tr("None of these tokens is in this table."))
            return
        session.select(picked_after(session.selection, session.lists.ids(entry.number), how))
        picked = self._count(len(session.selection))
        self.told.emit(self.tr("{tokens} picked.").format(tokens=picked))

    @Slot()
    def show_only(self) -> None:
        """Show the tokens of the current line alone in Space."""
        if not self._session.shown_only.show(self.entry.tokens):
            self.told.emit(self.tr("None of these tokens is in this table."))

    @Slot()
    def copy(self) -> None:
        """Put the tokens of the current line on the clipboard, one a line."""
        tokens = self.entry.tokens
        if tokens:
            QApplication.clipboard().setText("\n".join(tokens))
            copied = self.tr("{tokens} copied.").format(tokens=self._count(len(tokens)))
            self.told.emit(copied)

    @Slot()
    def save(self) -> None:
        """Write the tokens of the current line to a file."""
        if self.entry.tokens:
            self._files.save(self.entry.name, self.entry.tokens)

    @Slot()
    def rename(self) -> None:
        """Let the user type another name."""
        self._lists.setFocus()
        self._lists.edit(self._lists.currentIndex())

    @Slot()
    def remove(self) -> None:
        """Forget the current list."""
        number = self.entry.number
        if number is not None:
            name = self.entry.name
            self._session.lists.remove(number)
            self.told.emit(self.tr("{name} is removed; Undo brings it back.").format(name=name))

    def _count(self, count: int) -> str:
        return self.tr("1 token") if count == 1 else self.tr("{n:,} tokens").format(n=count)

    # ── hands ─────────────────────────────────────────────────────────────────────────────────

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the lists; and nothing is under the mouse once it leaves the tokens."""
        if watched is self._tokens_port and event.type() == QEvent.Type.Leave:
            self._session.hover(None)
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and self._key(watched, event):
                return True
            copies = event.matches(QKeySequence.StandardKey.Copy)
            if event.type() == QEvent.Type.ShortcutOverride and copies:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif watched is not self._lists:
            return False
        elif event.key() == _Key.Key_Delete:
            self.remove()
        elif event.key() in _HOW and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.change_picked(_HOW[event.key()])
        else:
            return False
        return True

    @Slot()
    def _open_menu_at_button(self) -> None:
        self.menu().popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    @Slot(QPoint)
    def _open_menu_at(self, place: QPoint) -> None:
        self.menu().popup(self._lists.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """What can be done with the current line; it is gone once it was open."""
        menu = ListsMenu(self._session, self, self)
        if self._export is not None:
            menu.addSeparator()
            menu.addActions(self._export.actions())
        return menu

    @Slot(QModelIndex)
    def _hover(self, index: QModelIndex) -> None:
        self._session.hover(self._tokens_model.id(index.row()))

    @Slot(QModelIndex)
    def _pick_one(self, index: QModelIndex) -> None:
        id_ = self._tokens_model.id(index.row())
        if id_ is not None:
            self._session.select((id_,))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file dropped here makes a list."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make a list of the dropped file."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self._files.read(path)
