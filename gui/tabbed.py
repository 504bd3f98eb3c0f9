"""Tabs over panels: those in the middle of the window, and those about tokens beside the table."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QTabWidget

from core.scenarios import Cells
from gui.batch_findings import BatchFindings
from gui.export_menu import Offer
from gui.laboratory import Laboratory
from gui.late_page import LatePage
from gui.list_files import ListFiles
from gui.padding_comparison import PaddingComparison
from gui.padding_study import PaddingStudy
from gui.panel_offers import PanelOffers
from gui.panels.code import CodePanel
from gui.panels.lists import ListsPanel
from gui.panels.lookup import LookupPanel
from gui.panels.movement import MovementPanel
from gui.panels.nearest import NearestPanel
from gui.panels.space import SpacePanel
from gui.panels.token_details import TokenDetailsPanel
from gui.pooled_source import PooledSource
from gui.scenarios import Scenarios
from gui.session import Session

if TYPE_CHECKING:
    from gui.panels.padding import PaddingPanel


class Tabs(QTabWidget):
    """Tabs that a screen reader knows by name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setDocumentMode(True)

    def be_called(self, told: str) -> None:
        """Have a screen reader say `told`."""
        self.setAccessibleName(told)
        self.tabBar().setAccessibleName(told)


class CentreTabs(Tabs):
    """Views of the table: its points, a lookup, what padding does, and the run as code."""

    offered = Signal(object)  # an `Offer` of a tab that is there only now

    def __init__(self, session: Session, offers: PanelOffers) -> None:
        super().__init__("centreTabs")
        self._session, self._offers = session, offers
        self.be_called(self.tr("Views of the table"))
        self._laboratory = Laboratory(self)
        self.study = PaddingStudy(session, self._laboratory, self)
        self.comparison = PaddingComparison(session, self.study, self._laboratory, self)
        for asker in (self.study, self.comparison):
            asker.problemRaised.connect(session.problemRaised)
        BatchFindings(session, self.study, self)
        self.space = SpacePanel(session)
        self._lookup = LookupPanel(session)
        self._padding_page = LatePage(self._make_padding)
        self.scenarios = Scenarios(session, self.study, self.comparison, self)
        self.scenarios.changed.connect(self._show_scenario)
        session.findings.lit.changed.connect(self._show_finding)
        self._pooled = PooledSource(session.layers, self.study, self)
        self.code = CodePanel(session)
        self.addTab(self.space, self.tr("Space"))
        self.addTab(self._lookup, self.tr("Lookup"))
        self.addTab(self._padding_page, self.tr("Padding"))
        self.addTab(self.code, self.tr("Code"))
        self._corner = self.space.make_corner()
        self.setCornerWidget(self._corner)
        self.currentChanged.connect(self._show_corner)

    @property
    def padding(self) -> "PaddingPanel":
        """What padding does."""
        return self._padding_page.panel

    @property
    def padding_part(self) -> tuple[Cells, bool]:
        """What the cells of the padding tab show, and whether it compares two set-ups."""
        panel = self._padding_page.made
        return ("gradient", False) if panel is None else panel.part

    def show_padding_part(self, cells: Cells, *, compares: bool) -> None:
        """Show that in the padding tab, whether or not it is seen."""
        if self.padding_part != (cells, compares):
            self.padding.show_cells(cells)
            self.padding.show_part(compare=compares)

    def _make_padding(self) -> "PaddingPanel":
        from gui.panels.padding import PaddingPanel
        from gui.scenario_card import ScenarioCard

        panel = PaddingPanel(self._session, self.study, self.comparison)
        panel.put_on_top(ScenarioCard(self.scenarios, of_table=False))
        self.offered.emit(self._offers.padding(panel, self.study))
        return panel

    @Slot()
    def _show_scenario(self) -> None:
        """Show where the open scenario is to be seen."""
        scenario = self.scenarios.current
        if scenario is None:
            return
        if scenario.wishes is None:
            self.setCurrentWidget(self.space)
            return
        self.setCurrentWidget(self._padding_page)
        self.padding.show_cells(scenario.cells)
        self.padding.show_part(compare=scenario.difference is not None)

    @Slot()
    def _show_finding(self) -> None:
        """Show the batch where the finding that is lit is about cells of one."""
        if self._session.findings.lit.is_about_cells:
            self.setCurrentWidget(self._padding_page)

    @Slot()
    def _show_corner(self) -> None:
        self._corner.setVisible(self.currentWidget() is self.space)

    def offers(self) -> list[Offer]:
        """What can be copied and saved; the rest is `offered` when it is there."""
        return [self._offers.space(self.space), self._offers.lookup(self._lookup)]

    def end(self) -> None:
        """End what runs for the tabs."""
        self.study.close()
        self._laboratory.close()


class TokenTabs(Tabs):
    """About tokens: one in detail, the nearest to it, why its row moved, and lists of them."""

    def __init__(self, session: Session, files: ListFiles) -> None:
        super().__init__("detailsTabs")
        self.be_called(self.tr("About tokens"))
        self._details = TokenDetailsPanel(session)
        self.nearest = NearestPanel(session)
        self.lists = ListsPanel(session, files)
        self.addTab(self._details, self.tr("Details"))
        self.addTab(self.nearest, self.tr("Nearest"))
        self.movement = MovementPanel(session)
        self.addTab(self.movement, self.tr("Why it moved"))
        self.addTab(self.lists, self.tr("Lists"))

    def offers(self, offers: PanelOffers) -> list[Offer]:
        """What can be copied and saved."""
        return [
            offers.details(self._details),
            offers.nearest(self.nearest),
            offers.movement(self.movement),
        ]
