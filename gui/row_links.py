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
from gui.canvas.table_headers import RowNames
from gui.session import Session

MOST_PICKED = 10_000


class RowLinks(QObject):
    """Keeps the view's selection, hover and place in step with the session's.

    `noticed` carries a sentence when not all that was asked for could be done.
    """

    noticed = Signal(str)

    def __init__(self, session: Session, view: HeatTable, model: RowNames) -> None:
        super().__init__(view)
        self._session, self._view, self._model = session, view, model
        self._following = False
        self._typed = ""
        self._since_typing = QElapsedTimer()
        view.rowHovered.connect(self._hover)
        view.typed.connect(self._jump)
        view.selectionModel().selectionChanged.connect(self._select)
        session.selectionChanged.connect(self.follow_selection)
        session.hoverChanged.connect(self._follow_hover)
        session.matchesChanged.connect(self._follow_matches)

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
        order = self._model.order
        places = {id_: order.place(id_) for id_ in self._session.selection}
        wanted = {id_: place for id_, place in places.items() if place is not None}
        if self._view.picked == frozenset(wanted):
            return
        self._select_places(sorted(wanted.values()))
        if wanted:
            last = list(wanted.values())[-1]
            if not self._view.verticalScrollBar().isSliderDown():
                self._view.show_row(last)
            self._make_current(last)

    @contextmanager
    def reordered(self) -> Iterator[None]:
        """While the rows take other places, what is picked stays picked, the current row current.

        The view stays where it is scrolled to.
        """
        index, order = self._view.currentIndex(), self._model.order
        at_id = order.id(index.row()) if index.isValid() else None
        scrolled = self._view.verticalScrollBar().value()
        self._following = True
        yield
        self._following = False
        order = self._model.order
        places = [order.place(id_) for id_ in self._session.selection]
        self._select_places(sorted(place for place in places if place is not None))
        current = None if at_id is None else order.place(at_id)
        if current is not None:
            self._make_current(current, index.column())
        self._view.verticalScrollBar().setValue(scrolled)

    def _select_places(self, places: list[int]) -> None:
        model = self._view.model()
        selection = QItemSelection()
        for first, last in _runs(places):
            selection.select(model.index(first, NORM), model.index(last, NORM))
        flag = QItemSelectionModel.SelectionFlag
        self._following = True
        self._view.selectionModel().select(selection, flag.ClearAndSelect | flag.Rows)
        self._following = False

    def _make_current(self, place: int, column: int = NORM) -> None:
        """Let the keys act on the row at `place`; nothing is scrolled."""
        index = self._view.model().index(place, column)
        self._following = True
        automatic = self._view.hasAutoScroll()
        self._view.setAutoScroll(False)
        flag = QItemSelectionModel.SelectionFlag
        self._view.selectionModel().setCurrentIndex(index, flag.NoUpdate)
        self._view.setAutoScroll(automatic)
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
        now, at = set(rows), self._view.currentIndex().row()
        current = self._model.order.id(at) if 0 <= at < len(self._model.order) else -1
        kept = [id_ for id_ in self._session.selection if id_ in now]
        added = sorted(now.difference(kept))
        ids = [id_ for id_ in kept + added if id_ != current]
        self._session.select(tuple([*ids, current] if current in now else ids))

    @Slot(int)
    def _hover(self, id_: int) -> None:
        self._session.hover(id_ if id_ >= 0 else None)

    @Slot()
    def _follow_hover(self) -> None:
        self._view.set_hovered(self._session.hovered)

    @Slot()
    def _follow_matches(self) -> None:
        self._view.tokens.show_matches(self._session.matches)

    @Slot(str)
    def _jump(self, text: str) -> None:
        """Go to the next token that starts with what was typed just now."""
        pause = QApplication.keyboardInputInterval()
        goes_on = self._since_typing.isValid() and self._since_typing.elapsed() < pause
        self._since_typing.start()
        self._typed = self._typed + text if goes_on else text
        found = map(
            self._model.order.place, self._session.vocabulary.find(self._typed, MOST_PICKED)
        )
        places = sorted(place for place in found if place is not None)
        if not places:
            return
        current = self._view.currentIndex().row()
        onward = current if len(self._typed) > 1 else current + 1
        target = next((place for place in places if place >= onward), places[0])
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
