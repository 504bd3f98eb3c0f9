"""Keeps the rows of a view linked with the session: picked, hovered, and found by typing."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import (
    QElapsedTimer,
    QItemSelection,
    QItemSelectionModel,
    QObject,
    Signal,
    Slot,
)
from PySide6.QtWidgets import QApplication

from gui.canvas.heat_table import NORM, HeatTable
from gui.session import Session

MOST_PICKED = 10_000


class RowLinks(QObject):
    """Keeps the view's selection, hover and place in step with the session's.

    `noticed` carries a sentence when not all that was asked for could be done.
    """

    noticed = Signal(str)

    def __init__(self, session: Session, view: HeatTable) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._following = False
        self._typed = ""
        self._since_typing = QElapsedTimer()
        view.rowHovered.connect(self._hover)
        view.typed.connect(self._jump)
        view.selectionModel().selectionChanged.connect(self._select)
        session.selectionChanged.connect(self.follow_selection)
        session.hoverChanged.connect(self._follow_hover)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While the model changes its shape, what happens to its rows is not the user's doing."""
        self._following = True
        yield
        self._following = False
        self.follow_selection()

    @Slot()
    def follow_selection(self) -> None:
        """Select the rows that are picked, and bring the last one into sight."""
        count = self._view.model().rowCount()
        wanted = [id_ for id_ in self._session.selection if id_ < count]
        if self._view.picked == frozenset(wanted):
            return
        selection = QItemSelection()
        for first, last in _runs(sorted(wanted)):
            selection.select(
                self._view.model().index(first, NORM), self._view.model().index(last, NORM)
            )
        flag = QItemSelectionModel.SelectionFlag
        chosen = self._view.selectionModel()
        self._following = True
        chosen.select(selection, flag.ClearAndSelect | flag.Rows)
        if wanted:
            if not self._view.verticalScrollBar().isSliderDown():
                self._view.show_row(wanted[-1])
            chosen.setCurrentIndex(self._view.model().index(wanted[-1], NORM), flag.NoUpdate)
        self._following = False

    @Slot()
    def _select(self) -> None:
        if self._following:
            return
        rows = sorted(self._view.picked)
        if len(rows) > MOST_PICKED:
            sentence = self.tr("{count} tokens can be picked at once; these are the first.")
            self.noticed.emit(sentence.format(count=f"{MOST_PICKED:,}"))
            rows = rows[:MOST_PICKED]
        now, current = set(rows), self._view.currentIndex().row()
        kept = [id_ for id_ in self._session.selection if id_ in now]
        added = sorted(now.difference(kept))
        ids = [id_ for id_ in kept + added if id_ != current]
        self._session.select(tuple([*ids, current] if current in now else ids))

    @Slot(int)
    def _hover(self, row: int) -> None:
        self._session.hover(row if row >= 0 else None)

    @Slot()
    def _follow_hover(self) -> None:
        self._view.set_hovered(self._session.hovered)

    @Slot(str)
    def _jump(self, text: str) -> None:
        """Go to the next token that starts with what was typed just now."""
        pause = QApplication.keyboardInputInterval()
        goes_on = self._since_typing.isValid() and self._since_typing.elapsed() < pause
        self._since_typing.start()
        self._typed = self._typed + text if goes_on else text
        ids = sorted(self._session.vocabulary.find(self._typed, MOST_PICKED))
        ids = [id_ for id_ in ids if id_ < self._view.model().rowCount()]
        if not ids:
            return
        current = self._view.currentIndex().row()
        onward = current if len(self._typed) > 1 else current + 1
        target = next((id_ for id_ in ids if id_ >= onward), ids[0])
        self._view.show_row(target)
        self._view.setCurrentIndex(self._view.model().index(target, NORM))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Sorted `rows` as runs without gaps, first and last of each."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] + 1 == row:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
