"""The lists of tokens as lines, what is picked first; and the first tokens of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.selection import TokensOf
from gui.session import Session
from gui.theme import theme_of

PICKED = 0
"""The line of what is picked now; that of list n is n + 1."""

MOST_LISTED = 1_000
CHIP = 11

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROLE = Qt.ItemDataRole


@dataclass(frozen=True)
class Entry:
    """One line: `number` of a kept list, None for what is picked; `ids` of those in the table."""

    number: int | None
    name: str
    ids: Sequence[int]
    tokens: Sequence[str]


class ListsModel(QAbstractListModel):
    """Its lines are read from the session as they are painted; a kept list can be renamed."""

    def __init__(self, session: Session, view: QWidget) -> None:
        super().__init__(view)
        self._session, self._widget = session, view

    def entry(self, line: int) -> Entry:
        """What stands on `line`."""
        lists, tokens = self._session.lists, self._session.vocabulary.tokens
        if 0 < line <= len(lists.lists):
            number = line - 1
            kept = lists.lists[number]
            return Entry(number, kept.name, lists.ids(number).tolist(), kept.tokens)
        ids = self._session.selection
        return Entry(None, self.tr("Picked now"), ids, TokensOf(ids, tokens))

    def refresh(self) -> None:
        """The lists are others."""
        self.beginResetModel()
        self.endResetModel()

    def refresh_picked(self) -> None:
        """Other tokens are picked."""
        self.dataChanged.emit(self.index(PICKED), self.index(PICKED))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._session.lists.lists) + 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.row() > PICKED else flags

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        lists, line = self._session.lists, index.row()
        if not 0 <= line <= len(lists.lists):
            return None
        if line == PICKED:
            if role == _ROLE.DisplayRole:
                count = len(self._session.selection)
                return self.tr("Picked now ({n:,})").format(n=count)
            return self._ring() if role == _ROLE.DecorationRole else None
        kept = lists.lists[line - 1]
        if role == _ROLE.EditRole:
            return kept.name
        if role == _ROLE.DecorationRole:
            return chip(theme_of(self._widget).series[kept.colour], self._widget)
        known, count = len(lists.ids(line - 1)), len(kept.tokens)
        if role == _ROLE.DisplayRole:
            text = self.tr("{name} ({n:,})")
            if known < count:
                text = self.tr("{name} ({n:,} of {all:,})")
            return text.format(name=kept.name, n=known, all=count)
        if role == _ROLE.ToolTipRole and known < count:
            return self.tr("{n:,} of its tokens are not in this table").format(n=count - known)
        return None

    def setData(self, index: _Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        """Rename a kept list."""
        if role != _ROLE.EditRole or index.row() <= PICKED:
            return False
        self._session.lists.rename(index.row() - 1, str(value))
        return True

    def _ring(self) -> QIcon:
        theme = theme_of(self._widget)
        icon = QIcon(chip(theme.text, self._widget, ring=True))
        icon.addPixmap(chip(theme.on_accent, self._widget, ring=True), QIcon.Mode.Selected)
        return icon


def chip(colour: QColor, widget: QWidget, *, ring: bool = False) -> QPixmap:
    """A small disc of `colour`, or a ring such as is drawn around picked points."""
    ratio = widget.devicePixelRatioF()
    pixmap = QPixmap(round((CHIP + 2) * ratio), round((CHIP + 2) * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # The rim of a disc is seen only on a line that is picked out by a colour like its own.
    painter.setPen(QPen(colour if ring else theme_of(widget).surface, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if ring else colour)
    painter.drawEllipse(1, 1, CHIP, CHIP)
    painter.end()
    return pixmap


class TokensModel(QAbstractListModel):
    """The first `MOST_LISTED` tokens of an entry, and how many more there are."""

    def __init__(self, session: Session, view: QWidget) -> None:
        super().__init__(view)
        self._session, self._widget = session, view
        self._tokens: Sequence[str] = ()
        self._total = 0

    def show_tokens(self, tokens: Sequence[str]) -> None:
        """List these."""
        first = tuple(tokens[:MOST_LISTED])
        if first != self._tokens or len(tokens) != self._total:
            self.beginResetModel()
            self._tokens, self._total = first, len(tokens)
            self.endResetModel()

    def id(self, line: int) -> int | None:
        """The id of the token on `line`; None if the table lacks it."""
        known = 0 <= line < len(self._tokens)
        return self._session.vocabulary.id(self._tokens[line]) if known else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tokens) + (self._total > len(self._tokens))

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> Any:
        line = index.row()
        if line >= len(self._tokens):
            more = self._total - len(self._tokens)
            text = self.tr("… and {n:,} more").format(n=more)
            return text if role == _ROLE.DisplayRole else None
        if role == _ROLE.DisplayRole:
            return self._tokens[line]
        id_ = self.id(line)
        if role == _ROLE.ToolTipRole:
            if id_ is None:
                return self.tr("Not in this table")
            return self.tr("{token}  (id {id})").format(token=self._tokens[line], id=id_)
        if role == _ROLE.ForegroundRole and id_ is None:
            return theme_of(self._widget).muted
        return None
