"""What is looked at in a window besides its session: the tabs, the part of Space, padding."""

from dataclasses import replace as replace_fields

import msgspec
import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QObject, Slot

from core.project.view import MOST_IDS_TYPED, Look, Looked, PaddingView, View
from gui.find_box import FindBox
from gui.run_history import RunHistory
from gui.session import Session
from gui.tabbed import CentreTabs, TokenTabs

TABS = ("space", "lookup", "padding", "code")
ABOUT = ("details", "nearest", "movement", "lists")
NEAR = 1e-6  # axes that were found again


class WindowView(QObject):
    """Adds that to the view of a project, and shows it again.

    Which part of Space is seen can only be shown when the axes are there, a moment later.
    """

    def __init__(
        self,
        session: Session,
        tabs: CentreTabs,
        about: TokenTabs,
        find_box: FindBox,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._tabs, self._about = session, tabs, about
        self._find_box = find_box
        self._awaited: tuple[Looked, RunHistory] | None = None
        # After Space itself, which shows all points of another view.
        session.viewTurned.connect(self._show_part_of_space)
        session.frameShown.connect(self._show_part_of_space)

    def complete(self, view: View) -> View:
        """`view` with the tabs, the part of Space and what is looked at of padding."""
        study, comparison = self._tabs.study, self._tabs.comparison
        cells, compares = self._tabs.padding_part
        wishes = study.wishes
        if len(wishes.ids) > MOST_IDS_TYPED:
            wishes = replace_fields(wishes, source="text", ids="")
        return replace(
            view,
            look=_sound(self._tabs.space.view.look),
            padding=PaddingView(wishes, comparison.difference, comparison.steps, cells, compares),
            tab=TABS[self._tabs.currentIndex()],
            about=ABOUT[self._about.currentIndex()],
        )

    def look_at(self, looked: Looked) -> None:
        """Look at the window so; what the view says nothing of stays."""
        view = looked.view
        if view.padding is not None:
            padding = view.padding
            self._tabs.study.look_at(padding.wishes)
            self._tabs.comparison.compare_with(padding.difference, padding.steps)
            self._tabs.show_padding_part(padding.cells, compares=padding.compares)
        if view.search is not None:
            self._find_box.setText(view.search.text)
        if view.tab in TABS:
            self._tabs.setCurrentIndex(TABS.index(view.tab))
        if view.about in ABOUT:
            self._about.setCurrentIndex(ABOUT.index(view.about))
        self._awaited = looked, self._session.history
        self._show_part_of_space()

    @Slot()
    def _show_part_of_space(self) -> None:
        if self._awaited is None:
            return
        looked, history = self._awaited
        if history is not self._session.history:
            self._awaited = None
        elif self._is_there(looked):
            self._awaited = None
            if looked.view.look is not None:
                self._tabs.space.view.look_from(looked.view.look)

    def _is_there(self, looked: Looked) -> bool:
        """Whether the points on screen are those that were looked at."""
        shown, view = self._session.shown, looked.view
        if shown is None:
            return False
        projected = shown.projected
        only = self._session.shown_only.tokens is not None
        if projected.points.shape[1] != view.dimensions or (projected.only is not None) != only:
            return False
        directed = any(axis.kind == "direction" for axis in projected.axes)
        if directed != bool(self._session.chosen_axes.words) and projected.policy != "plain":
            return False
        axes = looked.axes
        if axes is None or directed:
            return True
        return bool(np.allclose(projected.basis, axes.basis, atol=NEAR))


def _sound(look: Look) -> Look | None:
    """`look`, unless a project could not be opened with it: Space may be nowhere at all."""
    try:
        return msgspec.convert(msgspec.to_builtins(look), Look)
    except msgspec.ValidationError:
        return None
