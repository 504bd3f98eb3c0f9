"""The futures of a run: each begins at some step of another, and all can be shown again."""

from dataclasses import dataclass

from gui.opened import Opened
from gui.run_history import RunHistory


@dataclass(eq=False)
class Branch:
    """One future, called `name`; `begins` is the step at which it left another, 0 for the first."""

    name: str
    opened: Opened
    begins: int = 0

    @property
    def history(self) -> RunHistory:
        """Its run."""
        return self.opened.history


class Branches:
    """Those of all runs of a session; shown are those of one origin."""

    def __init__(self) -> None:
        self._all: list[Branch] = []

    def of(self, history: RunHistory) -> tuple[Branch, ...]:
        """The branches that have the origin of `history`, the first one first."""
        return tuple(each for each in self._all if each.history.origin is history.origin)

    def holding(self, history: RunHistory) -> Branch | None:
        """The branch that is `history`."""
        return next((each for each in self._all if each.history is history), None)

    def add(self, name: str, opened: Opened, begins: int = 0) -> Branch:
        """Note another."""
        branch = Branch(name, opened, begins)
        self._all.append(branch)
        return branch

    def remove(self, branch: Branch) -> None:
        """Forget one."""
        self._all.remove(branch)
