"""The open scenario, if any: what the padding tab looks at follows it, also through undo."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from core.padding.wishes import Difference, Wishes
from core.scenarios import Scenario, load_scenario
from gui.padding_comparison import PaddingComparison
from gui.padding_study import PaddingStudy
from gui.session import Session


@dataclass(frozen=True)
class _Look:
    """What a person had chosen in the padding tab."""

    wishes: Wishes
    difference: Difference
    steps: int


class Scenarios(QObject):
    """Opens scenarios; one is `current` while its run, or one that it became, is on screen."""

    changed = Signal()  # another scenario, none any more, or the same once more

    def __init__(
        self,
        session: Session,
        study: PaddingStudy,
        comparison: PaddingComparison,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._study, self._comparison = session, study, comparison
        self.current: Scenario | None = None
        self._before: _Look | None = None
        self._afresh = False
        session.runStarted.connect(self._follow)

    @Slot(str)
    def open(self, name: str) -> None:
        """Open the scenario called `name`; raises `ProblemError(UnknownName)` if there is none."""
        scenario = load_scenario(name)
        self._afresh = True
        self._session.open_scenario(scenario)

    @Slot()
    def _follow(self) -> None:
        """Another run is on screen, which may be that of another scenario."""
        name = self._session.scenario
        current = "" if self.current is None else self.current.name
        if name == current and not self._afresh:
            return
        self._afresh = False
        if self.current is None:
            comparison = self._comparison
            self._before = _Look(self._study.wishes, comparison.difference, comparison.steps)
        self.current = load_scenario(name) if name else None
        if self.current is not None:
            self._look_at(self.current)
        elif self._before is not None:
            self._look(self._before)
        self.changed.emit()

    def _look_at(self, scenario: Scenario) -> None:
        if scenario.wishes is not None:
            difference = scenario.difference or Difference()
            self._look(_Look(scenario.wishes, difference, scenario.steps))
        ids = [self._session.vocabulary.id(token) for token in scenario.picked]
        self._session.select([id_ for id_ in ids if id_ is not None])

    def _look(self, look: _Look) -> None:
        self._study.look_at(look.wishes)
        self._comparison.compare_with(look.difference, look.steps)
