"""A page of tabs that is made when somebody first looks at it, so that a window opens sooner."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

Panel = TypeVar("Panel", bound=QWidget)


class LatePage(QWidget, Generic[Panel]):
    """Has one panel, `panel`, made by `make` when it is asked for or seen."""

    def __init__(self, make: Callable[[], Panel]) -> None:
        super().__init__()
        self._make = make
        self._panel: Panel | None = None
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)

    @property
    def made(self) -> Panel | None:
        """The panel, if it is there already."""
        return self._panel

    @property
    def panel(self) -> Panel:
        """What stands on the page."""
        if self._panel is None:
            self._panel = self._make()
            layout = self.layout()
            assert layout is not None
            layout.addWidget(self._panel)
        return self._panel

    def showEvent(self, event: QShowEvent) -> None:
        """Have the panel there before the page is painted."""
        self.panel.show()
        super().showEvent(event)
