"""Findings: a quiet list of what the audit has found, the gravest first."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.audit.finding import Finding
from gui.explain_findings import explain_finding
from gui.mending import Mending
from gui.panels.finding_card import FindingCard
from gui.session import Session
from gui.theme import SPACING

MOST_AT_ONCE = 3  # findings that the list asks room for
LINES_EACH = 3  # what a finding takes, with the room around it


class FindingsPanel(QScrollArea):
    """The cards of the findings; they are made anew only while somebody looks."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingsPanel")
        self.setAccessibleName(self.tr("Findings"))
        self._session = session
        self._mending = Mending(self)
        self._cards: list[FindingCard] = []
        self._none = QLabel(self.tr("Nothing was found that is wrong with this table."))
        self._none.setObjectName("findingsNone")
        self._none.setWordWrap(True)
        self._none.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        body = QWidget()
        body.setObjectName("findingsBody")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(SPACING // 2, SPACING // 2, SPACING // 2, SPACING // 2)
        self._column.setSpacing(SPACING // 2)
        self._column.addWidget(self._none)
        self._column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        session.findings.changed.connect(self.refresh)
        session.vocabularyChanged.connect(self.refresh)

    def sizeHint(self) -> QSize:
        """Room for three findings, and no more than there are: the rest is that of Space."""
        count = min(max(1, len(self._session.findings.findings)), MOST_AT_ONCE)
        return QSize(600, (LINES_EACH * count + 1) * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 4 * self.fontMetrics().height())

    @Slot()
    def refresh(self) -> None:
        """Show what is found now, if anybody can see it."""
        if not self.isVisible():
            return
        findings = self._session.findings.findings
        while len(self._cards) < len(findings):
            card = FindingCard()
            card.picked.connect(self._pick)
            card.mended.connect(self._mend)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for card, finding in zip(self._cards, findings, strict=False):
            card.show_finding(finding, explain_finding(finding, self._name))
        for index, card in enumerate(self._cards):
            card.setVisible(index < len(findings))
        self._none.setVisible(not findings)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was found meanwhile."""
        super().showEvent(event)
        self.refresh()

    def _name(self, id_: int) -> str:
        vocabulary = self._session.vocabulary
        if not 0 <= id_ < len(vocabulary):
            return self.tr("row {id}").format(id=id_)
        return self.tr("“{token}”").format(token=vocabulary.token(id_))

    @Slot(object)
    def _pick(self, finding: Finding) -> None:
        self._session.findings.light(finding)

    @Slot(object)
    def _mend(self, finding: Finding) -> None:
        if finding.remedy is not None:
            self._mending.mend(self._session, finding.remedy)
