"""The lines between panels that one can drag, and how much room each panel has."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from gui.settings import Settings
from gui.theme import SPACING

Share = tuple[QWidget, int]  # a panel and its part of the room, in hundredths


@dataclass(frozen=True)
class _Divider:
    splitter: QSplitter
    shares: tuple[int, ...]

    @property
    def room(self) -> int:
        if self.splitter.orientation() is Qt.Orientation.Horizontal:
            return self.splitter.width()
        return self.splitter.height()


class Dividers:
    """Makes splitters, the inner ones before those that they stand in."""

    def __init__(self) -> None:
        self._dividers: list[_Divider] = []

    def across(self, name: str, *parts: Share) -> QSplitter:
        """`parts` from left to right."""
        return self._make(name, Qt.Orientation.Horizontal, parts)

    def down(self, name: str, *parts: Share) -> QSplitter:
        """`parts` from top to bottom."""
        return self._make(name, Qt.Orientation.Vertical, parts)

    def restore(self, settings: Settings) -> None:
        """Give each panel the room it had, or where nothing is remembered its share.

        To be called when it is known how much room there is.
        """
        for divider in reversed(self._dividers):
            splitter, room = divider.splitter, divider.room
            splitter.setSizes([room * share // 100 for share in divider.shares])
            for index, share in enumerate(divider.shares):
                splitter.setStretchFactor(index, share)
            settings.restore_splitter(splitter)

    def save(self, settings: Settings) -> None:
        """Remember how much room each panel has."""
        for divider in self._dividers:
            settings.save_splitter(divider.splitter)

    def _make(self, name: str, direction: Qt.Orientation, parts: tuple[Share, ...]) -> QSplitter:
        splitter = QSplitter(direction)
        splitter.setObjectName(name)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(SPACING - 2)
        for panel, _ in parts:
            splitter.addWidget(panel)
        self._dividers.append(_Divider(splitter, tuple(share for _, share in parts)))
        return splitter
