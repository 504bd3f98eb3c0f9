"""The commands that open a scenario."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup

from core.scenarios import SCENARIOS
from gui.scenario_words import ScenarioWords


class ScenarioActions(QObject):
    """`make` makes an action of a name, a text and a tip."""

    chosen = Signal(str)  # its name

    def __init__(self, make: Callable[..., QAction], parent: QObject) -> None:
        super().__init__(parent)
        words = ScenarioWords(self)
        self._group = QActionGroup(self)
        for name in SCENARIOS:
            said = words.of(name)
            action = make(_action_name(name), said.title, said.question)
            action.setData(name)
            self._group.addAction(action)
        self._group.triggered.connect(self._choose)

    @property
    def all(self) -> list[QAction]:
        """One for each scenario."""
        return self._group.actions()

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.chosen.emit(action.data())


def _action_name(name: str) -> str:
    """Of "mean-over-pads": "scenarioMeanOverPads"."""
    return "scenario" + "".join(word.capitalize() for word in name.split("-"))
