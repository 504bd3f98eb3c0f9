"""What each panel offers to be copied and saved: its name, its picture and its numbers."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.numbers_file import Numbers
from gui import panel_numbers
from gui.export_menu import Offer
from gui.padding_numbers import padding_numbers
from gui.padding_study import PaddingStudy
from gui.panels.line import LinePanel
from gui.panels.lists import ListsPanel
from gui.panels.lookup import LookupPanel
from gui.panels.loss import LossPanel
from gui.panels.movement import MovementPanel
from gui.panels.nearest import NearestPanel
from gui.panels.space import SpacePanel
from gui.panels.table import TablePanel
from gui.panels.token_details import TokenDetailsPanel
from gui.panels.trained import TrainedPanel
from gui.session import Session

if TYPE_CHECKING:
    from gui.panels.padding import PaddingPanel  # made when it is first looked at


class PanelOffers(QObject):
    """Makes the offers; a file is proposed under an offer's name."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def space(self, panel: SpacePanel) -> Offer:
        """The points."""
        numbers = partial(panel_numbers.space_numbers, self._session)
        return Offer(self.tr("Space"), panel, numbers, panel.more, panel.view)

    def table(self, panel: TablePanel) -> Offer:
        """The rows, as they are sorted and filtered."""

        def numbers() -> Numbers | None:
            return panel_numbers.table_numbers(self._session, panel.order)

        return Offer(self.tr("Table"), panel, numbers, panel.more)

    def loss(self, panel: LossPanel) -> Offer:
        """The loss of each step."""
        numbers = partial(panel_numbers.loss_numbers, self._session)
        return Offer(self.tr("Loss"), panel, numbers, panel.more)

    def trained(self, panel: TrainedPanel) -> Offer:
        """What the step trained on."""
        numbers = partial(panel_numbers.trained_numbers, self._session)
        return Offer(self.tr("Last step"), panel, numbers, panel.more)

    def details(self, panel: TokenDetailsPanel) -> Offer:
        """One token's row and gradient."""

        def numbers() -> Numbers | None:
            return panel_numbers.details_numbers(self._session, panel.token_id)

        return Offer(self.tr("Token"), panel, numbers, panel.more)

    def nearest(self, panel: NearestPanel) -> Offer:
        """The nearest tokens."""
        numbers = partial(panel_numbers.nearest_numbers, self._session)
        return Offer(self.tr("Nearest"), panel, numbers)

    def movement(self, panel: MovementPanel) -> Offer:
        """What moved a row."""

        def numbers() -> Numbers | None:
            return panel_numbers.movement_numbers(self._session.movement.movement)

        return Offer(self.tr("Move"), panel, numbers)

    def lists(self, panel: ListsPanel) -> Offer:
        """The rows of the list that is looked at, or of what is picked."""

        def numbers() -> Numbers | None:
            return panel_numbers.picked_numbers(self._session, panel.entry.ids)

        return Offer(self.tr("Tokens"), panel, numbers)

    def lookup(self, panel: LookupPanel) -> Offer:
        """The multiplication."""

        def numbers() -> Numbers | None:
            return panel_numbers.lookup_numbers(panel.product)

        return Offer(self.tr("Lookup"), panel, numbers)

    def padding(self, panel: "PaddingPanel", study: PaddingStudy) -> Offer:
        """The padded batch, cell by cell."""
        numbers = partial(padding_numbers, self._session, study)
        return Offer(self.tr("Padding"), panel, numbers, panel.more, panel.view)

    def cards(self, panel: LinePanel) -> Offer:
        """The tokens of the typed line."""
        numbers = partial(panel_numbers.cards_numbers, self._session)
        return Offer(self.tr("Line"), panel, numbers)
