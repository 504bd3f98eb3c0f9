"""One finding: what was found, why it matters, how to mend it, and what can be done at once."""

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.audit.finding import BeginAgain, Finding, Level
from gui.explain_findings import Explained, level_name
from gui.small_label import SmallLabel
from gui.theme import SPACING, theme_of

BAR = 4  # pixels: the coloured edge, which the word beside it says too


class FindingCard(QFrame):
    """Shows one finding at a time; `picked` when it is clicked, `mended` when its button is."""

    picked = Signal(object)  # the finding
    mended = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findingCard")
        self.finding: Finding | None = None
        self._level: Level = "note"
        self._what = QLabel()
        self._what.setObjectName("findingWhat")
        self._what.setWordWrap(True)
        self._what.setTextFormat(Qt.TextFormat.PlainText)
        self._more = SmallLabel("findingMore", self)
        self._pick = self._button("findingPick", self.tr("Pick rows"))
        self._pick.clicked.connect(self._tell_picked)
        self._mend = self._button("findingMend", "")
        self._mend.clicked.connect(self._tell_mended)
        self._lay_out()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._more)
        words.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACING // 2)
        for button in (self._pick, self._mend):
            buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout(self)
        row.setContentsMargins(BAR + SPACING, SPACING // 2, SPACING // 2, SPACING // 2)
        row.setSpacing(2 * SPACING)
        row.addLayout(words, 1)
        row.addLayout(buttons)

    def show_finding(self, finding: Finding, told: Explained) -> None:
        """Show `finding` in the words `told`."""
        self.finding, self._level = finding, finding.level
        said = (
            self.tr("{level} in the Padding tab: {what}")
            if finding.of_batch
            else self.tr("{level}: {what}")
        )
        what = said.format(level=level_name(finding.level), what=told.what)
        more = " ".join(sentence for sentence in (told.why, told.mend) if sentence)
        if (what, more) != (self._what.text(), self._more.text()):
            self._what.setText(what)
            self._more.setText(more)
        self._pick.setVisible(len(finding.rows) > 0)
        self._pick.setAccessibleName(self.tr("Pick the rows: {what}").format(what=told.what))
        self._mend.setVisible(told.button is not None)
        self._mend.setText(told.button or "")
        self._mend.setAccessibleName(f"{told.button}: {told.what}")
        begins = isinstance(finding.remedy, BeginAgain)
        self._mend.setToolTip(
            self.tr("Begins a new run; Undo brings this one back")
            if begins
            else self.tr("The run goes on; Undo takes it back")
        )
        self.update()

    @Slot()
    def _tell_picked(self) -> None:
        self.picked.emit(self.finding)

    @Slot()
    def _tell_mended(self) -> None:
        self.mended.emit(self.finding)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on it picks the rows."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self._tell_picked()
        super().mouseReleaseEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The edge tells the level; the colours are those of the theme of now."""
        theme = theme_of(self)
        colours = {"error": theme.not_finite, "warning": theme.warning, "note": theme.accent}
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.surface)
        painter.fillRect(QRect(0, 0, BAR, self.height()), colours[self._level])
        painter.end()
