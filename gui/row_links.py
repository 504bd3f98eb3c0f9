"""Keeps the rows of a view linked with the session: picked, hovered, and found by typing."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
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

MOST_FOUND = 10_000  # by typing
MOST_RUNS = 500  # of rows that follow one another: Qt takes seconds over tens of thousands


class RowLinks(QObject):
    """Keeps the view's selection, hover and place in step with the session's.

    `noticed` carries a sentence when not all that was asked for could be done.
    """

    noticed = Signal(str)

    def __init__(self, session: Session, view: HeatTable, model: RowNames) -> None:
        super().__init__(view)
        self._session, self._view, self._model = session, view, model
        self._following = False
        self._unmarked: frozenset[int] = frozenset()  # ids that are picked all the same
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
        picked = np.array(self._session.selection, np.intp)
        places = self._model.order.placed(picked)
        there = places >= 0
        wanted = frozenset(picked[there].tolist())
        if self._view.picked == wanted:
            self._unmarked = frozenset()
            return
        self._select_places(places[there])
        if wanted and not self._unmarked:
            last = int(places[there][-1])
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
        places = order.placed(np.array(self._session.selection, np.intp))
        self._select_places(places[places >= 0])
        current = None if at_id is None else order.place(at_id)
        if current is not None:
            self._make_current(current, index.column())
        self._view.verticalScrollBar().setValue(scrolled)

    def _select_places(self, places: NDArray[np.integer]) -> None:
        """Mark the rows there; the first of them where they lie too scattered to mark all."""
        model, order = self._view.model(), self._model.order
        selection = QItemSelection()
        runs = _runs(np.sort(places))
        for first, last in runs[:MOST_RUNS].tolist():
            selection.select(model.index(first, NORM), model.index(last, NORM))
        after = runs[MOST_RUNS][0] if len(runs) > MOST_RUNS else len(order)
        unmarked = places[places >= after]
        self._unmarked = frozenset(order.at(unmarked).tolist())
        if len(unmarked):
            sentence = self.tr("{count} tokens are picked; the first {marked} are marked here.")
            marked = f"{len(places) - len(unmarked):,}"
            self.noticed.emit(sentence.format(count=f"{len(places):,}", marked=marked))
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
        now, at = self._view.picked, self._view.currentIndex().row()
        picked = frozenset(self._session.selection)
        if self._unmarked and len(picked - self._unmarked - now) <= 1:
            now |= self._unmarked  # one row more or less: what could not be marked stays picked
        current = self._model.order.id(at) if 0 <= at < len(self._model.order) else -1
        kept = [id_ for id_ in self._session.selection if id_ in now]
        added = sorted(now - picked)
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
        found = map(self._model.order.place, self._session.vocabulary.find(self._typed, MOST_FOUND))
        places = sorted(place for place in found if place is not None)
        if not places:
            return
        current = self._view.currentIndex().row()
        onward = current if len(self._typed) > 1 else current + 1
        target = next((place for place in places if place >= onward), places[0])
        self._view.show_row(target)
        self._view.setCurrentIndex(self._view.model().index(target, NORM))


def _runs(rows: NDArray[np.integer]) -> NDArray[np.integer]:
    """Sorted `rows` as runs without gaps: the first and the last of each (n, 2)."""
    ends = np.flatnonzero(np.diff(rows) > 1)
    firsts = np.concatenate([rows[:1], rows[ends + 1]])
    return np.column_stack([firsts, np.concatenate([rows[ends], rows[-1:]])])
