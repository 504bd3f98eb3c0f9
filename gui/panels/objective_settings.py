"""The settings of the objective; a change starts a new run."""

from msgspec.structs import replace
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from core.config import POOLINGS
from gui.panels.settings_group import (
    CalmBox,
    SettingsGroup,
    check_field,
    number_field,
    show_checked,
)
from gui.session import Session

LARGEST_WINDOW = 100
MOST_NEGATIVES = 1000


class ObjectiveSettings(SettingsGroup):
    """Window, negatives, pooling and tying; those that the objective does not read are greyed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Objective"),
            "new run",
            self.tr("What the table is trained for is chosen in the bar of the window."),
            parent,
        )
        self._session = session
        self._window = number_field("windowBox", 1, LARGEST_WINDOW)
        self._window.setDecimals(0)
        self._window.valueChanged.connect(self._set)
        self.add(
            self.tr("window"),
            self._window,
            self.tr("CBOW and skip-gram: how many words on each side are neighbours."),
        )
        self._negatives = number_field("negativesBox", 1, MOST_NEGATIVES)
        self._negatives.setDecimals(0)
        self._negatives.valueChanged.connect(self._set)
        self.add(
            self.tr("negatives"),
            self._negatives,
            self.tr("Skip-gram: words drawn at random that each neighbour is told from."),
        )
        self._pooling = CalmBox("poolingBox")
        for name in POOLINGS:
            self._pooling.addItem(self._names.pooling(name).name, name)
        self._pooling.activated.connect(self._set)
        self.add(
            self.tr("pooling"),
            self._pooling,
            self.tr("Sentence label: how the rows of a sentence become one."),
        )
        self._tied = check_field("tiedBox", self.tr("on"))
        self._tied.toggled.connect(self._set)
        self.add(
            self.tr("tied output weights"),
            self._tied,
            self.tr(
                "Next word: the table itself scores the words, so every row gets a gradient in "
                "every step, the row of <pad> too."
            ),
        )

    def show_config(self) -> None:
        objective = self._session.config.objective
        self._window.show_value(objective.window)
        self._window.setEnabled(objective.name in ("cbow", "skip-gram"))
        self._negatives.show_value(objective.negatives)
        self._negatives.setEnabled(objective.name == "skip-gram")
        self._pooling.show_data(objective.pooling)
        self._pooling.setEnabled(objective.name == "sentence-label")
        show_checked(self._tied, objective.tied)
        self._tied.setEnabled(objective.name == "next-word")

    @Slot()
    def _set(self) -> None:
        wanted = replace(
            self._session.config.objective,
            window=int(self._window.value()),
            negatives=int(self._negatives.value()),
            pooling=self._pooling.currentData(),
            tied=self._tied.isChecked(),
        )
        if wanted != self._session.config.objective:
            self._session.set_objective(wanted)
