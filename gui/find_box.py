"""The field that finds tokens and commands: type, choose from the list, press Enter.

While one types, all tokens that match are lit in Space and in the table; they stay lit as long as
their text stands in the field.
"""

import re
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

from core.problems import ProblemError
from core.word_arithmetic import Blend, Term, blend, is_sum, parse, written
from gui.explain import explain
from gui.icons import icon
from gui.session import Session
from gui.theme import SPACING

MOST_COMMANDS = 6
MOST_TOKENS = 12
MOST_LINES = MOST_COMMANDS + MOST_TOKENS + 2  # a sum of words, and how many tokens match
CHARACTERS = 40
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Match:
    """One line of the list: a command, a token, a sum of words, or that all matches stay lit.

    With none of these it only tells something.
    """

    text: str
    note: str = ""
    action: QAction | None = None
    token_id: int | None = None
    sum: tuple[tuple[Term, ...], Blend] | None = None
    keeps: bool = False


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
        completer.setMaxVisibleItems(MOST_LINES)
        chosen = completer.activated[QModelIndex]  # type: ignore[index]  # the stubs know no overloads
        chosen.connect(self._choose)
        self.setCompleter(completer)
        self._typed = ""  # what the list is about; the field shows the line that is chosen
        self.textEdited.connect(self._list)
        self.textChanged.connect(self._forget)
        self.returnPressed.connect(self._take_first)
        session.search.changed.connect(self._list_again)

    def sizeHint(self) -> QSize:
        """Wide enough for a sum of words, and for the sentences under it."""
        hint = super().sizeHint()
        return QSize(CHARACTERS * self.fontMetrics().averageCharWidth(), hint.height())

    @Slot()
    def start(self) -> None:
        """Take the focus, remembering who had it."""
        before = self.window().focusWidget()
        if before is not self:
            self._before = before
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def matching(self, text: str) -> list[Match]:
        """What fits `text`: tokens that match it, a sum of words, commands whose name holds it.

        First what is `text`, be it a token or a command, and a sum; then tokens that begin with it,
        for Enter takes the first line, and nobody who types a part of a token means a command.
        Then other commands; at the end what comes later, so that no line moves under the pointer.
        """
        wanted = text.strip()
        if not wanted:
            return []
        folded = wanted.casefold()
        whole, beginning, holding = self._tokens(wanted)
        named, others = self._commands(folded)
        sums = [self._sum(wanted)] if is_sum(wanted) else []
        count = self._count(wanted)
        return [*whole, *sums, *named, *beginning, *others, *holding, *count]

    def _commands(self, wanted: str) -> tuple[list[Match], list[Match]]:
        """The commands that are called `wanted`, and those that have it in their names."""
        found = [
            Match(
                _plain(action.text()),
                action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                or self.tr("command"),
                action=action,
            )
            for action in self._actions
            if action.isEnabled() and wanted in _plain(action.text()).casefold()
        ]
        found.sort(key=lambda match: not match.text.casefold().startswith(wanted))
        found.sort(key=lambda match: match.text.casefold() != wanted)
        found = found[:MOST_COMMANDS]
        named = [match for match in found if match.text.casefold() == wanted]
        return named, [match for match in found if match not in named]

    def _tokens(self, wanted: str) -> tuple[list[Match], list[Match], list[Match]]:
        """The first tokens that match: that are `wanted`, that begin so, and all others.

        The others are those of the search, once it has found them.
        """
        vocabulary, search = self._session.vocabulary, self._session.search
        ids = vocabulary.find(wanted, MOST_TOKENS)
        whole = [id_ for id_ in ids if vocabulary.token(id_) == wanted]
        # What has a meaning as a pattern may match no token that begins with it.
        literal = search.mode != "regex" or re.escape(wanted) == wanted
        beginning = [id_ for id_ in ids if id_ not in whole] if literal else []
        near = {*whole, *beginning}
        done = search.mode != "prefix" and search.found and search.text == wanted
        found = search.matches[: MOST_TOKENS + len(near)].tolist() if done else []
        holding = [id_ for id_ in found if id_ not in near][: MOST_TOKENS - len(near)]
        return self._lines(whole), self._lines(beginning), self._lines(holding)

    def _lines(self, ids: list[int]) -> list[Match]:
        vocabulary, note = self._session.vocabulary, self.tr("id {id}")
        return [
            Match(vocabulary.token(id_), note.format(id=id_), token_id=id_)
            for id_ in ids
            if id_ < len(vocabulary)
        ]

    def _sum(self, wanted: str) -> Match:
        try:
            terms = parse(wanted)
            asked = terms, blend(terms, self._session.vocabulary)
        except ProblemError as error:
            return Match(explain(error.problem))
        text = self.tr("nearest to {sum}").format(sum=written(terms))
        return Match(text, sum=asked)

    def _count(self, wanted: str) -> list[Match]:
        """How many tokens match, or why it cannot be said; nothing while that is not known."""
        search = self._session.search
        if search.text != wanted or not search.found:
            return []
        if search.problem is not None:
            return [Match(explain(search.problem))]
        count = len(search.matches)
        if count == 0:
            return []
        text = self.tr("1 token matches") if count == 1 else self.tr("{n} tokens match")
        return [Match(text.format(n=f"{count:,}"), self.tr("keep them lit"), keeps=True)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the field."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    @Slot(str)
    def _list(self, text: str) -> None:
        """List what fits, and light what matches; a sum of words matches nothing."""
        self._typed = ""  # what the search tells meanwhile is no news
        wanted = text.strip()
        self._session.search.look_for("" if is_sum(wanted) else wanted)
        self._typed = text
        self._matches.show(self.matching(text), text)

    @Slot(str)
    def _forget(self, text: str) -> None:
        """An empty field lights nothing, whoever emptied it."""
        if not text:
            self._typed = ""
            self._session.search.look_for("")

    @Slot()
    def _list_again(self) -> None:
        """The search has found something, if only that nothing matches."""
        if self._typed and self._session.search.found and self.hasFocus():
            self._matches.show(self.matching(self._typed), self._typed)
            if self._matches.rowCount() and not self._popup.isVisible():
                self.completer().complete()

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
        if self._popup.isVisible() and self._popup.selectionModel().hasSelection():
            return  # Enter is for the line that is chosen, and the completer's turn comes next
        found = self.matching(self.text())
        if found:
            self._take(found[0])

    def _take(self, match: Match) -> None:
        if match.keeps:
            self.setText(self._typed)
            self._go_back()
            return
        self._leave()
        if match.sum is not None:
            self._session.nearest.ask(*match.sum)
        elif match.action is not None:
            match.action.trigger()
        elif match.token_id is not None:
            self._session.select((match.token_id,))

    def _leave(self) -> None:
        self.clear()
        self._go_back()

    def _go_back(self) -> None:
        """Give the focus to who had it."""
        self._popup.hide()
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
        self._typed = ""

    def show(self, found: list[Match], typed: str = "") -> None:
        """List `found` for what was `typed`, instead of what was listed."""
        listed = len(self._found)
        if typed == self._typed and found[:listed] == self._found:
            if len(found) > listed:  # what comes later leaves the line that is chosen as it is
                self.beginInsertRows(QModelIndex(), listed, len(found) - 1)
                self._found = found
                self.endInsertRows()
            return
        self.beginResetModel()
        self._found, self._typed = found, typed
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
            return f"{match.text}   ·   {match.note}" if match.note else match.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return match.text
        if role == Qt.ItemDataRole.EditRole:
            return match.text if match.token_id is not None else self._typed
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, self._field.fontMetrics().height() + SPACING)
        return match if role == Qt.ItemDataRole.UserRole else None


def _plain(text: str) -> str:
    return text.replace("&", "")
