"""What of the layout is a person's own choice, and what a project brought along."""

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from gui.layers import Layers
from gui.settings import Settings

TAB = "tab"
Choices = dict[str, bool | int]


class Tabs(Protocol):
    """The tabs in the middle of the window."""

    def currentIndex(self) -> int:
        """Which is in front."""

    def setCurrentIndex(self, index: int) -> None:
        """Put one in front."""


class OwnChoices(QObject):
    """The layers and the tab that a person is used to, which no project may change.

    What a project chose counts as nobody's choice, until the person chooses something else.
    """

    def __init__(self, layers: Layers, tabs: Tabs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layers, self._tabs = layers, tabs
        self._kept: Choices = {}
        self._brought: Choices = {}

    @Slot()
    def keep(self) -> None:
        """A project is about to choose: what is one's own has to be told from that."""
        self._kept, self._brought = self._own(), {}

    @Slot()
    def note_brought(self) -> None:
        """It has chosen."""
        self._brought = self._now()

    def restore(self, settings: Settings) -> None:
        """Choose what was chosen when a window was closed."""
        self._tabs.setCurrentIndex(settings.number(TAB, 0))
        self._layers.restore(settings)

    def save(self, settings: Settings) -> None:
        """Remember one's own choices."""
        for name, choice in self._own().items():
            if isinstance(choice, bool):
                settings.set_flag(name, choice)
            else:
                settings.set_number(name, choice)

    def _now(self) -> Choices:
        return {TAB: self._tabs.currentIndex(), **self._layers.choices}

    def _own(self) -> Choices:
        return {
            name: self._kept[name] if self._brought.get(name) == choice else choice
            for name, choice in self._now().items()
        }
