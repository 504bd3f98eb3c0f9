"""Every setting of a run in one sheet: what each does, and whether it takes effect at once."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from gui.panels.objective_settings import ObjectiveSettings
from gui.panels.optimizer_settings import OptimizerSettings
from gui.panels.table_settings import TableSettings
from gui.session import Session
from gui.theme import SPACING


class RunSettingsPanel(QWidget):
    """The three groups, one below the other, in a scroll area."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runSettingsPanel")
        self._session = session
        self._groups = (
            OptimizerSettings(session),
            ObjectiveSettings(session),
            TableSettings(session),
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(2 * SPACING, SPACING, 2 * SPACING, 2 * SPACING)
        column.setSpacing(2 * SPACING)
        for group in self._groups:
            column.addWidget(group)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("runSettingsScroll")
        scroll.setAccessibleName(self.tr("Settings of the run"))
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inside)
        scroll.setMinimumWidth(
            inside.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width()
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        session.configChanged.connect(self.show_config)
        session.vocabularyChanged.connect(self.show_config)
        session.problemRaised.connect(self.show_config)
        self.show_config()

    @Slot()
    def show_config(self) -> None:
        """Show what the session has, whatever was tried."""
        for group in self._groups:
            group.show_config()


class RunSettingsDialog(QDialog):
    """The sheet beside the window; it stays open while the run goes on."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runSettingsDialog")
        self.setWindowTitle(self.tr("Settings of the run"))
        self.setModal(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(RunSettingsPanel(session))
        self.resize(520, 640)
