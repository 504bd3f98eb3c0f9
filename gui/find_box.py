"""The field that finds a token or a command: type, choose from the list, press Enter."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from gui.icons import icon
from gui.session import Session
from gui.theme import SPACING

MOST_COMMANDS = 6
MOST_TOKENS = 14
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Match:
    """One line of the list: either a command or the id of a token."""

    text: str
    note: str
    action: QAction | None = None
    token_id: int | None = None


class FindBox(QLineEdit):
    """Lists what fits the text as it is typed; Enter takes the chosen line, else the first."""

    def __init__(
        self, session: Session, actions: Iterable[QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._actions = list(actions)
        self._before: QWidget | None = None
        self._chosen: Match | None = None
        self.setObjectName("findBox")
        self.setAccessibleName(self.tr("Find a token or a command"))
        self.setPlaceholderText(self.tr("find a token or a command"))
        self.setClearButtonEnabled(True)
        self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._matches = _Matches(self)
        self._popup = QListView()
        self._popup.setObjectName("findList")
        self._popup.setAccessibleName(self.tr("What was found"))
        completer = QCompleter(self._matches, self)
        completer.setPopup(self._popup)
        # The model holds just what fits; the completer must not sift it once more.
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(MOST_COMMANDS + MOST_TOKENS)
        chosen = completer.activated[QModelIndex]  # type: ignore[index]  # the stubs know no overloads
        chosen.connect(self._choose)
        self.setCompleter(completer)
        self.textEdited.connect(self._list)
        self.returnPressed.connect(self._take_first)

    def sizeHint(self) -> QSize:
        """Wide enough for its placeholder."""
        hint = super().sizeHint()
        text = self.fontMetrics().horizontalAdvance(self.placeholderText())
        return QSize(max(hint.width(), text + 4 * hint.height()), hint.height())

    @Slot()
    def start(self) -> None:
        """Take the focus, remembering who had it."""
        before = self.window().focusWidget()
        if before is not self:
            self._before = before
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def matching(self, text: str) -> list[Match]:
        """The commands whose name holds `text`, and the tokens that begin with it.

        First the token that is `text`, then commands, those that begin with `text` before others.
        """
        wanted = text.strip().casefold()
        if not wanted:
            return []
        commands = [
            Match(
                _plain(action.text()),
                action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                or self.tr("command"),
                action=action,
            )
            for action in self._actions
            if action.isEnabled() and wanted in _plain(action.text()).casefold()
        ]
        vocabulary = self._session.vocabulary
        tokens = [
            Match(vocabulary.token(id), self.tr("id {id}").format(id=id), token_id=id)
            for id in vocabulary.find(text.strip(), MOST_TOKENS)
        ]
        whole = [match for match in tokens if match.text == text.strip()]
        rest = [match for match in tokens if match.text != text.strip()]
        commands.sort(key=lambda match: not match.text.casefold().startswith(wanted))
        return [*whole, *commands[:MOST_COMMANDS], *rest]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _list(self, text: str) -> None:
        self._matches.show(self.matching(text))

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        match = index.data(Qt.ItemDataRole.UserRole)
        if isinstance(match, Match):
            self._chosen = match
            # The completer writes the line into the field just after this, so that comes first.
            QTimer.singleShot(0, self._take_chosen)

    @Slot()
    def _take_chosen(self) -> None:
        chosen, self._chosen = self._chosen, None
        if chosen is not None:
            self._take(chosen)

    @Slot()
    def _take_first(self) -> None:
        found = self.matching(self.text())
        if found:
            self._take(found[0])

    def _take(self, match: Match) -> None:
        self._leave()
        if match.action is not None:
            match.action.trigger()
        elif match.token_id is not None:
            self._session.select((match.token_id,))

    def _leave(self) -> None:
        self._popup.hide()
        self.clear()
        self._matches.show([])
        before, self._before = self._before, None
        if before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.clearFocus()


class _Matches(QAbstractListModel):
    """The list under the field."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = parent
        self._found: list[Match] = []

    def show(self, found: list[Match]) -> None:
        """List `found` instead of what was listed."""
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self._found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A line as text, and under `UserRole` the match itself."""
        if not 0 <= index.row() < len(self._found):
            return None
        match = self._found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{match.text}   ·   {match.note}"
        if role == Qt.ItemDataRole.EditRole:
            return match.text
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, self._field.fontMetrics().height() + SPACING)
        return match if role == Qt.ItemDataRole.UserRole else None


def _plain(text: str) -> str:
    return text.replace("&", "")
